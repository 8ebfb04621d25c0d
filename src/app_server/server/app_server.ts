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

/** The time that the turns of a client that is closed have, in graces: what stopping one takes at most. */
const MAX_STOP_GRACES = 4;

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
  readonly #place: ServerPlace;
  /** The models of threads whose turns have had others; a server may end between two turns. */
  readonly #models = new Map<string, OwnModel>();
  /**
   * The items that turns had begun when their connection was lost, by their threads: at a
   * server elsewhere the turns go on.
   */
  readonly lostItems: Map<string, readonly JsonObject[]> = new Map();
  /** The tools that threads were opened with. */
  readonly knownTools: KnownTools = new KnownTools();
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
  readonly #closed = new AbortController();
  /** Told when the last lease is given back. */
  #unused: () => void = () => {};

  /**
   * Makes a server; nothing is started.
   *
   * @param watcher Is told of its processes.
   */
  constructor(options: CodexAppServerOptions, watcher?: ProcessWatcher) {
    this.#options = options;
    const { connect, token } = options;
    this.#place = connect === undefined
      ? new LocalPlace(options, this.graceMs, watcher)
      : new RemotePlace({ connect, token }, this.graceMs);
  }

  /** The time that each step of ending something is given, in ms. */
  get graceMs(): number {
    return this.#options.shutdownGraceMs ?? SHUTDOWN_GRACE_MS;
  }

  /** True if somebody else runs it: it sees other files, and is not ended. */
  get isElsewhere(): boolean {
    return this.#place.isElsewhere;
  }

  /** Makes the tools of a turn ready; see {@linkcode TurnTools.prepare}. */
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

  /** Aborted when the client is closed, before a server elsewhere is left: what runs on it is to be stopped. */
  get closed(): AbortSignal {
    return this.#closed.signal;
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
      if (this.#leases > 0) return;
      this.#unused();
      this.#expectNobody();
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
    return this.#place.redact(text, isCut);
  }

  /** Ends the server, and all that runs on it; done when nothing of it is left. */
  close(): Promise<void> {
    this.#closing ??= this.#closeNow();
    return this.#closing;
  }

  async #closeNow(): Promise<void> {
    if (this.isElsewhere) await this.#stopTurns();
    await this.#stop();
    // The one before may have been ending for lack of turns.
    await this.#ending;
  }

  /** Has the turns of this client stopped, which would go on without it. */
  async #stopTurns(): Promise<void> {
    const unused = new Promise<void>((resolve) => this.#unused = resolve);
    this.#closed.abort(closedReason());
    if (this.#leases === 0) return;
    await withDeadline(unused, MAX_STOP_GRACES * this.graceMs);
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
    this.#stopping.abort(closedError());
    this.#stopping = new AbortController();
    // One that is being started is not waited for.
    await this.#session?.close();
    try {
      await (await running)?.session.close();
    } catch {
      // It was never there: who asked for it has been told.
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
    // Before anybody else learns of the end.
    starting.then(({ session }) => session.ended.then(forget), forget);
    return starting;
  }

  async #startNow(): Promise<RunningServer> {
    const { signal } = this.#stopping;
    // Two servers on one thread are one too many.
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
      // Of a server elsewhere it may be asked of another client, too.
      asked: this.isElsewhere ? () => {} : answerNobody,
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

  /** Opens a way to the server, unless it is stopped first; to one elsewhere within the time for a request. */
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

  /** Introduces this client to the server; to one elsewhere within the time that is left. */
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
    // A thread's own warnings are its turn's.
    if (method === "warning" && typeof params.threadId === "string") return;
    const notice = toNotice(method, params, (text) => this.redact(text));
    if (notice !== undefined) queueMicrotask(() => tell(onNotice, notice));
  }
}

/** Makes the reason that turns are aborted with when their client is closed. */
export function closedReason(): DOMException {
  return new DOMException("The client was closed", "AbortError");
}

/** Makes the error for a turn that is begun, or waits for the server, when the client is closed. */
function closedError(): CodexInputError {
  return new CodexInputError(
    "Cannot run a turn: the client is closed; create another CodexAppServer",
    { path: "close" },
  );
}

/** Makes the error for a server elsewhere that does not answer at first. */
function noAnswer(ms: number): CodexConnectionError {
  return new CodexConnectionError(
    `Cannot connect to codex app-server: it did not answer within ${ms} ms (requestTimeoutMs)`,
    { code: "connection_failed", reason: "unreachable" },
  );
}

/** Answers what the server asks of no turn: no. */
function answerNobody(
  session: ServerSession,
  { id, method }: ServerRequest,
): void {
  const no = makeDecline(method);
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
