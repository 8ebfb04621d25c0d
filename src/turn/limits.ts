import type { StreamedEvent } from "../protocol/deltas.ts";
import type { StopCause } from "../transport/ending.ts";

/** The items during which a lack of events is normal: a command may run for an hour. */
const TOOL_ITEMS: ReadonlySet<string> = new Set([
  "command_execution",
  "file_change",
  "mcp_tool_call",
  "collab_tool_call",
  "web_search",
]);

/** The time limits of a turn, in milliseconds. */
export interface TurnLimitOptions {
  /** See `timeoutMs` of a turn's options. */
  readonly timeoutMs: number | undefined;
  /** See `idleTimeoutMs` of a turn's options. */
  readonly idleTimeoutMs: number | undefined;
}

/**
 * Enforces a turn's time limits, and reports once when one is exceeded. Idle time counts
 * while an event is awaited and no tool is running; time that the consumer spends does
 * not count.
 */
export class TurnLimits {
  readonly #options: TurnLimitOptions;
  readonly #exceeded: (cause: StopCause) => void;
  readonly #tools = new Set<string>();
  #turnTimer: ReturnType<typeof setTimeout> | undefined;
  #idleTimer: ReturnType<typeof setTimeout> | undefined;
  #idleSince = 0;
  #idleMs = 0;
  #stopped = false;
  #isAsking = false;

  /** Starts the timer of the turn; `exceeded` is called when a limit is exceeded. */
  constructor(
    options: TurnLimitOptions,
    exceeded: (cause: StopCause) => void,
  ) {
    this.#options = options;
    this.#exceeded = exceeded;
    const { timeoutMs } = options;
    if (timeoutMs === undefined) return;
    this.#turnTimer = setTimeout(
      () => this.#exceed("turn", timeoutMs),
      timeoutMs,
    );
  }

  /** Starts to wait for events. */
  waiting(): void {
    const { idleTimeoutMs } = this.#options;
    if (idleTimeoutMs === undefined) return;
    if (this.#stopped || this.#isAsking || this.#tools.size > 0) return;
    this.#idleSince = Date.now();
    this.#idleTimer = setTimeout(
      () => this.#exceed("idle", idleTimeoutMs),
      Math.max(0, idleTimeoutMs - this.#idleMs),
    );
  }

  /**
   * Records whether the CLI is waiting for an answer from the client; idle time does not
   * count meanwhile.
   */
  setAsking(isAsking: boolean): void {
    this.#isAsking = isAsking;
  }

  /**
   * Ends the wait with the events received. There may be none, as with a line that is not
   * an event.
   */
  received(events: readonly StreamedEvent[]): void {
    if (this.#idleTimer !== undefined) {
      clearTimeout(this.#idleTimer);
      this.#idleTimer = undefined;
      this.#idleMs += Date.now() - this.#idleSince;
    }
    if (events.length > 0) this.#idleMs = 0;
    if (this.#options.idleTimeoutMs === undefined) return;
    for (const event of events) this.#follow(event);
  }

  /** Stops counting and clears all timers. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#turnTimer);
    clearTimeout(this.#idleTimer);
  }

  #follow(event: StreamedEvent): void {
    if (event.type === "item.started" || event.type === "item.updated") {
      if (TOOL_ITEMS.has(event.item.type)) this.#tools.add(event.item.id);
    } else if (event.type === "item.completed") {
      this.#tools.delete(event.item.id);
    }
  }

  #exceed(limit: "turn" | "idle", ms: number): void {
    this.stop();
    this.#exceeded({ type: "timed_out", limit, ms });
  }
}
