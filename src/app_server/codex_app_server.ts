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
import { AppServerTransport, type ServerWay } from "./transport.ts";

/** Which models to list. */
export interface ModelsOptions extends RequestOptions {
  /**
   * Lists those that are not shown to people, too.
   *
   * @default {false}
   */
  includeHidden?: boolean;
}

/**
 * The agent, as a client over one `codex app-server` that all its threads share: a turn
 * starts in a fraction of the time of a process, can ask before it acts, streams its text,
 * and can be steered and interrupted. Needs codex 0.163 or newer.
 *
 * Close it when it is no longer needed, or the program goes on for `keepAliveMs` after its
 * last turn. What a completed turn has left running ends with the server.
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
  readonly #way: ServerWay;
  /** The calls of who watches the server's process. */
  readonly #calls: ListenerCalls;
  /** The threads that the CLI keeps. */
  readonly threads: ServerThreads;

  /**
   * Makes a client. Nothing is looked up, read or started before the first turn.
   *
   * @throws {CodexInputError} For an option that cannot be used, such as
   * `endWithHost: false`: the server always ends with the program.
   * @throws {CodexUnsupportedOptionError} For one that the server cannot do, such as
   * `profile`.
   */
  constructor(options: CodexAppServerOptions = {}, way?: ServerWay) {
    const own = ownCodexOptions(options, SERVER_OPTION_TABLES);
    checkConnect(own);
    if (own.endWithHost === false) {
      throw new CodexInputError(
        "endWithHost must not be false: codex app-server ends with the program; use Codex for a turn that outlives it",
        { path: "endWithHost" },
      );
    }
    localModelSettings(own);
    this.#calls = new ListenerCalls((text) => this.#way.server.redact(text));
    const { server, open } = way ??
      wayTo(new AppServer(own, watchProcess(own, this.#calls)));
    this.#way = {
      server,
      open: (live) => watchTransport(open(live), own, this.#calls),
    };
    this.threads = new ServerThreads(this.#way);
  }

  /**
   * Starts a new thread; the server opens it in its first turn.
   *
   * @throws {CodexInputError} For an option that cannot be used.
   * @throws {CodexUnsupportedOptionError} For `worktree`, which the server cannot do.
   */
  startThread(options: ServerThreadOptions = {}): ServerThread {
    return new ServerThread(
      this.#way.open,
      ownThreadOptions(options, SERVER_OPTION_TABLES),
      newThread(),
    );
  }

  /**
   * Resumes a thread where another run left off, also one of `codex exec`. None of its
   * options are remembered: give them again. A thread that is not there shows in the first
   * turn, as a {@linkcode CodexThreadNotFoundError}.
   *
   * @param id The thread's id, as {@linkcode Thread.id} gave it.
   * @throws {CodexInputError} For an id that is no UUID. Likewise for an option.
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
      this.#way.open,
      own,
      resumedThread(id, usageBefore),
    );
  }

  /**
   * Makes a thread that begins as a copy of another one, as far as that has come by then;
   * see {@linkcode Codex.forkThread}.
   *
   * @param id The id of the thread to copy.
   * @throws {CodexInputError} For an id that is no UUID. Likewise for an option.
   */
  forkThread(id: string, options: ServerThreadOptions = {}): ServerThread {
    checkThreadId(id, "fork");
    return new ServerThread(
      this.#way.open,
      ownThreadOptions(options, SERVER_OPTION_TABLES),
      forkedThread({ id, usage: null }),
    );
  }

  /**
   * Resumes the thread that was used last in the working directory, whoever used it; see
   * {@linkcode Codex.resumeLast}.
   *
   * @throws {CodexInputError} For an option that cannot be used.
   */
  resumeLast(options: ServerThreadOptions = {}): ServerThread {
    return new ServerThread(
      this.#way.open,
      ownThreadOptions(options, SERVER_OPTION_TABLES),
      lastThread(),
    );
  }

  /**
   * Lists the models that can be chosen.
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
        this.#way.server,
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
   * Tells who is logged in; `null` for nobody, also where the provider needs no login.
   *
   * @throws {CodexRequestError} If the server refuses, or does not answer in time.
   */
  async account(options: RequestOptions = {}): Promise<Account | null> {
    const { account } = await askServer(
      this.#way.server,
      "account/read",
      {},
      options,
    );
    return toAccount(account === null ? null : asJson(account));
  }

  /**
   * Tells how much of the account's limits is used.
   *
   * @throws {CodexRequestError} Without a login of ChatGPT, among others.
   */
  async rateLimits(options: RequestOptions = {}): Promise<RateLimits> {
    const { rateLimits } = await askServer(
      this.#way.server,
      "account/rateLimits/read",
      {},
      options,
    );
    return toRateLimits(asJson(rateLimits));
  }

  /**
   * Ends the server, its turns and all that they run; done when nothing of it is left. A
   * turn that runs ends with a {@linkcode CodexCancelledError}, and no other can be begun.
   * A server elsewhere is not ended: the turns of this client are, and its connection.
   * May be called twice.
   */
  async close(): Promise<void> {
    try {
      await this.#way.server.close();
    } finally {
      this.#calls.flush();
    }
  }

  /** Does the same as {@linkcode CodexAppServer.close}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

function wayTo(server: AppServer): ServerWay {
  return { server, open: (live) => new AppServerTransport(server, live) };
}
