import { CodexInputError } from "../errors/codex_error.ts";
import { checkThreadId } from "../input/thread_id.ts";
import {
  ownCodexOptions,
  ownResumeOptions,
  ownThreadOptions,
} from "../options/check.ts";
import type { ResumeOptions } from "../options/options.ts";
import {
  forkedThread,
  lastThread,
  newThread,
  resumedThread,
} from "../turn/thread_state.ts";
import { ListenerCalls } from "../turn/listener_calls.ts";
import { watchProcess, watchTransport } from "../turn/watched_transport.ts";
import {
  type CodexAppServerOptions,
  SERVER_OPTION_TABLES,
  type ServerThreadOptions,
} from "./options.ts";
import {
  type Account,
  type RateLimits,
  toAccount,
  toRateLimits,
} from "./account/account.ts";
import { checkConnect } from "./check_connect.ts";
import { type Model, toModel } from "./account/models.ts";
import type { PageOf, WireModel } from "./connection/wire.ts";
import { AppServer } from "./server/app_server.ts";
import { askServer, type RequestOptions } from "./server/ask_server.ts";
import { asJson } from "./connection/results.ts";
import { ServerThreads } from "./threads/server_threads.ts";
import { localModelSettings } from "./server/local_model.ts";
import { ServerThread } from "./server_thread.ts";
import { AppServerTransport, type ServerAccess } from "./transport.ts";

/** Options of {@linkcode CodexAppServer.models}. */
export interface ModelsOptions extends RequestOptions {
  /**
   * Also lists models that are hidden from users.
   *
   * @default {false}
   */
  includeHidden?: boolean | undefined;
}

/**
 * A client over one `codex app-server` that all its threads share. A turn starts in a
 * fraction of the time that a process takes, can ask before it acts, streams its text, and
 * can be steered and interrupted. Requires codex 0.163 or newer.
 *
 * Close the client when you no longer need it; otherwise the program keeps running for
 * `keepAliveMs` after the last turn. Processes that a completed turn left running end with
 * the server.
 *
 * @example Ask before each command
 * ```ts
 * import { CodexAppServer } from "@acodex/sdk/app-server";
 *
 * const codex = new CodexAppServer();
 * try {
 *   const thread = codex.startThread({
 *     sandboxMode: "read-only",
 *     onApproval: (request) => request.type === "command" ? "accept" : "decline",
 *   });
 *   console.log((await thread.run("Run the tests")).finalResponse);
 * } finally {
 *   await codex.close();
 * }
 * ```
 */
export class CodexAppServer implements AsyncDisposable {
  readonly #access: ServerAccess;
  /** The calls to the listeners of the client. */
  readonly #calls: ListenerCalls;
  /** The threads that the CLI keeps. */
  readonly threads: ServerThreads;

  /**
   * Creates a client. Nothing is looked up, read or started before the first turn.
   *
   * @param access Replaces the server, as `fakeCodexAppServer` of `@acodex/sdk/testing` does.
   * @throws {CodexInputError} If an option cannot be used, such as `endWithHost: false`: the
   * server always ends with the program.
   * @throws {CodexUnsupportedOptionError} If the server does not support an option, such as
   * `profile`.
   */
  constructor(options: CodexAppServerOptions = {}, access?: ServerAccess) {
    const own = ownCodexOptions(options, SERVER_OPTION_TABLES);
    checkConnect(own);
    if (own.endWithHost === false) {
      throw new CodexInputError(
        "endWithHost must not be false: codex app-server ends with the program; use Codex for a turn that outlives it",
        { path: "endWithHost" },
      );
    }
    localModelSettings(own);
    this.#calls = new ListenerCalls((text) => this.#access.server.redact(text));
    const { server, open } = access ??
      makeServerAccess(new AppServer(own, watchProcess(own, this.#calls)));
    this.#access = {
      server,
      open: (live) => watchTransport(open(live), own, this.#calls),
    };
    this.threads = new ServerThreads(this.#access);
  }

  /**
   * Starts a new thread; the server opens it in its first turn.
   *
   * @throws {CodexInputError} If an option cannot be used.
   * @throws {CodexUnsupportedOptionError} If `worktree` is given, which the server does not
   * support.
   */
  startThread(options: ServerThreadOptions = {}): ServerThread {
    return new ServerThread(
      this.#access.open,
      ownThreadOptions(options, SERVER_OPTION_TABLES),
      newThread(),
    );
  }

  /**
   * Resumes a thread of another run, including one of `codex exec`. Its options are not
   * remembered: pass them again. If there is no such thread, its first turn throws a
   * {@linkcode CodexThreadNotFoundError}.
   *
   * @param id The thread's id, from {@linkcode Thread.id}.
   * @throws {CodexInputError} If the id is not a UUID, or an option cannot be used.
   */
  resumeThread(
    id: string,
    options: ServerThreadOptions & ResumeOptions = {},
  ): ServerThread {
    checkThreadId(id);
    const { usageBefore, ...own } = ownResumeOptions(
      options,
      SERVER_OPTION_TABLES,
    );
    return new ServerThread(
      this.#access.open,
      own,
      resumedThread(id, usageBefore),
    );
  }

  /**
   * Creates a thread that starts as a copy of another one, of what that one holds by the
   * first turn; see {@linkcode Codex.forkThread}.
   *
   * @param id The id of the thread to copy.
   * @throws {CodexInputError} If the id is not a UUID, or an option cannot be used.
   */
  forkThread(id: string, options: ServerThreadOptions = {}): ServerThread {
    checkThreadId(id, "fork");
    return new ServerThread(
      this.#access.open,
      ownThreadOptions(options, SERVER_OPTION_TABLES),
      forkedThread({ id, usage: null }),
    );
  }

  /**
   * Resumes the thread that was last used in the working directory, by any program; see
   * {@linkcode Codex.resumeLast}.
   *
   * @throws {CodexInputError} If an option cannot be used.
   */
  resumeLast(options: ServerThreadOptions = {}): ServerThread {
    return new ServerThread(
      this.#access.open,
      ownThreadOptions(options, SERVER_OPTION_TABLES),
      lastThread(),
    );
  }

  /**
   * Lists the available models.
   *
   * @throws {CodexRequestError} If the server refuses, or does not answer in time.
   */
  async models(
    { includeHidden = false, ...options }: ModelsOptions = {},
  ): Promise<Model[]> {
    const models: Model[] = [];
    let cursor: string | null = null;
    do {
      const page: PageOf<WireModel> = await askServer(
        this.#access.server,
        "model/list",
        { cursor, limit: 100, includeHidden },
        options,
      );
      models.push(...page.data.map((each) => toModel(asJson(each))));
      cursor = page.nextCursor ?? null;
    } while (cursor !== null);
    return models;
  }

  /**
   * Returns the account that is logged in; `null` if nobody is, even if the provider needs
   * no login.
   *
   * @throws {CodexRequestError} If the server refuses, or does not answer in time.
   */
  async account(options: RequestOptions = {}): Promise<Account | null> {
    const { account } = await askServer(
      this.#access.server,
      "account/read",
      {},
      options,
    );
    return toAccount(account === null ? null : asJson(account));
  }

  /**
   * Returns the account's rate limits and their current use.
   *
   * @throws {CodexRequestError} If nobody is logged in with ChatGPT, or if the server refuses
   * or does not answer in time.
   */
  async rateLimits(options: RequestOptions = {}): Promise<RateLimits> {
    const { rateLimits } = await askServer(
      this.#access.server,
      "account/rateLimits/read",
      {},
      options,
    );
    return toRateLimits(asJson(rateLimits));
  }

  /**
   * Ends the server, its turns and everything that they run, and resolves once nothing of it
   * is left. Running turns end with a {@linkcode CodexCancelledError}, and no further turn
   * can be started. A server elsewhere keeps running: only this client's turns and its
   * connection end. May be called more than once.
   */
  async close(): Promise<void> {
    try {
      await this.#access.server.close();
    } finally {
      this.#calls.flush();
    }
  }

  /** Calls {@linkcode CodexAppServer.close}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

function makeServerAccess(server: AppServer): ServerAccess {
  return { server, open: (live) => new AppServerTransport(server, live) };
}
