import type { Diagnostic } from "../protocol/diagnostics.ts";
import type { ThreadEvent, Usage } from "../protocol/events.ts";
import type { ThreadItem } from "../protocol/items.ts";
import { changesBy, changesByDiagnostic } from "./reduce.ts";
import type { TurnState } from "./state.ts";

/**
 * A state that is folded in place: what {@linkcode reduceTurn} comes to, without a
 * new state for each event. For who alone holds it while events come in.
 */
export class TurnTally implements TurnState {
  status: TurnState["status"];
  threadId: string | null;
  finalResponse: string;
  usage: Usage | null;
  usageBefore: Usage | null;
  failure: string | null;
  lastError: string | null;
  warnings: readonly string[];
  diagnostics: readonly Diagnostic[];
  readonly items: ThreadItem[];

  readonly #redact: (text: string) => string;

  /**
   * Goes on from a state, which stays as it is.
   *
   * @param redact Takes secrets out of what goes into warnings and into the failure.
   */
  constructor(
    state: TurnState,
    redact: (text: string) => string = (text) => text,
  ) {
    this.#redact = redact;
    this.status = state.status;
    this.threadId = state.threadId;
    this.finalResponse = state.finalResponse;
    this.usage = state.usage;
    this.usageBefore = state.usageBefore;
    this.failure = state.failure;
    this.lastError = state.lastError;
    this.warnings = state.warnings;
    this.diagnostics = state.diagnostics;
    this.items = [...state.items];
  }

  /** Takes one more event in. */
  take(event: ThreadEvent): void {
    const changes = changesBy(this.#redacted(event), this);
    if (changes !== undefined) Object.assign(this, changes);
    if (event.type === "item.completed") this.items.push(event.item);
  }

  /** An event whose message goes on, without secrets in it; any other as it is. */
  #redacted(event: ThreadEvent): ThreadEvent {
    if (event.type === "error") {
      return { ...event, message: this.#redact(event.message) };
    }
    if (event.type === "turn.failed") {
      const message = this.#redact(event.error.message);
      return { ...event, error: { ...event.error, message } };
    }
    if (event.type === "item.completed" && event.item.type === "error") {
      const message = this.#redact(event.item.message);
      return { ...event, item: { ...event.item, message } };
    }
    return event;
  }

  /** Takes one more thing in that was not understood. */
  note(diagnostic: Diagnostic): void {
    Object.assign(this, changesByDiagnostic(diagnostic, this));
  }
}
