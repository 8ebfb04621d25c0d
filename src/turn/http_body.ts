import { isObject, type JsonObject } from "../protocol/json.ts";
import { shorten } from "../util/text.ts";

/** The longest body that an error keeps, in characters. */
const MAX_BODY_LENGTH = 16_384;

/** A message of the CLI with a JSON object in it: the body of the service's answer (facts F14). */
export interface HttpBody {
  /** The message before it. */
  readonly before: string;
  /** The object as it is written. */
  readonly text: string;
  /** The object. */
  readonly json: JsonObject;
  /** The message after it. */
  readonly after: string;
}

/** The reason that a message tells, and the body that it was found in. */
export interface Reason {
  /** The message, with the body's own words in place of the body. */
  readonly message: string;
  /** The body, at most 16,384 characters of it; `null` if there is none. */
  readonly httpBody: string | null;
  /** The body, as it was found; `undefined` if there is none. */
  readonly body: HttpBody | undefined;
  /** The body's own words, where it has some. */
  readonly words: string | undefined;
}

/** Finds the JSON object in a message: all of it, or what stands between a few words. */
export function findHttpBody(message: string): HttpBody | undefined {
  const start = message.indexOf("{");
  const end = message.lastIndexOf("}") + 1;
  if (start === -1 || end <= start) return undefined;
  const text = message.slice(start, end);
  try {
    const json: unknown = JSON.parse(text);
    return isObject(json)
      ? {
        before: message.slice(0, start),
        text,
        json,
        after: message.slice(end),
      }
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Reads the reason in a message of the CLI, which hands the body of an answer on as JSON
 * where it does not know its form, and with status 400 always (facts F14).
 */
export function readReason(message: string): Reason {
  const body = findHttpBody(message);
  const words = body && findWords(body.json);
  return {
    message: body === undefined || words === undefined
      ? message
      : `${body.before}${words}${body.after}`,
    httpBody: body === undefined ? null : shorten(body.text, MAX_BODY_LENGTH),
    body,
    words,
  };
}

/**
 * Takes secrets out of a message, also those that JSON in it writes by escapes: they
 * would come out where the body is read.
 */
export function redactMessage(
  message: string,
  redact: (text: string) => string,
): string {
  const clean = redact(message);
  const body = findHttpBody(clean);
  if (body === undefined) return clean;
  try {
    const text = JSON.stringify(body.json);
    const cleanText = redact(text);
    return cleanText === text
      ? clean
      : `${body.before}${cleanText}${body.after}`;
  } catch {
    // It is nested too deep to be written.
    return `${body.before}…${body.after}`;
  }
}

/** Finds the words for people in a body of any of the usual forms. */
function findWords(body: JsonObject): string | undefined {
  const { error, detail, errors } = body;
  const found = [
    isObject(error) ? error.message : undefined,
    body.error_description,
    body.message,
    error,
    detail,
    readFirst(detail)?.msg,
    readFirst(errors)?.message,
  ];
  return found.find((words): words is string =>
    typeof words === "string" && words.trim() !== ""
  );
}

function readFirst(list: unknown): JsonObject | undefined {
  const first: unknown = Array.isArray(list) ? list[0] : undefined;
  return isObject(first) ? first : undefined;
}
