import type { JsonObject } from "../../protocol/json.ts";

// What the model's strict mode documents as supported (facts F18). It rejects a
// whole request for one keyword or format too many, so what is not listed is not sent.

/** The formats of strings that strict mode knows. */
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

/** What strict mode's regular expressions lack: looking around, back references, Unicode classes. */
const UNSUPPORTED_PATTERN = /\(\?(?:[=!]|<[=!])|\\[1-9]|\\k<|\\[pP]\{/;

/** Whether a value of a keyword can be sent; what cannot goes into the description. */
type ValueCheck = (value: unknown) => boolean;

/** A bound beyond the whole numbers that are exact says nothing to a model. */
const isBound: ValueCheck = (value) =>
  typeof value === "number" && Math.abs(value) < Number.MAX_SAFE_INTEGER;
const isNumber: ValueCheck = (value) => typeof value === "number";

/** The keywords of strict mode that constrain a value, by its type. */
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

/** What is said of a constraint that cannot be sent, by its type. */
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

/** The constraints of a schema: those that can be sent, and words for the others. */
export interface Constraints {
  /** The keywords that can be sent. */
  readonly sent: JsonObject;
  /** The others, in words. */
  readonly notes: readonly string[];
}

/** Tells a schema's constraints apart; those of `more` are further ones for the same value. */
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
  // A format and a pattern mostly say the same: one of them is enough.
  const said = "pattern" in sent || "format" in sent
    ? notes.filter((note) => !/^(?:format: |matches )/.test(note))
    : notes;
  return { sent, notes: [...new Set(said)] };
}

/** Whether strict mode takes a keyword with a value for some type. */
export function isSendable(key: string, value: unknown): boolean {
  return Object.values(SENDABLE).some((keywords) =>
    lookUp(keywords, key)?.(value) ?? false
  );
}

/** What a table has under a key: a schema's keywords are anyone's words, `__proto__` too. */
export function lookUp<T>(
  table: { readonly [key: string]: T },
  key: string,
): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
