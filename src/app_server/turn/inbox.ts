import type { StreamedEvent } from "../../protocol/deltas.ts";
import { isDelta } from "../../protocol/deltas.ts";

/** The most deltas that wait before they are put together. */
const MAX_DELTAS = 1000;

/** The most text of deltas that waits, in characters; what comes above it is dropped, since they are no record. */
const MAX_DELTA_LENGTH = 8 * 1024 * 1024;

/**
 * The events of a turn that nobody has taken yet. A slow consumer holds up no other turn:
 * events wait here as long as it takes, and deltas are put together where many wait.
 */
export class Inbox {
  #events: StreamedEvent[] = [];
  #deltas = 0;
  #deltaLength = 0;
  #isOver = false;
  /** True if something was pushed that nobody has taken, perhaps no event. */
  #hasNews = false;
  #wake: (() => void) | undefined;

  /** Adds events, and wakes who waits, or comes to wait, also for none. */
  push(events: readonly StreamedEvent[]): void {
    this.#hasNews = true;
    for (const event of events) this.#add(event);
    this.#wake?.();
  }

  /** Ends it; what is in it can still be taken. */
  end(): void {
    this.#isOver = true;
    this.#wake?.();
  }

  /** Waits for events, and takes all that are there, perhaps none; gives `undefined` at the end. */
  async take(): Promise<readonly StreamedEvent[] | undefined> {
    if (!this.#hasNews) {
      if (this.#isOver) return undefined;
      await new Promise<void>((resolve) => this.#wake = resolve);
      this.#wake = undefined;
      if (this.#events.length === 0 && this.#isOver) return undefined;
    }
    const events = this.#events;
    this.#events = [];
    this.#hasNews = false;
    this.#deltas = 0;
    this.#deltaLength = 0;
    return events;
  }

  #add(event: StreamedEvent): void {
    if (!isDelta(event)) {
      this.#events.push(event);
      return;
    }
    const length = event.type === "item.delta"
      ? event.delta.length
      : event.diff.length;
    if (this.#deltaLength + length > MAX_DELTA_LENGTH) return;
    this.#deltaLength += length;
    const last = this.#events.at(-1);
    if (
      this.#deltas >= MAX_DELTAS && event.type === "item.delta" &&
      last?.type === "item.delta" && last.item_id === event.item_id &&
      last.kind === event.kind
    ) {
      last.delta += event.delta;
      return;
    }
    this.#deltas += 1;
    this.#events.push(event);
  }
}
