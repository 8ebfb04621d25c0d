import type { JsonObject } from "../../protocol/json.ts";

// The keywords that the model's strict mode documents as supported (facts F18). It
// rejects the whole request because of one unknown keyword or format, so only listed ones
// are sent.

/** The string formats that strict mode supports. */
const FORMATS: ReadonlySet<unknown> = new Set([
  "date-time",
  "time",
  "date",
  "duration",
  "email",
  "hostname",
  "ipv4",
  "ipv6",
  "uuid",
]);

/**
 * Matches syntax that strict mode does not support in patterns: lookaround, back
 * references, Unicode classes.
 */
const UNSUPPORTED_PATTERN = /\(\?(?:[=!]|<[=!])|\\[1-9]|\\k<|\\[pP]\{/;

/**
 * Tells whether a keyword's value can be sent; otherwise it goes into the description.
 */
type ValueCheck = (value: unknown) => boolean;

/** Accepts safe integers and smaller numbers: larger bounds tell a model nothing. */
const isBound: ValueCheck = (value) =>
  typeof value === "number" && Math.abs(value) < Number.MAX_SAFE_INTEGER;
const isNumber: ValueCheck = (value) => typeof value === "number";

/** The constraints that strict mode supports, by type. */
const SENDABLE: {
  readonly [type: string]: { readonly [key: string]: ValueCheck };
} = {
  string: {
    format: (value) => FORMATS.has(value),
    pattern: (value) =>
      typeof value === "string" && !UNSUPPORTED_PATTERN.test(value),
  },
  number: {
    minimum: isBound,
    maximum: isBound,
    exclusiveMinimum: isBound,
    exclusiveMaximum: isBound,
    multipleOf: isNumber,
  },
  array: { minItems: isNumber, maxItems: isNumber },
};

/** The notes for constraints that cannot be sent, by type. */
const NOTES: {
  readonly [type: string]: {
    readonly [key: string]: (value: unknown) => string;
  };
} = {
  string: {
    minLength: (value) => `at least ${String(value)} characters`,
    maxLength: (value) => `at most ${String(value)} characters`,
    format: (value) => `format: ${String(value)}`,
    pattern: (value) => `matches /${String(value)}/`,
    contentEncoding: (value) => `encoding: ${String(value)}`,
    contentMediaType: (value) => `media type: ${String(value)}`,
  },
  number: { multipleOf: (value) => `a multiple of ${String(value)}` },
  array: { uniqueItems: () => "no item twice" },
};

/** The constraints of a schema, split by whether they can be sent. */
export interface Constraints {
  /** The keywords that can be sent. */
  readonly sent: JsonObject;
  /** The other constraints, as notes for the description. */
  readonly notes: readonly string[];
}

/**
 * Splits a schema's constraints; `more` contains further constraints on the same value.
 */
export function splitConstraints(
  type: string,
  schema: JsonObject,
  more: readonly JsonObject[] = [],
): Constraints {
  const kind = type === "integer" ? "number" : type;
  const checks = lookUp(SENDABLE, kind) ?? {};
  const notesByKey = lookUp(NOTES, kind) ?? {};
  const sent: JsonObject = {};
  const notes: string[] = [];
  for (const part of [schema, ...more]) {
    for (const [key, value] of Object.entries(part)) {
      if (lookUp(checks, key)?.(value) && !Object.hasOwn(sent, key)) {
        sent[key] = value;
      } else if (lookUp(sent, key) !== value && value !== false) {
        const note = lookUp(notesByKey, key)?.(value);
        if (note !== undefined) notes.push(note);
      }
    }
  }
  // A format and a pattern usually mean the same, so one of them is enough.
  const said = "pattern" in sent || "format" in sent
    ? notes.filter((note) => !/^(?:format: |matches )/.test(note))
    : notes;
  return { sent, notes: [...new Set(said)] };
}

/** Tells whether strict mode accepts a keyword with a value, for any type. */
export function isSendable(key: string, value: unknown): boolean {
  return Object.values(SENDABLE).some((keywords) =>
    lookUp(keywords, key)?.(value) ?? false
  );
}

/** Looks up a key of a table. Schemas may have any keyword, even `__proto__`. */
export function lookUp<T>(
  table: { readonly [key: string]: T },
  key: string,
): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
