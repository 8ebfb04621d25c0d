/**
 * Reads a stream in the simplest way: splits it at line feeds and reads each line
 * separately. Shares no code with what it checks.
 *
 * @module
 */

import type { JsonObject, JsonValue } from "../../src/protocol/json.ts";

/** The result of reading line by line. */
export interface Expected {
  /** The objects, with the numbers of their lines. */
  readonly lines: readonly {
    readonly lineNumber: number;
    readonly value: JsonObject;
  }[];
  /** The numbers of lines with other content. */
  readonly noise: readonly number[];
  /** The line that begins like an object but is invalid; nothing is read after it. */
  readonly broken: number | undefined;
}

/** Reads a stream line by line. */
export function readLines(bytes: Uint8Array<ArrayBuffer>): Expected {
  const lines: { lineNumber: number; value: JsonObject }[] = [];
  const noise: number[] = [];
  let lineNumber = 0;
  for (const line of splitAtLineFeeds(bytes)) {
    lineNumber += 1;
    const text = withoutLeadingNoise(
      new TextDecoder("utf-8", { ignoreBOM: true }).decode(line),
    );
    if (text === "") continue;
    if (!text.startsWith("{")) {
      noise.push(lineNumber);
      continue;
    }
    try {
      lines.push({ lineNumber, value: JSON.parse(text) });
    } catch {
      return { lines, noise, broken: lineNumber };
    }
  }
  return { lines, noise, broken: undefined };
}

function splitAtLineFeeds(
  bytes: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer>[] {
  const lines: Uint8Array<ArrayBuffer>[] = [];
  let line: number[] = [];
  for (const byte of bytes) {
    if (byte === 0x0a) {
      lines.push(Uint8Array.from(line));
      line = [];
    } else {
      line.push(byte);
    }
  }
  if (line.length > 0) lines.push(Uint8Array.from(line));
  return lines;
}

/**
 * Removes leading white space and complete terminal escapes, character by character.
 */
function withoutLeadingNoise(text: string): string {
  let rest = text;
  for (;;) {
    const before = rest.length;
    rest = rest.trimStart();
    if (rest.startsWith("\u001b")) rest = withoutEscape(rest);
    if (rest.length === before) return rest;
  }
}

/** Returns the text after an escape, or the whole text if the escape has no end. */
function withoutEscape(text: string): string {
  const kind = text[1] ?? "";
  if ("=>78".includes(kind) && kind !== "") return text.slice(2);
  if (kind === "[") {
    let at = 2;
    while (between(text[at], "0", "?")) at += 1;
    while (between(text[at], " ", "/")) at += 1;
    return between(text[at], "@", "~") ? text.slice(at + 1) : text;
  }
  if (kind !== "]") return text;
  for (let at = 2; at < text.length; at += 1) {
    if (text[at] === "\u0007") return text.slice(at + 1);
    if (text[at] !== "\u001b") continue;
    return text[at + 1] === "\\" ? text.slice(at + 2) : text;
  }
  return text;
}

function between(
  character: string | undefined,
  first: string,
  last: string,
): boolean {
  return character !== undefined && character >= first && character <= last;
}

/** What the reducer must have kept of a turn. */
export interface ExpectedTurn {
  /** The number of completed items. */
  readonly items: number;
  /** The status of the turn. */
  readonly status: "running" | "completed" | "failed";
}

/** Reduces the objects of a stream in the simplest way. */
export function foldObjects(values: readonly JsonObject[]): ExpectedTurn {
  const types = values.map((value) => value.type);
  const items =
    values.filter((value) =>
      value.type === "item.completed" && isObject(value.item)
    ).length;
  const status = types.includes("turn.failed")
    ? "failed"
    : types.includes("turn.completed")
    ? "completed"
    : "running";
  return { items, status };
}

/** Tells whether a value is an object and not an array. */
export function isObject(value: JsonValue | undefined): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
