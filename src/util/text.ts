/** The longest message of an error, in characters. */
const MAX_MESSAGE_LENGTH = 8192;

/** The text, or its beginning and a mark where it is longer than `length` characters. */
export function shorten(
  text: string,
  length: number = MAX_MESSAGE_LENGTH,
): string {
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

/** What a terminal or a log takes for more than a character, and text can hide in. */
const CONTROL =
  // deno-lint-ignore no-control-regex -- it is about them
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** What GitHub's runner takes for a command: at the beginning of a line, or in its older form anywhere (facts R32). */
const COMMAND = /^([^\S\n]*)(?=::)|#(?=#\[)/gm;

/**
 * The text as one that is only read: control characters but newline and tab are spelt
 * out, lines after the first are indented, and no line is a command of a workflow.
 */
export function plain(text: string): string {
  return text
    .replaceAll("\r\n", "\n")
    .replace(CONTROL, spellOut)
    .replaceAll("\n", "\n  ")
    .replace(COMMAND, (match) => `${match}\\`);
}

/** A name or a path in quotes, on one line, its end known. */
export function quoted(name: string): string {
  const escaped = name.replaceAll("\n", "\\n").replaceAll("\t", "\\t")
    .replaceAll('"', '\\"').replace(CONTROL, spellOut);
  return `"${escaped}"`;
}

/** A control character as JavaScript writes it. */
function spellOut(character: string): string {
  if (character === "\r") return "\\r";
  const code = character.charCodeAt(0);
  return code < 0x100
    ? `\\x${code.toString(16).padStart(2, "0")}`
    : `\\u${code.toString(16)}`;
}
