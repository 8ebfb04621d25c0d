import type { StreamedEvent } from "../protocol/deltas.ts";
import type { StopCause } from "../transport/ending.ts";

/** The items during which no event is no sign of trouble: a command may run for an hour. */
const TOOL_ITEMS: ReadonlySet<string> = new Set([
  "command_execution",
  "file_change",
  "mcp_tool_call",
  "collab_tool_call",
  "web_search",
]);

/** Limits of a turn, in ms. */
export interface TurnLimitOptions {
  /** See `timeoutMs` of a turn's options. */
  readonly timeoutMs: number | undefined;
  /** See `idleTimeoutMs` of a turn's options. */
  readonly idleTimeoutMs: number | undefined;
}

/**
 * Watches over a turn's time, and tells once when it is up. The idle time counts
 * while an event is waited for and no tool is at work; what the consumer takes for
 * itself does not count.
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

  /** Begins to count; `exceeded` is called when a limit is passed. */
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

  /** Begins to wait for events. */
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

  /** Notes whether the CLI waits for an answer of this side: the idle time stands still then. */
  asking(isAsking: boolean): void {
    this.#isAsking = isAsking;
  }

  /** Ends the wait: these events have come; there may be none, as with a line that is not an event. */
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

  /** Ends the count; no timer is left. */
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
