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
 * `id` and `call_id` may be left out: the model fills them in, unique for each
 * request, when it sends the item.
 */
export interface OutputItem {
  /** The kind of item, such as `message` or `function_call`. */
  readonly type: string;
  /** Any other field of the item. */
  readonly [field: string]: unknown;
}

/** A stream of events, and the fate of the connection after the last one. */
export interface StreamReply {
  /** Tells this reply from the others. */
  readonly kind: "stream";
  /** The events after `response.created`, which the model adds. */
  readonly events: readonly StreamEvent[];
  /** `end` closes the stream properly, `hang` leaves it open, `drop` cuts the socket. */
  readonly ending: "end" | "hang" | "drop";
}

/** A plain HTTP response, mostly a failure. */
export interface HttpReply {
  /** Tells this reply from the others. */
  readonly kind: "http";
  /** The status code. */
  readonly status: number;
  /** The body: a string is sent as it is, anything else as JSON. */
  readonly body: unknown;
  /** Headers to send beside `content-type`. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Another reply, some time later. */
export interface DelayedReply {
  /** Tells this reply from the others. */
  readonly kind: "delayed";
  /** The wait before anything is sent, in milliseconds. */
  readonly ms: number;
  /** The reply to send then. */
  readonly reply: ModelReply;
}

/** The model's answer to one request. */
export type ModelReply = StreamReply | HttpReply | DelayedReply;

/** Decides on a reply by looking at the request. */
export type ReplyFunction = (
  request: RecordedRequest,
) => ModelReply | Promise<ModelReply>;

/** One step of a script: a reply, or a function that makes one. */
export type ScriptStep = ModelReply | ReplyFunction;
