import { isObject, type JsonObject } from "../protocol/json.ts";
import { shorten } from "../util/text.ts";

/** The longest body that an error keeps, in characters. */
const MAX_BODY_LENGTH = 16_384;

/**
 * A message of the CLI with a JSON object in it: the body of the service's response
 * (facts F14).
 */
export interface HttpBody {
  /** The text before the object. */
  readonly before: string;
  /** The object's source text. */
  readonly text: string;
  /** The parsed object. */
  readonly json: JsonObject;
  /** The text after the object. */
  readonly after: string;
}

/** The reason that a message reports, and the body that contains it. */
export interface Reason {
  /** The message, with the body replaced by the body's own message. */
  readonly message: string;
  /** The body, at most 16,384 characters of it; `null` if the message contains none. */
  readonly httpBody: string | null;
  /** The whole body; `undefined` if the message contains none. */
  readonly body: HttpBody | undefined;
  /** The body's own message, if it contains one. */
  readonly serviceMessage: string | undefined;
}

/** Finds the JSON object in a message: the text from its first `{` to its last `}`. */
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
 * Reads the reason from a message of the CLI. The CLI passes on the body of a response as
 * JSON if it does not know the body's form, and always with status 400 (facts F14).
 */
export function readReason(message: string): Reason {
  const body = findHttpBody(message);
  const serviceMessage = body && findServiceMessage(body.json);
  return {
    message: body === undefined || serviceMessage === undefined
      ? message
      : `${body.before}${serviceMessage}${body.after}`,
    httpBody: body === undefined ? null : shorten(body.text, MAX_BODY_LENGTH),
    body,
    serviceMessage,
  };
}

/**
 * Removes secrets from a message, including secrets that are escaped in its JSON: parsing
 * the body would reveal them.
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
    // The body is nested too deeply to be serialized.
    return `${body.before}…${body.after}`;
  }
}

/** Finds the human-readable message in a body of any of the usual forms. */
function findServiceMessage(body: JsonObject): string | undefined {
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
