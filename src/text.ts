/** The longest message of an error, in characters. */
const MESSAGE_LENGTH = 8192;

/** The text, or its beginning and a mark where it is longer than `length` characters. */
export function shorten(text: string, length: number = MESSAGE_LENGTH): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length)}… (${text.length - length} more characters)`;
}

/** The end of the text, at most `length` characters of it, and a mark where something is cut off. */
export function shortenStart(text: string, length: number): string {
  if (text.length <= length) return text;
  return `…${text.slice(text.length - length)}`;
}

/** The JSON pointer to a path of keys; empty for the whole. */
export function jsonPointer(path: readonly PropertyKey[]): string {
  return path.map((key) =>
    `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`
  ).join("");
}
