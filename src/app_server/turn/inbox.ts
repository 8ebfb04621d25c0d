import type { StreamedEvent } from "../../protocol/deltas.ts";
import { isDelta } from "../../protocol/deltas.ts";

/** The most deltas that are queued before they are merged. */
const MAX_DELTAS = 1000;

/** The most queued text of deltas, in characters; more is dropped, since deltas are not part of the record. */
const MAX_DELTA_LENGTH = 8 * 1024 * 1024;

/**
 * The events of a turn that have not been read yet. A slow consumer does not hold up other
 * turns: events are queued as long as it takes, and deltas are merged if there are many.
 */
export class Inbox {
  #events: StreamedEvent[] = [];
  #deltas = 0;
  #deltaLength = 0;
  #isOver = false;
  /** True if there was a push since the last read, even of no events. */
  #hasNews = false;
  #wake: (() => void) | undefined;

  /** Adds events, and wakes the current or the next reader, even for no events. */
  push(events: readonly StreamedEvent[]): void {
    this.#hasNews = true;
    for (const event of events) this.#add(event);
    this.#wake?.();
  }

  /** Ends the queue; queued events can still be read. */
  end(): void {
    this.#isOver = true;
    this.#wake?.();
  }

  /** Waits for a push, and returns all queued events, possibly none; returns `undefined` at the end. */
  async take(): Promise<readonly StreamedEvent[] | undefined> {
    if (!this.#hasNews) {
      if (this.#isOver) return undefined;
      await new Promise<void>((resolve) => this.#wake = resolve);
      this.#wake = undefined;
      if (!this.#hasNews) return undefined;
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
