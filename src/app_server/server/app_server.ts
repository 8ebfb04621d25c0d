import { requestWarnings } from "../../cli/request_warnings.ts";
import { SHUTDOWN_GRACE_MS } from "../../cli/terminate/ladder.ts";
import { CodexInputError } from "../../errors/codex_error.ts";
import { CodexConnectionError } from "../../errors/connection_errors.ts";
import type { ThreadOptions } from "../../options/options.ts";
import type { JsonObject } from "../../protocol/json.ts";
import type { ProcessWatcher } from "../../transport/process_watcher.ts";
import { withDeadline } from "../../util/deadline.ts";
import { onAbort } from "../../util/on_abort.ts";
import { makeDecline } from "../answers/approvals.ts";
import type { OwnModel } from "../connection/wire.ts";
import { handshake } from "../connection/handshake.ts";
import { isUnanswered } from "../connection/request_failures.ts";
import { watchForSilence } from "./heartbeat.ts";
import { LoadedThreads } from "./loaded_threads.ts";
import { LocalPlace } from "./local_place.ts";
import { KnownTools } from "../tools/known_tools.ts";
import { TurnTools } from "../tools/turn_tools.ts";
import type { TurnRequest } from "../../transport/transport.ts";
import { toNotice } from "./notices.ts";
import type { CodexAppServerOptions, ServerNotice } from "../options.ts";
import { RemotePlace } from "./remote_place.ts";
import type { OpenedServer, ServerPlace } from "./server_place.ts";
import { type ServerRequest, ServerSession } from "./session.ts";

const KEEP_ALIVE_MS = 5000;
const THREAD_KEEP_ALIVE_MS = 60_000;
const REQUEST_TIMEOUT_MS = 30_000;

/** The time that `close()` gives running turns to stop, in graces: the most that stopping one takes. */
const MAX_STOP_GRACES = 4;

/** A running server, with the threads that it has loaded. */
export interface RunningServer {
  /** The server's session. */
  readonly session: ServerSession;
  /** The threads that it has loaded. */
  readonly threads: LoadedThreads;
}

/** A server that stays available until the lease is released. */
export interface ServerLease extends RunningServer {
  /** Releases the server, which ends `keepAliveMs` after the last lease. */
  release(): void;
}

/**
 * The only server of a client: starts when it is first needed, and again after it has
 * ended. Ends with `close()`, or when it has not been needed for a while.
 */
export class AppServer {
  readonly #options: CodexAppServerOptions;
  readonly #place: ServerPlace;
  /** The own models of threads whose turns have used others; kept because a server may end between turns. */
  readonly #models = new Map<string, OwnModel>();
  /**
   * The items that turns had begun when their connection was lost, by thread: on a server
   * elsewhere the turns continue.
   */
  readonly lostItems: Map<string, readonly JsonObject[]> = new Map();
  /** The tools that threads were opened with. */
  readonly knownTools: KnownTools = new KnownTools();
  #running: Promise<RunningServer> | undefined;
  /** The session that is being started, or runs. */
  #session: ServerSession | undefined;
  #leases = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Resolves when the previous server has ended. */
  #ending: Promise<void> = Promise.resolve();
  #closing: Promise<void> | undefined;
  /** Aborted when the current server is ended, which may still be waiting for its key. */
  #stopping = new AbortController();
  readonly #closed = new AbortController();
  /** Called when the last lease is released. */
  #unused: () => void = () => {};

  /**
   * Creates a server without starting anything.
   *
   * @param watcher Observes its processes.
   */
  constructor(options: CodexAppServerOptions, watcher?: ProcessWatcher) {
    this.#options = options;
    const { connect, token } = options;
    this.#place = connect === undefined
      ? new LocalPlace(options, this.graceMs, watcher)
      : new RemotePlace({ connect, token }, this.graceMs);
  }

  /** Milliseconds that each step of ending something may take. */
  get graceMs(): number {
    return this.#options.shutdownGraceMs ?? SHUTDOWN_GRACE_MS;
  }

  /** True if somebody else runs the server: it sees other files, and is never ended. */
  get isElsewhere(): boolean {
    return this.#place.isElsewhere;
  }

  /** Prepares the tools of a turn; see {@linkcode TurnTools.prepare}. */
  async prepareTools(
    request: Omit<TurnRequest, "signal">,
  ): Promise<TurnTools> {
    return await TurnTools.prepare({
      request,
      options: this.#options,
      isElsewhere: this.isElsewhere,
      known: this.knownTools,
      secrets: this.#place.secrets,
    });
  }

  /** Aborted when the client is closed, before it disconnects from a server elsewhere, to stop its turns there. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  /** True if events of unknown kinds are errors. */
  get isStrict(): boolean {
    return this.#options.strictEvents ?? false;
  }

  /**
   * Returns the server, starting it if it is not running.
   *
   * @throws {CodexInputError} If the client is closed.
   * @throws {CodexError} If the server cannot be started.
   */
  async acquire(): Promise<ServerLease> {
    this.#leases += 1;
    clearTimeout(this.#timer);
    let isReleased = false;
    const release = (): void => {
      if (isReleased) return;
      isReleased = true;
      this.#leases -= 1;
      if (this.#leases > 0) return;
      this.#unused();
      this.#scheduleEnd();
    };
    try {
      for (;;) {
        this.#checkOpen();
        this.#running ??= this.#start();
        const running = await this.#running;
        if (!running.session.isEnding) return { ...running, release };
        // It has just ended, so another one is started.
        await running.session.ended;
      }
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Lists the options of a turn that have no effect, or an unwanted one. */
  requestWarnings(thread: ThreadOptions): string[] {
    return requestWarnings(this.#options, thread);
  }

  /** Tells whether a turn of a thread runs on the server. */
  async runsTurnOf(threadId: string): Promise<boolean> {
    const running = await this.#running?.catch(() => undefined);
    return running?.session.hasRoute(threadId) ?? false;
  }

  /** Has a running server unload a thread, which a refusal may have left half unloaded. */
  async unload(threadId: string): Promise<void> {
    const running = await this.#running?.catch(() => undefined);
    await running?.threads.unload(threadId).catch(() => {});
  }

  /** True once the client has been closed. */
  get isClosed(): boolean {
    return this.#closing !== undefined;
  }

  /** Removes secrets from a text. */
  redact(text: string, isCut?: boolean): string {
    return this.#place.redact(text, isCut);
  }

  /** Ends the server and everything that runs on it; resolves once nothing of it is left. */
  close(): Promise<void> {
    this.#closing ??= this.#closeNow();
    return this.#closing;
  }

  async #closeNow(): Promise<void> {
    if (this.isElsewhere) await this.#stopTurns();
    await this.#stop();
    // The previous server may still be ending because it had no turns.
    await this.#ending;
  }

  /** Stops the turns of this client, which would otherwise continue without it. */
  async #stopTurns(): Promise<void> {
    const unused = new Promise<void>((resolve) => this.#unused = resolve);
    this.#closed.abort(closedReason());
    if (this.#leases === 0) return;
    await withDeadline(unused, MAX_STOP_GRACES * this.graceMs);
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw closedError();
  }

  /** Schedules the end of the server, unless it is needed again before. */
  #scheduleEnd(): void {
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
    // Later callers get another server.
    this.#running = undefined;
    this.#stopping.abort(closedError());
    this.#stopping = new AbortController();
    // Ends a server that is still being started, without waiting for its start.
    await this.#session?.close();
    try {
      await (await running)?.session.close();
    } catch {
      // It never started; its caller got the error.
    }
  }

  get #requestTimeoutMs(): number {
    return this.#options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS;
  }

  #start(): Promise<RunningServer> {
    const starting = this.#startNow();
    const forget = (): void => {
      if (this.#running === starting) this.#running = undefined;
    };
    // Registered first, so that this runs before other reactions to the end.
    starting.then(({ session }) => session.ended.then(forget), forget);
    return starting;
  }

  async #startNow(): Promise<RunningServer> {
    const { signal } = this.#stopping;
    // Two servers must never use the same thread.
    await this.#ending;
    const options = this.#options;
    const startedAt = Date.now();
    const started: { threads?: LoadedThreads } = {};
    const { link, apiKey } = await this.#open(signal);
    const session = new ServerSession(link, {
      requestTimeoutMs: this.#requestTimeoutMs,
      maxLineBytes: options.maxLineBytes,
      redact: (text, isCut) => this.redact(text, isCut),
      notified: (method, params) => {
        started.threads?.notified(method, params);
        this.#notified(method, params);
      },
      // A server elsewhere may have asked another client as well.
      asked: this.isElsewhere ? () => {} : declineRequest,
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
      const leftMs = startedAt + this.#requestTimeoutMs - Date.now();
      await this.#handshake(session, apiKey, leftMs);
      if (this.isElsewhere) watchForSilence(session, this.#requestTimeoutMs);
    } catch (error) {
      await session.close();
      throw error;
    }
    return { session, threads };
  }

  /** Opens a link to the server, unless stopped first; to one elsewhere within the time limit of a request. */
  async #open(stopping: AbortSignal): Promise<OpenedServer> {
    const late = new AbortController();
    const leave = [this.closed, stopping].map((signal) =>
      onAbort(signal, () => late.abort(signal.reason))
    );
    const timer = this.isElsewhere
      ? setTimeout(
        () => late.abort(noAnswer(this.#requestTimeoutMs)),
        this.#requestTimeoutMs,
      )
      : undefined;
    try {
      return await this.#place.open(late.signal);
    } finally {
      clearTimeout(timer);
      for (const each of leave) each();
    }
  }

  /** Introduces this client to the server; to one elsewhere within the remaining time. */
  async #handshake(
    session: ServerSession,
    apiKey: string | undefined,
    leftMs: number,
  ): Promise<void> {
    const shaking = handshake(session.connection, { apiKey });
    if (!this.isElsewhere) return await shaking;
    try {
      if (await withDeadline(shaking, leftMs)) return;
    } catch (error) {
      if (!isUnanswered(error)) throw error;
    }
    throw noAnswer(this.#requestTimeoutMs);
  }

  #notified(method: string, params: JsonObject): void {
    const { onNotice } = this.#options;
    if (onNotice === undefined) return;
    // Warnings about a thread belong to its turn.
    if (method === "warning" && typeof params.threadId === "string") return;
    const notice = toNotice(method, params, (text) => this.redact(text));
    if (notice !== undefined) {
      queueMicrotask(() => reportNotice(onNotice, notice));
    }
  }
}

/** Creates the reason with which turns are aborted when their client is closed. */
export function closedReason(): DOMException {
  return new DOMException("The client was closed", "AbortError");
}

/** Creates the error for a turn that starts, or waits for the server, when the client is closed. */
function closedError(): CodexInputError {
  return new CodexInputError(
    "Cannot run a turn: the client is closed; create another CodexAppServer",
    { path: "close" },
  );
}

/** Creates the error for a server elsewhere that does not answer when a client connects. */
function noAnswer(ms: number): CodexConnectionError {
  return new CodexConnectionError(
    `Cannot connect to codex app-server: it did not answer within ${ms} ms (requestTimeoutMs)`,
    { code: "connection_failed", reason: "unreachable" },
  );
}

/** Declines a request that does not belong to a turn. */
function declineRequest(
  session: ServerSession,
  { id, method }: ServerRequest,
): void {
  const no = makeDecline(method);
  if (no === undefined) {
    session.connection.rejectRequest(
      id,
      `This client does not answer ${method}`,
    );
  } else session.connection.reply(id, no);
}

async function reportNotice(
  onNotice: (notice: ServerNotice) => unknown,
  notice: ServerNotice,
): Promise<void> {
  try {
    await onNotice(notice);
  } catch {
    // A notice does not belong to a turn, so there is nowhere to report this.
  }
}
