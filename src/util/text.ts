/** The length to which an error's message is shortened, in characters. */
const MAX_MESSAGE_LENGTH = 8192;

/** Cuts the end of a text that is longer than `length` characters, and marks the cut. */
export function shorten(
  text: string,
  length: number = MAX_MESSAGE_LENGTH,
): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length)}… (${text.length - length} more characters)`;
}

/** Cuts the beginning of a text that is longer than `length` characters, and marks the cut. */
export function shortenStart(text: string, length: number): string {
  if (text.length <= length) return text;
  return `…${text.slice(text.length - length)}`;
}

/** Returns the first line of a text; that of an error's message is the reason. */
export function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}

/** Formats a path of keys as a JSON pointer; empty for an empty path. */
export function jsonPointer(path: readonly PropertyKey[]): string {
  return path.map((key) =>
    `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`
  ).join("");
}

/** Matches characters that control a terminal or a log, or can hide text there. */
const CONTROL =
  // deno-lint-ignore no-control-regex -- it is about them
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** Matches a workflow command for GitHub's runner: at the start of a line, or in its older form anywhere (facts R32). */
const COMMAND = /^([^\S\n]*)(?=::)|#(?=#\[)/gm;

/**
 * Makes a text safe to print: escapes control characters other than newline and tab,
 * indents lines after the first, and prevents lines from being workflow commands.
 */
export function plain(text: string): string {
  return text
    .replaceAll("\r\n", "\n")
    .replace(CONTROL, spellOut)
    .replaceAll("\n", "\n  ")
    .replace(COMMAND, (match) => `${match}\\`);
}

/** Puts a name or a path in quotes, on one line. */
export function quoted(name: string): string {
  const escaped = name.replaceAll("\n", "\\n").replaceAll("\t", "\\t")
    .replaceAll('"', '\\"').replace(CONTROL, spellOut);
  return `"${escaped}"`;
}

/** Escapes a control character as JavaScript does. */
function spellOut(character: string): string {
  if (character === "\r") return "\\r";
  const code = character.charCodeAt(0);
  return code < 0x100
    ? `\\x${code.toString(16).padStart(2, "0")}`
    : `\\u${code.toString(16)}`;
}
