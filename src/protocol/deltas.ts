import type { ThreadEvent } from "./events.ts";

/** A piece of an item's text, as it is written. */
export interface ItemDelta {
  /** Identifies the kind of event. */
  type: "item.delta";
  /**
   * The item's id, the same as in its `item.completed`. An item may never complete, for
   * example if the turn is interrupted or steered.
   */
  item_id: string;
  /**
   * The kind of text: a message, a summary of reasoning, the reasoning itself, a plan, or
   * the output of a command. Deltas of a command's output are incomplete: its first output
   * and parts of a long output are missing. The whole is in `item.completed`.
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
  /** Identifies the kind of event. */
  type: "turn.diff";
  /** All changes, as a unified diff; each event replaces the previous one. */
  diff: string;
}

/** A delta, which comes between the events of a turn with `deltas`. */
export type TurnDelta = ItemDelta | TurnDiff;

/** An event of a streamed turn, or a delta between events. */
export type StreamedEvent = ThreadEvent | TurnDelta;

/** Removes the deltas; the events that remain are the record of a turn. */
export function withoutDeltas(events: readonly StreamedEvent[]): ThreadEvent[] {
  return events.filter((event): event is ThreadEvent => !isDelta(event));
}

/** Tells whether an event is a delta, which is not recorded and does not change a turn's state. */
export function isDelta(event: StreamedEvent): event is TurnDelta {
  return event.type === "item.delta" || event.type === "turn.diff";
}
