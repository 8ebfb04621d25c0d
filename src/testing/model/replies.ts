import type {
  DelayedReply,
  HttpReply,
  ModelReply,
  OutputItem,
  StreamEvent,
  StreamReply,
} from "./model_reply.ts";
import { toWireUsage, type UsagePart } from "./token_usage.ts";

/** A part of an answer: an output item, or the usage, at most one. */
export type AnswerPart = OutputItem | UsagePart;

/**
 * Answers with output items and completes the response.
 *
 * If the answer calls a tool, the CLI sends the tool's output in another request,
 * for which the script needs a further step.
 *
 * @param parts The items in order, and optionally a `modelUsage`; by default 10 tokens in and 5 out.
 * @returns A step for the script.
 */
export function modelAnswer(...parts: readonly AnswerPart[]): StreamReply {
  const billed = parts.findLast(isUsage);
  return stream("end", [
    ...itemEvents(parts),
    {
      type: "response.completed",
      response: { status: "completed", usage: toWireUsage(billed?.tokens) },
    },
  ]);
}

/**
 * Fails the response on the stream, after an HTTP status of 200.
 *
 * @param code The error code, such as `server_error` or `rate_limit_exceeded`.
 * @param message The error message.
 * @param parts Items sent before the failure.
 * @returns A step for the script.
 */
export function modelFailure(
  code: string,
  message: string,
  ...parts: readonly OutputItem[]
): StreamReply {
  return stream("end", [
    ...itemEvents(parts),
    {
      type: "response.failed",
      response: { status: "failed", error: { code, message } },
    },
  ]);
}

/**
 * Begins a response and leaves it open until the client disconnects or the model closes.
 *
 * @param parts Items sent before the silence.
 * @returns A step for the script.
 */
export function modelHang(...parts: readonly OutputItem[]): StreamReply {
  return stream("hang", itemEvents(parts));
}

/**
 * Begins a response and closes the connection in the middle of it.
 *
 * @param parts Items sent before that.
 * @returns A step for the script.
 */
export function modelDrop(...parts: readonly OutputItem[]): StreamReply {
  return stream("drop", itemEvents(parts));
}

/**
 * Answers with events that you write yourself, for cases that the other replies do not cover.
 *
 * @param events The events after `response.created`, `response.completed` included.
 * @returns A step for the script.
 */
export function modelEvents(...events: readonly StreamEvent[]): StreamReply {
  return stream("end", events);
}

/**
 * Answers with a plain HTTP response instead of a stream.
 *
 * @param status The status code.
 * @param body The body: a string is sent unchanged, any other value as JSON.
 * @param headers Headers to add, such as `retry-after`.
 * @returns A step for the script.
 */
export function modelHttpError(
  status: number,
  body: unknown = { error: { message: `Scripted HTTP ${status}` } },
  headers: Readonly<Record<string, string>> = {},
): HttpReply {
  return { kind: "http", status, body, headers };
}

/**
 * Waits before another reply.
 *
 * The wait ends early when the client disconnects or the model closes; no timer is
 * left behind.
 *
 * @param ms The wait, in milliseconds.
 * @param reply The reply to send after it.
 * @returns A step for the script.
 */
export function modelDelay(ms: number, reply: ModelReply): DelayedReply {
  return { kind: "delayed", ms, reply };
}

function stream(
  ending: StreamReply["ending"],
  events: readonly StreamEvent[],
): StreamReply {
  return { kind: "stream", events, ending };
}

function itemEvents(parts: readonly AnswerPart[]): StreamEvent[] {
  return parts.filter((part) => !isUsage(part))
    .map((item) => ({ type: "response.output_item.done", item }));
}

function isUsage(part: AnswerPart): part is UsagePart {
  return part.type === "usage";
}
