import type { ItemDelta } from "../../../protocol/deltas.ts";
import type {
  ItemCompletedEvent,
  ItemStartedEvent,
  ItemUpdatedEvent,
  ThreadErrorEvent,
  ThreadStartedEvent,
  TurnCompletedEvent,
  TurnFailedEvent,
  TurnStartedEvent,
  UnknownThreadEvent,
  Usage,
} from "../../../protocol/events.ts";
import type { ThreadItem } from "../../../protocol/items.ts";
import type { JsonObject } from "../../../protocol/json.ts";

/** Makes a count of tokens: 10 of input and 5 of output, unless they are given. */
export function usage(tokens: Partial<Usage> = {}): Usage {
  return {
    input_tokens: 10,
    cached_input_tokens: 0,
    cache_write_input_tokens: 0,
    output_tokens: 5,
    reasoning_output_tokens: 0,
    ...tokens,
  };
}

/** Makes the event that names the thread. */
export function threadStarted(threadId: string): ThreadStartedEvent {
  return { type: "thread.started", thread_id: threadId };
}

/** Makes the event that begins the turn. */
export function turnStarted(): TurnStartedEvent {
  return { type: "turn.started" };
}

/** Makes the event of success; `total` is what the thread has used so far. */
export function turnCompleted(total: Usage = usage()): TurnCompletedEvent {
  return { type: "turn.completed", usage: total };
}

/** Makes the event of a failed turn, in the CLI's words. */
export function turnFailed(message: string): TurnFailedEvent {
  return { type: "turn.failed", error: { message } };
}

/** Makes the event of an item that begins. */
export function itemStarted(item: ThreadItem): ItemStartedEvent {
  return { type: "item.started", item };
}

/** Makes the event of an item that has changed. */
export function itemUpdated(item: ThreadItem): ItemUpdatedEvent {
  return { type: "item.updated", item };
}

/** Makes the event of an item that has ended. */
export function itemCompleted(item: ThreadItem): ItemCompletedEvent {
  return { type: "item.completed", item };
}

/** Makes a notice of a problem that the turn may go on after, such as `Reconnecting... 1/5`. */
export function errorEvent(message: string): ThreadErrorEvent {
  return { type: "error", message };
}

/** Makes an event of a kind that this version does not know, as a newer CLI may print it. */
export function unknownEvent(raw: JsonObject): UnknownThreadEvent {
  const { type } = raw;
  return {
    type: "unknown",
    event_type: typeof type === "string" ? type : "",
    raw,
  };
}

/** Says of which item a piece is, and what it is a piece of. */
export interface DeltaFields {
  /** The item's id. @default {"item_0"} */
  readonly item_id?: string;
  /** What the piece is of. @default {"agent_message"} */
  readonly kind?: ItemDelta["kind"];
}

/** Makes a piece of an item, as it is written. */
export function itemDelta(
  delta: string,
  { item_id = "item_0", kind = "agent_message" }: DeltaFields = {},
): ItemDelta {
  return { type: "item.delta", item_id, kind, delta };
}
