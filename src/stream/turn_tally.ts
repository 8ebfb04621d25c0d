import type { Diagnostic } from "../diagnostics.ts";
import type { ThreadEvent, Usage } from "../protocol/events.ts";
import type { ThreadItem } from "../protocol/items.ts";
import { changesBy, changesByDiagnostic } from "./turn_reducer.ts";
import type { TurnState } from "./turn_state.ts";

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

  /** Goes on from a state, which stays as it is. */
  constructor(state: TurnState) {
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
    const changes = changesBy(event, this);
    if (changes !== undefined) Object.assign(this, changes);
    if (event.type === "item.completed") this.items.push(event.item);
  }

  /** Takes one more thing in that was not understood. */
  note(diagnostic: Diagnostic): void {
    Object.assign(this, changesByDiagnostic(diagnostic, this));
  }
}
