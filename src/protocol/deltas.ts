import type { ThreadEvent } from "./events.ts";

/** A piece of an item's text, as it is written. */
export interface ItemDelta {
  /** Tells this kind of event from the others. */
  type: "item.delta";
  /**
   * The item: the id that its `item.completed` has. An item may never complete, as
   * where the turn is interrupted or steered.
   */
  item_id: string;
  /**
   * What the piece is of: the text of a message, a summary of reasoning, the reasoning
   * itself, a plan, or what a command prints. Of a command that prints much, and of its
   * first output, pieces are missing: the whole is in `item.completed`.
   */
  kind:
    | "agent_message"
    | "reasoning"
    | "reasoning_text"
    | "plan"
    | "command_output";
  /** The piece. */
  delta: string;
}

/** The changes that the turn has made to files so far. */
export interface TurnDiff {
  /** Tells this kind of event from the others. */
  type: "turn.diff";
  /** All of them, as a unified diff; comes once for each new state. */
  diff: string;
}

/** What comes between the events of a turn that was asked for `deltas`. */
export type TurnDelta = ItemDelta | TurnDiff;

/** What a turn streams: its events, and the deltas between them. */
export type StreamedEvent = ThreadEvent | TurnDelta;

/** Leaves out the deltas: what stays is the record of a turn. */
export function withoutDeltas(events: readonly StreamedEvent[]): ThreadEvent[] {
  return events.filter((event): event is ThreadEvent => !isDelta(event));
}

/** Tells a delta from an event: it is no record, and changes nothing of a turn's state. */
export function isDelta(event: StreamedEvent): event is TurnDelta {
  return event.type === "item.delta" || event.type === "turn.diff";
}
