import { CodexInputError } from "../../errors/codex_error.ts";
import { MARKER_NAME } from "../../cli/terminate/marker.ts";
import { CodexRequestError } from "../../errors/request_errors.ts";
import type { JsonObject } from "../../protocol/json.ts";
import { withDeadline } from "../../util/deadline.ts";
import type { ServerSession } from "./session.ts";
import type {
  DynamicTools,
  OpenedThread,
  OwnModel,
  ThreadSettings,
} from "../connection/wire.ts";

/** The time that the server may take to let a thread go, in ms: it is told 1 s. */
const MAX_UNLOAD_MS = 5000;

/** The notifications after which a thread is no longer loaded. */
const ENDS: ReadonlySet<string> = new Set([
  "thread/closed",
  "thread/archived",
  "thread/deleted",
]);

/** A thread to open or to resume. */
export interface ThreadToOpen {
  /** Its id; `null` for a new one. */
  readonly threadId: string | null;
  /** The thread that a new one is a copy of; `undefined` for none. */
  readonly copyOf: string | undefined;
  /** The last turn that the copy has; left out, all. */
  readonly lastTurnId?: string | undefined;
  /** The settings that it is opened with. */
  readonly settings: ThreadSettings;
  /** The purpose of a new one. */
  readonly threadSource: string | undefined;
  /** True for one that is not written down. */
  readonly ephemeral: boolean;
  /** The tools that a new one keeps. */
  readonly dynamicTools?: DynamicTools | undefined;
  /**
   * Told the id before any message about the thread that follows, and whether a turn of
   * the thread runs that this client has not begun, or has lost.
   */
  readonly opened: (threadId: string, isActive: boolean) => void;
}

/** A thread that the server has loaded. */
interface LoadedThread {
  /** What it was opened with: of a loaded thread the server changes none of this. */
  readonly config: string;
  /** True for one of which nothing is written down. */
  readonly ephemeral: boolean;
  /** The marker in the environment of its commands; `undefined` where they run elsewhere. */
  readonly marker: string | undefined;
  /** The model and the effort that it was opened with. */
  readonly own: OwnModel;
  /** The turns that use it now. */
  users: number;
  /** The terminals that its completed turns have left running, on purpose. */
  readonly kept: Set<string>;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** A thread that the server is letting go. */
interface Unloading {
  /** Settles when it has, or has not in bounded time. */
  readonly done: Promise<void>;
  /** Notes that it has. */
  readonly closed: () => void;
}

/**
 * The threads that a server has loaded: each is opened or resumed once, and unloaded when
 * it has had no turn for a while, since each holds processes of its own (facts A17), and
 * nobody else can use it meanwhile.
 */
export class LoadedThreads {
  readonly #session: ServerSession;
  readonly #keepAliveMs: number;
  readonly #models: Map<string, OwnModel>;
  readonly #loaded = new Map<string, LoadedThread>();
  #opened = 0;
  /** Those that are being resumed; each settles when that is done, or has failed. */
  readonly #resuming = new Map<string, Promise<unknown>>();
  /** Those that are being unloaded. */
  readonly #unloading = new Map<string, Unloading>();

  /**
   * Makes it for a server that has just been started.
   *
   * @param models The models of threads whose turns have had others; outlives the server.
   */
  constructor(
    session: ServerSession,
    keepAliveMs: number,
    models: Map<string, OwnModel> = new Map(),
  ) {
    this.#session = session;
    this.#models = models;
    this.#keepAliveMs = keepAliveMs;
    session.ended.then(() => this.#forgetAll());
  }

  /**
   * Opens a thread, or resumes it unless it is loaded; it stays until it is released.
   *
   * @throws {CodexInputError} For an ephemeral thread that it has not loaded, or not so.
   * @throws {CodexError} If the server does not do it.
   */
  async open(thread: ThreadToOpen): Promise<string> {
    const { threadId } = thread;
    if (threadId === null) return await this.#open(thread);
    // A turn that was stopped meanwhile may still be at it: both use what it opens.
    while (this.#resuming.has(threadId)) await this.#resuming.get(threadId);
    const opening = this.#open(thread);
    const settled = opening.catch(() => {})
      .then(() => this.#resuming.delete(threadId));
    this.#resuming.set(threadId, settled);
    return await opening;
  }

  async #open(
    {
      threadId,
      copyOf,
      lastTurnId,
      settings,
      threadSource,
      ephemeral,
      dynamicTools,
      opened,
    }: ThreadToOpen,
  ): Promise<string> {
    const config = JSON.stringify(settings.config);
    const { local } = this.#session;
    const marker = local && `${local.marker}.${++this.#opened}`;
    if (threadId !== null) {
      const loaded = this.#loaded.get(threadId);
      if (loaded?.config === config && (loaded.ephemeral || !ephemeral)) {
        opened(threadId, false);
        this.#use(loaded);
        return threadId;
      }
      if (ephemeral) throw ephemeralError(threadId, loaded !== undefined);
      // Of a loaded thread the server ignores new settings without a word (facts A8), and
      // one that is being let go may still be loaded.
      if (loaded !== undefined) await this.#reopen(threadId);
      else await this.#unloading.get(threadId)?.done.catch(() => {});
    }
    const { connection } = this.#session;
    const marked: ThreadSettings = marker === undefined ? settings : {
      ...settings,
      config: {
        ...settings.config,
        // What its commands start is known by it, wherever it goes.
        [`shell_environment_policy.set.${MARKER_NAME}`]: marker,
      },
    };
    // Resumed without a model, it would go on with the one of its last turn (facts A31).
    const known = threadId === null ? undefined : this.#models.get(threadId);
    const received = ({ thread }: OpenedThread): void =>
      opened(thread.id, thread.status?.type === "active");
    const opening = { received, mayRepeat: threadId !== null };
    const { thread, model, reasoningEffort } = threadId !== null
      ? await connection.request("thread/resume", {
        ...marked,
        model: marked.model ?? known?.model,
        threadId,
        excludeTurns: true,
      }, opening)
      : copyOf !== undefined
      ? await connection.request("thread/fork", {
        ...marked,
        threadId: copyOf,
        lastTurnId,
        excludeTurns: true,
        threadSource,
        ephemeral: ephemeral || undefined,
      }, opening)
      : await connection.request("thread/start", {
        ...marked,
        threadSource,
        ephemeral: ephemeral || undefined,
        dynamicTools,
      }, opening);
    const loaded: LoadedThread = {
      config,
      ephemeral,
      marker,
      own: { model, effort: reasoningEffort },
      users: 0,
      kept: new Set(),
      timer: undefined,
    };
    this.#loaded.set(thread.id, loaded);
    this.#use(loaded);
    return thread.id;
  }

  /**
   * Gives the model and the effort of a thread that a turn is to take back, since a turn
   * before it has had others, or that the next one is, since this one has.
   */
  takeBack(threadId: string, hasOthers: boolean): OwnModel | undefined {
    // Also of a thread that was opened again: the server may still have had it loaded.
    const known = this.#models.get(threadId);
    if (known !== undefined || !hasOthers) return known;
    const own = this.#loaded.get(threadId)?.own;
    if (own !== undefined) this.#models.set(threadId, own);
    return own;
  }

  /** Tells whether the server has a thread loaded. */
  isLoaded(threadId: string): boolean {
    return this.#loaded.has(threadId);
  }

  /** Gives the marker in the environment of a thread's commands. */
  findMarker(threadId: string): string | undefined {
    return this.#loaded.get(threadId)?.marker;
  }

  /** Notes the terminals that a completed turn has left running. */
  keep(threadId: string, processIds: readonly string[]): void {
    const kept = this.#loaded.get(threadId)?.kept;
    for (const processId of processIds) kept?.add(processId);
  }

  /** Tells whether a completed turn has left a terminal running. */
  isKept(threadId: string, processId: string): boolean {
    return this.#loaded.get(threadId)?.kept.has(processId) ?? false;
  }

  /** Ends the use of a thread by a turn: it is unloaded later. */
  release(threadId: string): void {
    const loaded = this.#loaded.get(threadId);
    if (loaded === undefined) return;
    loaded.users -= 1;
    if (loaded.users > 0 || this.#session.isEnding) return;
    loaded.timer = setTimeout(
      () => this.unload(threadId).catch(() => {}),
      this.#keepAliveMs,
    );
  }

  /**
   * Has the server let a thread go, with all that runs in it; done when it has.
   *
   * @throws {CodexError} If it does not, in bounded time.
   */
  unload(threadId: string): Promise<void> {
    clearTimeout(this.#loaded.get(threadId)?.timer);
    this.#loaded.delete(threadId);
    const known = this.#unloading.get(threadId);
    if (known !== undefined) return known.done;
    let closed: () => void = () => {};
    const whenClosed = new Promise<void>((resolve) => closed = resolve);
    const done = this.#unload(threadId, whenClosed)
      .finally(() => this.#unloading.delete(threadId));
    this.#unloading.set(threadId, { done, closed });
    return done;
  }

  /**
   * Prepares a thread to be opened anew, where all that ran in it ends: that needs nobody
   * to listen to it (facts A33). Of a server elsewhere another client may, so it has to be
   * let go.
   */
  async #reopen(threadId: string): Promise<void> {
    if (this.#session.local === undefined) return await this.unload(threadId);
    clearTimeout(this.#loaded.get(threadId)?.timer);
    this.#loaded.delete(threadId);
    await this.#session.connection.request("thread/unsubscribe", { threadId });
  }

  async #unload(threadId: string, whenClosed: Promise<void>): Promise<void> {
    const { connection } = this.#session;
    const { status } = await connection.request("thread/unsubscribe", {
      threadId,
    });
    if (status === "notLoaded") return;
    if (await withDeadline(whenClosed, MAX_UNLOAD_MS)) return;
    throw new CodexRequestError(
      `codex app-server did not release thread ${threadId} within ${MAX_UNLOAD_MS} ms`,
      { code: "request_timeout", method: "thread/unsubscribe" },
    );
  }

  /** Takes what the server tells of a thread. */
  notified(method: string, { threadId }: JsonObject): void {
    if (!ENDS.has(method) || typeof threadId !== "string") return;
    clearTimeout(this.#loaded.get(threadId)?.timer);
    this.#loaded.delete(threadId);
    this.#unloading.get(threadId)?.closed();
  }

  #use(loaded: LoadedThread): void {
    clearTimeout(loaded.timer);
    loaded.users += 1;
  }

  #forgetAll(): void {
    for (const { timer } of this.#loaded.values()) clearTimeout(timer);
    this.#loaded.clear();
    for (const { closed } of this.#unloading.values()) closed();
  }
}

/** Makes the error for an ephemeral thread that would have to be resumed: there is nothing to resume. */
function ephemeralError(threadId: string, isLoaded: boolean): CodexInputError {
  const why = isLoaded
    ? "it keeps the options that it was opened with"
    : "the server no longer has it loaded; an ephemeral thread is dropped threadKeepAliveMs or keepAliveMs after its last turn, and a saved one is resumed without ephemeral";
  return new CodexInputError(
    `Cannot continue thread ${threadId} as ephemeral: ${why}`,
    { path: "ephemeral" },
  );
}
