/** The most levels of objects and arrays that the CLI reads. */
const MAX_DEPTH = 128;

/** The most values in a line: parsing more, however short, would use too much memory. */
const MAX_VALUES = 1_000_000;

/** The number of levels in which the names of objects are checked. */
const NAMED_LEVELS = 2;

const NO_JSON = "is not JSON";

/** A line of a rollout. */
export interface RolloutLine {
  /** Its kind, such as `session_meta`. */
  readonly type: string;
  /** Its content. */
  readonly payload?: unknown;
}

/** A line, or the problem with it. */
export type ReadLine =
  | { readonly line: RolloutLine }
  | {
    readonly problem: string;
    /** `true` if nobody can read it, since it was cut off or overwritten. */
    readonly isBroken: boolean;
  };

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Reads a line of a rollout: a JSON object with a string `type`. */
export function readRolloutLine(bytes: Uint8Array): ReadLine {
  let text;
  try {
    text = UTF8.decode(bytes);
  } catch {
    return { problem: "is not UTF-8", isBroken: true };
  }
  const problem = structureProblem(text);
  if (problem !== undefined) return { problem, isBroken: problem === NO_JSON };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: NO_JSON, isBroken: true };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { problem: "is not an object", isBroken: false };
  }
  return "type" in value && typeof value.type === "string"
    ? { line: value as RolloutLine }
    : { problem: "has no type", isBroken: false };
}

/**
 * Finds a reason not to parse a text: it is nested too deep, has too many values, or has an
 * object with a duplicate name, of which one parser uses the first and another the last.
 * Names are only checked in the line's object and in the objects directly in it.
 */
function structureProblem(text: string): string | undefined {
  const names: Set<string>[] = [];
  let depth = 0;
  let values = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text[at]) {
      case '"': {
        const end = endOfString(text, at);
        if (end === -1) return NO_JSON;
        const known = names[depth - 1];
        if (known !== undefined && isName(text, end + 1)) {
          const name = text.slice(at, end + 1);
          // An escape may write the same name differently.
          if (name.includes("\\")) return "has an escape in a name";
          if (known.has(name)) return `has the name ${name.slice(0, 60)} twice`;
          known.add(name);
        }
        at = end;
        break;
      }
      case "{":
      case "[":
        depth++;
        if (depth > MAX_DEPTH) return "is nested too deep";
        if (depth <= NAMED_LEVELS) names[depth - 1] = new Set();
        values++;
        break;
      case "}":
      case "]":
        depth--;
        break;
      case ",":
        values++;
    }
    if (values > MAX_VALUES) return "has too many values";
  }
  return undefined;
}

/** Finds the quote that ends a string; returns -1 if there is none. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1;;) {
    const end = text.indexOf('"', at);
    if (end === -1) return -1;
    let escapes = end;
    while (text[escapes - 1] === "\\") escapes--;
    if ((end - escapes) % 2 === 0) return end;
    at = end + 1;
  }
}

/** Tells whether a string is followed by a colon. */
function isName(text: string, after: number): boolean {
  let at = after;
  while (text[at] === " " || text[at] === "\t") at++;
  return text[at] === ":";
}
