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

/** Creates a token usage: by default 10 input and 5 output tokens. */
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

/** Creates the event that names the thread. */
export function threadStarted(threadId: string): ThreadStartedEvent {
  return { type: "thread.started", thread_id: threadId };
}

/** Creates the event that begins the turn. */
export function turnStarted(): TurnStartedEvent {
  return { type: "turn.started" };
}

/** Creates the event that completes the turn; `total` is the thread's usage so far. */
export function turnCompleted(total: Usage = usage()): TurnCompletedEvent {
  return { type: "turn.completed", usage: total };
}

/** Creates the event that fails the turn, with the CLI's message. */
export function turnFailed(message: string): TurnFailedEvent {
  return { type: "turn.failed", error: { message } };
}

/** Creates the event that starts an item. */
export function itemStarted(item: ThreadItem): ItemStartedEvent {
  return { type: "item.started", item };
}

/** Creates the event that updates an item. */
export function itemUpdated(item: ThreadItem): ItemUpdatedEvent {
  return { type: "item.updated", item };
}

/** Creates the event that completes an item. */
export function itemCompleted(item: ThreadItem): ItemCompletedEvent {
  return { type: "item.completed", item };
}

/** Creates the event for a problem that the turn may recover from, such as `Reconnecting... 1/5`. */
export function errorEvent(message: string): ThreadErrorEvent {
  return { type: "error", message };
}

/** Creates an event of a kind that this version does not know, as a newer CLI may print it. */
export function unknownEvent(raw: JsonObject): UnknownThreadEvent {
  const { type } = raw;
  return {
    type: "unknown",
    event_type: typeof type === "string" ? type : "",
    raw,
  };
}

/** Fields of {@linkcode itemDelta}. */
export interface DeltaFields {
  /** The item's id. @default {"item_0"} */
  readonly item_id?: string;
  /** The kind of text that the delta belongs to. @default {"agent_message"} */
  readonly kind?: ItemDelta["kind"];
}

/** Creates a delta: a piece of an item, as it is written. */
export function itemDelta(
  delta: string,
  { item_id = "item_0", kind = "agent_message" }: DeltaFields = {},
): ItemDelta {
  return { type: "item.delta", item_id, kind, delta };
}
