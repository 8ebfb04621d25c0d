import type { RecordedRequest } from "./recorded_request.ts";

/** One server-sent event of the Responses API; only `type` is common to all. */
export interface StreamEvent {
  /** The type of the event, such as `response.output_item.done`. */
  readonly type: string;
  /** Any other field of the event. */
  readonly [field: string]: unknown;
}

/**
 * One output item of the Responses API, as the model would write it.
 *
 * `id` and `call_id` are optional: the scripted model fills them in, unique for each
 * request, when it sends the item.
 */
export interface OutputItem {
  /** The kind of item, such as `message` or `function_call`. */
  readonly type: string;
  /** Any other field of the item. */
  readonly [field: string]: unknown;
}

/** A stream of events, and what happens to the connection after the last one. */
export interface StreamReply {
  /** Tells this reply from the others. */
  readonly kind: "stream";
  /** The events after `response.created`, which the model adds. */
  readonly events: readonly StreamEvent[];
  /** `end` closes the stream properly, `hang` leaves it open, `drop` closes the socket. */
  readonly ending: "end" | "hang" | "drop";
}

/** A plain HTTP response, mostly a failure. */
export interface HttpReply {
  /** Tells this reply from the others. */
  readonly kind: "http";
  /** The status code. */
  readonly status: number;
  /** The body: a string is sent unchanged, any other value as JSON. */
  readonly body: unknown;
  /** Headers to send in addition to `content-type`. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Another reply, sent after a delay. */
export interface DelayedReply {
  /** Tells this reply from the others. */
  readonly kind: "delayed";
  /** The wait before anything is sent, in milliseconds. */
  readonly ms: number;
  /** The reply to send after it. */
  readonly reply: ModelReply;
}

/** The model's answer to one request. */
export type ModelReply = StreamReply | HttpReply | DelayedReply;

/** Chooses the reply to a request. */
export type ReplyFunction = (
  request: RecordedRequest,
) => ModelReply | Promise<ModelReply>;

/** One step of a script: a reply, or a function that returns one. */
export type ScriptStep = ModelReply | ReplyFunction;
