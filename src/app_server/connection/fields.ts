import type { JsonValue } from "../../protocol/json.ts";

/** Reads a field of a message as text; returns an empty text if it is not one. */
export function text(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : "";
}

/** Reads a field of a message as text; returns `null` if it is empty or not a text. */
export function textOrNull(value: JsonValue | undefined): string | null {
  return text(value) || null;
}

/** Reads a message, followed by its details in parentheses, if there are any. */
export function textWithDetails(
  words: JsonValue | undefined,
  details: JsonValue | undefined,
): string {
  const more = text(details);
  return more === "" ? text(words) : `${text(words)} (${more})`;
}
