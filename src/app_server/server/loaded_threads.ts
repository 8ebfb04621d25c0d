import { CodexInputError } from "../../errors/codex_error.ts";
import { MARKER_NAME } from "../../cli/terminate/marker.ts";
import { CodexRequestError } from "../../errors/request_errors.ts";
import {
  isObject,
  type JsonObject,
  type JsonValue,
} from "../../protocol/json.ts";
import { withDeadline } from "../../util/deadline.ts";
import { TOKEN_USAGE } from "../events/events.ts";
import type { ServerSession } from "./session.ts";
import type {
  DynamicTools,
  OpenedThread,
  OwnModel,
  ThreadSettings,
} from "../connection/wire.ts";

/** Milliseconds that the server may take to unload a thread; it is configured to wait 1 s. */
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
  /** The last turn to copy; all turns if left out. */
  readonly lastTurnId?: string | undefined;
  /** The settings to open it with. */
  readonly settings: ThreadSettings;
  /** The purpose of a new thread. */
  readonly threadSource: string | undefined;
  /** True for a thread that is not saved. */
  readonly ephemeral: boolean;
  /** The tools that a new thread keeps. */
  readonly dynamicTools?: DynamicTools | undefined;
  /** Receives the thread, before any later message about it. */
  readonly opened: (threadId: string, state: OpenedState) => void;
}

/** The state of a thread that was opened. */
export interface OpenedState {
  /** True if it has a running turn that this client did not start, or has lost. */
  readonly isActive: boolean;
  /** The last report of its tokens, if it was loaded. */
  readonly tokenUsage?: JsonValue | undefined;
}

/** A thread that the server has loaded. */
interface LoadedThread {
  /** The settings that it was opened with; the server does not change them while it is loaded. */
  readonly config: string;
  /** True for a thread that is not saved. */
  readonly ephemeral: boolean;
  /** The marker in the environment of its commands; `undefined` if they run elsewhere. */
  readonly marker: string | undefined;
  /** The model and the effort that it was opened with. */
  readonly own: OwnModel;
  /** The number of turns that use it now. */
  users: number;
  /** The terminals that its completed turns deliberately left running. */
  readonly kept: Set<string>;
  /** The last report of its tokens; `undefined` before the first. */
  tokenUsage: JsonValue | undefined;
  /** True while a turn of it runs, whoever started it. */
  isActive: boolean;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** A thread that the server is unloading. */
interface Unloading {
  /** Settles when the thread is unloaded, or after a time limit. */
  readonly done: Promise<void>;
  /** Notes that the thread is unloaded. */
  readonly closed: () => void;
}

/**
 * The threads that a server has loaded. Each is opened or resumed once, and unloaded when
 * it has had no turn for a while, because each holds its own processes (facts A17) and
 * nobody else can use it meanwhile.
 */
export class LoadedThreads {
  readonly #session: ServerSession;
  readonly #keepAliveMs: number;
  readonly #models: Map<string, OwnModel>;
  readonly #loaded = new Map<string, LoadedThread>();
  #opened = 0;
  /** The threads that are being resumed; each promise settles when that is done, or has failed. */
  readonly #resuming = new Map<string, Promise<unknown>>();
  /** The threads that are being unloaded. */
  readonly #unloading = new Map<string, Unloading>();

  /**
   * Creates an empty set for a server that was just started.
   *
   * @param models The own models of threads whose turns have used others; outlives the server.
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
   * Opens a thread, or resumes it unless it is loaded. It stays loaded until it is released.
   *
   * @throws {CodexInputError} If an ephemeral thread is not loaded, or with other settings.
   * @throws {CodexError} If the server does not open the thread.
   */
  async open(thread: ThreadToOpen): Promise<string> {
    const { threadId } = thread;
    if (threadId === null) return await this.#open(thread);
    // A turn that was stopped meanwhile may still be resuming it; both use the result.
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
        const { isActive, tokenUsage } = loaded;
        this.#use(loaded);
        if (isActive) await this.#ask(threadId, settings, opened);
        else opened(threadId, { isActive, tokenUsage });
        return threadId;
      }
      if (ephemeral) throw ephemeralError(threadId, loaded !== undefined);
      // The server silently ignores new settings of a loaded thread (facts A8), and a thread
      // that is being unloaded may still be loaded.
      if (loaded !== undefined) await this.#reopen(threadId);
      else await this.#unloading.get(threadId)?.done.catch(() => {});
    }
    const { connection } = this.#session;
    const marked: ThreadSettings = marker === undefined ? settings : {
      ...settings,
      config: {
        ...settings.config,
        // Identifies the processes that its commands start, wherever they move to.
        [`shell_environment_policy.set.${MARKER_NAME}`]: marker,
      },
    };
    // Resumed without a model, it would keep the model of its last turn (facts A31).
    const known = threadId === null ? undefined : this.#models.get(threadId);
    let isActive = false;
    const received = ({ thread }: OpenedThread): void => {
      isActive = isRunning(thread);
      opened(thread.id, { isActive });
    };
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
      tokenUsage: undefined,
      isActive,
      timer: undefined,
    };
    this.#loaded.set(thread.id, loaded);
    this.#use(loaded);
    return thread.id;
  }

  /**
   * Returns the thread's own model and effort if they have to be restored, because an earlier
   * turn used others, or this one does (`hasOthers`); `undefined` otherwise.
   */
  takeBack(threadId: string, hasOthers: boolean): OwnModel | undefined {
    // This applies to a reopened thread too: the server may still have had it loaded.
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

  /** Returns the marker in the environment of a thread's commands. */
  findMarker(threadId: string): string | undefined {
    return this.#loaded.get(threadId)?.marker;
  }

  /** Notes the terminals that a completed turn left running. */
  keep(threadId: string, processIds: readonly string[]): void {
    const kept = this.#loaded.get(threadId)?.kept;
    for (const processId of processIds) kept?.add(processId);
  }

  /** Tells whether a completed turn left a terminal running. */
  isKept(threadId: string, processId: string): boolean {
    return this.#loaded.get(threadId)?.kept.has(processId) ?? false;
  }

  /** Ends a turn's use of a thread, which is unloaded later. */
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
   * Has the server unload a thread, ending everything that runs in it; resolves when it has.
   *
   * @throws {CodexError} If the server does not unload it within a time limit.
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
   * Prepares a thread to be reopened, which ends everything that ran in it. That requires
   * that nobody listens to the thread (facts A33). On a server elsewhere another client may
   * listen, so it has to be unloaded.
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

  /**
   * Resumes a loaded thread that runs a turn which no turn of this client waits for: another
   * client's, or one of a lost connection. The server then repeats the turn's open requests
   * (facts A22).
   */
  async #ask(
    threadId: string,
    settings: ThreadSettings,
    opened: ThreadToOpen["opened"],
  ): Promise<void> {
    try {
      await this.#session.connection.request("thread/resume", {
        ...settings,
        threadId,
        excludeTurns: true,
      }, {
        received: ({ thread }) =>
          opened(thread.id, { isActive: isRunning(thread) }),
      });
    } catch (error) {
      this.release(threadId);
      throw error;
    }
  }

  /** Handles a notification about a thread. */
  notified(method: string, params: JsonObject): void {
    const { threadId, status, tokenUsage } = params;
    if (typeof threadId !== "string") return;
    const loaded = this.#loaded.get(threadId);
    if (method === TOKEN_USAGE && loaded) loaded.tokenUsage = tokenUsage;
    if (method === "thread/status/changed" && loaded) {
      loaded.isActive = isObject(status) && status.type === "active";
    }
    if (!ENDS.has(method)) return;
    clearTimeout(loaded?.timer);
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

/** Tells whether a thread that was opened has a running turn. */
function isRunning({ status }: OpenedThread["thread"]): boolean {
  return status?.type === "active";
}

/** Creates the error for an ephemeral thread that would have to be resumed, which is impossible. */
function ephemeralError(threadId: string, isLoaded: boolean): CodexInputError {
  const why = isLoaded
    ? "it keeps the options that it was opened with"
    : "the server no longer has it loaded; an ephemeral thread is dropped threadKeepAliveMs or keepAliveMs after its last turn, and a saved one is resumed without ephemeral";
  return new CodexInputError(
    `Cannot continue thread ${threadId} as ephemeral: ${why}`,
    { path: "ephemeral" },
  );
}
