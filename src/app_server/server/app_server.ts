import { askApiKey } from "../../cli/api_key.ts";
import { clientSettings, configArgs } from "../../cli/client_settings.ts";
import { API_KEY, buildEnv } from "../../cli/env.ts";
import { KnownSecrets } from "../../cli/known_secrets.ts";
import { explainStart, findTooLong } from "../../cli/length_limits.ts";
import { optionFlags } from "../../cli/option_args.ts";
import { CODEX_OPTIONS } from "../../options/table.ts";
import { localModelSettings } from "./local_model.ts";
import { locateCodex } from "../../cli/locate/locate.ts";
import { hasFolder } from "../../cli/locate/paths.ts";
import { requestWarnings } from "../../cli/request_warnings.ts";
import { SHUTDOWN_GRACE_MS } from "../../cli/terminate/ladder.ts";
import { absolutePath } from "../../cli/working_directory.ts";
import { CodexInputError } from "../../errors/codex_error.ts";
import type { ThreadOptions } from "../../options/options.ts";
import type { JsonObject } from "../../protocol/json.ts";
import { currentRuntime } from "../../runtime/current.ts";
import { entryModule } from "../../runtime/entry_module.ts";
import type { Runtime, SpawnCommand } from "../../runtime/types.ts";
import { declineOf } from "../answers/approvals.ts";
import type { OwnModel } from "../connection/wire.ts";
import { handshake } from "../connection/handshake.ts";
import { LoadedThreads } from "./loaded_threads.ts";
import { toNotice } from "./notices.ts";
import type { CodexAppServerOptions, ServerNotice } from "../options.ts";
import { type ServerRequest, ServerSession } from "./session.ts";

const KEEP_ALIVE_MS = 5000;
const THREAD_KEEP_ALIVE_MS = 60_000;
const REQUEST_TIMEOUT_MS = 30_000;

/** A server that has been started, with the threads that it has loaded. */
export interface RunningServer {
  /** Its connection. */
  readonly session: ServerSession;
  /** The threads that it has loaded. */
  readonly threads: LoadedThreads;
}

/** A server for as long as something is done with it. */
export interface ServerLease extends RunningServer {
  /** Gives it back: without any lease it ends after `keepAliveMs`. */
  release(): void;
}

/**
 * The one server of a client: starts when it is first needed, and again after it has
 * ended; ends with `close()`, or when nobody has needed it for a while.
 */
export class AppServer {
  readonly #options: CodexAppServerOptions;
  readonly #programFile = entryModule();
  readonly #secrets: KnownSecrets;
  /** The models of threads whose turns have had others; a server may end between two turns. */
  readonly #models = new Map<string, OwnModel>();
  #running: Promise<RunningServer> | undefined;
  /** The one that is being started, or runs. */
  #session: ServerSession | undefined;
  #leases = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Resolves when the server before has ended. */
  #ending: Promise<void> = Promise.resolve();
  #closing: Promise<void> | undefined;
  /** Aborted when the server that is there is ended: it may still wait for its key. */
  #stopping = new AbortController();

  /** Makes a server; nothing is started. */
  constructor(options: CodexAppServerOptions) {
    this.#options = options;
    this.#secrets = new KnownSecrets(options);
  }

  /** The time that each step of ending something is given, in ms. */
  get graceMs(): number {
    return this.#options.shutdownGraceMs ?? SHUTDOWN_GRACE_MS;
  }

  /** True if events of unknown kinds are errors. */
  get isStrict(): boolean {
    return this.#options.strictEvents ?? false;
  }

  /**
   * Gives the server, which is started if there is none.
   *
   * @throws {CodexInputError} If the client is closed.
   * @throws {CodexError} If it cannot be started.
   */
  async acquire(): Promise<ServerLease> {
    this.#leases += 1;
    clearTimeout(this.#timer);
    let isReleased = false;
    const release = (): void => {
      if (isReleased) return;
      isReleased = true;
      this.#leases -= 1;
      if (this.#leases === 0) this.#expectNobody();
    };
    try {
      for (;;) {
        this.#checkOpen();
        this.#running ??= this.#start();
        const running = await this.#running;
        if (!running.session.isEnding) return { ...running, release };
        // It has crashed just now: another follows.
        await running.session.ended;
      }
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Lists what a turn of a thread asks for that has no effect, or one that may be unwanted. */
  requestWarnings(thread: ThreadOptions): string[] {
    return requestWarnings(this.#options, thread);
  }

  /** Tells whether a turn of a thread runs on the server. */
  async runsTurnOf(threadId: string): Promise<boolean> {
    const running = await this.#running?.catch(() => undefined);
    return running?.session.hasRoute(threadId) ?? false;
  }

  /** Has a running server let a thread go, which a refusal may have unloaded half-way. */
  async unload(threadId: string): Promise<void> {
    const running = await this.#running?.catch(() => undefined);
    await running?.threads.unload(threadId).catch(() => {});
  }

  /** True once the client has been closed. */
  get isClosed(): boolean {
    return this.#closing !== undefined;
  }

  /** Takes secrets out of a text. */
  redact(text: string, isCut?: boolean): string {
    return this.#secrets.redactor.clean(text, isCut);
  }

  /** Ends the server, and all that runs on it; done when nothing of it is left. */
  close(): Promise<void> {
    this.#closing ??= this.#closeNow();
    return this.#closing;
  }

  async #closeNow(): Promise<void> {
    await this.#stop();
    // The one before may have been ending for lack of turns.
    await this.#ending;
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw closedError();
  }

  /** Ends the server when nobody needs it for a while. */
  #expectNobody(): void {
    const { keepAliveMs = KEEP_ALIVE_MS } = this.#options;
    if (this.#running === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#leases === 0) this.#ending = this.#stop();
    }, keepAliveMs);
  }

  async #stop(): Promise<void> {
    clearTimeout(this.#timer);
    const running = this.#running;
    // Who comes from now on gets another.
    this.#running = undefined;
    this.#stopping.abort();
    this.#stopping = new AbortController();
    // One that is being started is not waited for.
    await this.#session?.close();
    try {
      await (await running)?.session.close();
    } catch {
      // It was never there: who asked for it has been told.
    }
  }

  #start(): Promise<RunningServer> {
    const starting = this.#startNow();
    const forget = (): void => {
      if (this.#running === starting) this.#running = undefined;
    };
    // Before anybody else learns of the end.
    starting.then(({ session }) => session.ended.then(forget), forget);
    return starting;
  }

  async #startNow(): Promise<RunningServer> {
    const { signal } = this.#stopping;
    // Two servers on one thread are one too many.
    await this.#ending;
    const options = this.#options;
    this.#secrets.note();
    const runtime = currentRuntime();
    const started: { threads?: LoadedThreads } = {};
    const given = await askApiKey(options.apiKey, signal);
    this.#secrets.add(given);
    if (signal.aborted) throw closedError();
    const apiKey = this.#apiKey(runtime, given);
    const command = await this.#command(runtime, given, apiKey);
    const session = await ServerSession.start(runtime, command, {
      requestTimeoutMs: options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
      graceMs: this.graceMs,
      maxLineBytes: options.maxLineBytes,
      redact: (text, isCut) => this.redact(text, isCut),
      notified: (method, params) => {
        started.threads?.notified(method, params);
        this.#notified(method, params);
      },
      asked: answerNobody,
    }).catch((error) => {
      throw explainStart(error, { options, args: command.args });
    });
    this.#session = session;
    const threads = new LoadedThreads(
      session,
      options.threadKeepAliveMs ?? THREAD_KEEP_ALIVE_MS,
      this.#models,
    );
    started.threads = threads;
    try {
      this.#checkOpen();
      await handshake(session.connection, { apiKey });
    } catch (error) {
      await session.close();
      throw error;
    }
    return { session, threads };
  }

  #notified(method: string, params: JsonObject): void {
    const { onNotice } = this.#options;
    if (onNotice === undefined) return;
    // A thread's own warnings are its turn's.
    if (method === "warning" && typeof params.threadId === "string") return;
    const notice = toNotice(method, params, (text) => this.redact(text));
    if (notice !== undefined) queueMicrotask(() => tell(onNotice, notice));
  }

  /**
   * Builds the command.
   *
   * @param given The key that the options give.
   * @param apiKey The key that the CLI would take under `codex exec`.
   */
  async #command(
    runtime: Runtime,
    given: string | undefined,
    apiKey: string | undefined,
  ): Promise<SpawnCommand> {
    const { features, strictConfig } = this.#options;
    const settings = [
      ...clientSettings(this.#options),
      ...localModelSettings(this.#options),
    ];
    if (apiKey !== undefined) {
      // Otherwise the login would write auth.json, in clear text.
      settings.push('cli_auth_credentials_store="ephemeral"');
    }
    const args = [
      "app-server",
      ...optionFlags(CODEX_OPTIONS, { features, strictConfig }),
      ...configArgs(settings),
    ];
    const tooLong = findTooLong({ options: this.#options, args }, runtime);
    if (tooLong !== undefined) throw tooLong;
    const { program, pathFolders } = await locateCodex(
      runtime,
      this.#options.codexPathOverride,
      this.#programFile,
    );
    return {
      program: hasFolder(program) ? absolutePath(runtime, program) : program,
      args,
      env: buildEnv({
        options: { ...this.#options, apiKey: given },
        hostEnv: (name) => runtime.env(name),
        fromHost: (path) => absolutePath(runtime, path),
        pathFolders,
        windows: runtime.platform === "win32",
      }),
      cwd: startFolder(runtime),
    };
  }

  /** Gives the key that the CLI would take under `codex exec`. */
  #apiKey(runtime: Runtime, given: string | undefined): string | undefined {
    const { env, envMode } = this.#options;
    if (given) return given;
    if (env !== undefined && Object.hasOwn(env, API_KEY)) {
      return env[API_KEY] || undefined;
    }
    return env === undefined || envMode === "merge"
      ? runtime.env(API_KEY) || undefined
      : undefined;
  }
}

/** Makes the error for a turn that is begun, or waits for the server, when the client is closed. */
function closedError(): CodexInputError {
  return new CodexInputError(
    "Cannot run a turn: the client is closed; make another CodexAppServer",
    { path: "close" },
  );
}

/** Gives a folder to start in where the program's own was removed: each turn has its own anyway. */
function startFolder(runtime: Runtime): string | undefined {
  try {
    runtime.cwd();
  } catch {
    return runtime.platform === "win32" ? undefined : "/";
  }
  return undefined;
}

/** Answers what the server asks of no turn: no. */
function answerNobody(
  session: ServerSession,
  { id, method }: ServerRequest,
): void {
  const no = declineOf(method);
  if (no === undefined) {
    session.connection.refuse(id, `This client does not answer ${method}`);
  } else session.connection.reply(id, no);
}

async function tell(
  onNotice: (notice: ServerNotice) => unknown,
  notice: ServerNotice,
): Promise<void> {
  try {
    await onNotice(notice);
  } catch {
    // A notice is no part of any turn.
  }
}
