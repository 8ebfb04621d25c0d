import type { Diagnostic } from "../protocol/diagnostics.ts";
import type { ThreadEvent } from "../protocol/events.ts";
import type { ThreadItem } from "../protocol/items.ts";
import { redactMessage } from "./http_body.ts";
import { changesFrom, changesFromDiagnostic } from "./reduce.ts";
import type { TurnFields, TurnState } from "./state.ts";

/**
 * A mutable turn state. Gives the same result as {@linkcode reduceTurn} without
 * allocating a state per event.
 */
export class TurnAccumulator {
  readonly #items: ThreadItem[];
  readonly #redact: (text: string) => string;
  /** The state; it changes as events are added. */
  readonly state: TurnState;

  /**
   * Starts from a state, which is left unchanged.
   *
   * @param redact Removes secrets from texts before they are kept in warnings or in the
   * failure.
   */
  constructor(
    state: TurnState,
    redact: (text: string) => string = (text) => text,
  ) {
    this.#redact = redact;
    this.#items = [...state.items];
    this.state = { ...state, items: this.#items };
  }

  /** Adds one more event. */
  add(event: ThreadEvent): void {
    this.change(changesFrom(this.#redacted(event), this.state));
    if (event.type === "item.completed") this.#items.push(event.item);
  }

  /** Adds one more diagnostic. */
  addDiagnostic(diagnostic: Diagnostic): void {
    this.change(changesFromDiagnostic(diagnostic, this.state));
  }

  /** Changes fields of the state. */
  change(changes: Partial<TurnFields> | undefined): void {
    if (changes !== undefined) Object.assign(this.state, changes);
  }

  /**
   * Returns an event with secrets removed from the message that is kept; returns other
   * events unchanged.
   */
  #redacted(event: ThreadEvent): ThreadEvent {
    if (event.type === "error") {
      return { ...event, message: this.#cleaned(event.message) };
    }
    if (event.type === "turn.failed") {
      const message = this.#cleaned(event.error.message);
      return { ...event, error: { ...event.error, message } };
    }
    if (event.type === "item.completed" && event.item.type === "error") {
      const message = this.#cleaned(event.item.message);
      return { ...event, item: { ...event.item, message } };
    }
    return event;
  }

  #cleaned(message: string): string {
    return redactMessage(message, this.#redact);
  }
}
