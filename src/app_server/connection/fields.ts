import type { JsonValue } from "../../protocol/json.ts";

/** Reads a field of a message as text; empty for what is none. */
export function text(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : "";
}

/** Reads a field of a message as text; `null` for what is none, and for an empty one. */
export function textOrNull(value: JsonValue | undefined): string | null {
  return text(value) || null;
}

/** Reads what is said of something, with its details behind it where there are any. */
export function textWithDetails(
  words: JsonValue | undefined,
  details: JsonValue | undefined,
): string {
  const more = text(details);
  return more === "" ? text(words) : `${text(words)} (${more})`;
}
