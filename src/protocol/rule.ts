import { isObject } from "./json.ts";

// Composable checks of values. Zod schemas could do the same, but zod would have to be
// loaded for every turn, and creates an object for every issue before the first one can
// be read: one line may have millions. A test compares both.

/** A check of a value. Objects are open: a key that a newer CLI adds is not an error. */
export interface Rule<T> {
  /** Tells whether a value matches. */
  matches(value: unknown): value is T;
  /**
   * Lists the issues of a value that does not match, in zod's wording. Searches lazily,
   * so it only costs as much as the issues that are read.
   *
   * @param path The path to the value, as keys.
   */
  issues(value: unknown, path: readonly string[]): Iterable<Issue>;
}

/** A problem with a value. */
export interface Issue {
  /** The path to the wrong part, as keys. */
  readonly path: readonly string[];
  /** The problem, in zod's wording. */
  readonly message: string;
}

/** A rule for each field of an object, including optional ones. */
type Fields<T> = { readonly [K in keyof T]-?: Rule<T[K]> };

/** Accepts everything, including `undefined`. */
export const anything: Rule<unknown> = {
  matches: (_value): _value is unknown => true,
  issues: () => [],
};

/** Accepts strings. */
export const text: Rule<string> = {
  matches: (value): value is string => typeof value === "string",
  issues: (value, path) => notA("string", value, path),
};

/** Accepts finite numbers. JSON can have numbers that are too large for a double, such as `1e999`. */
export const number: Rule<number> = {
  matches: (value): value is number => Number.isFinite(value),
  issues: (value, path) => notA("number", value, path),
};

/** Accepts `true` and `false`. */
export const boolean: Rule<boolean> = {
  matches: (value): value is boolean => typeof value === "boolean",
  issues: (value, path) => notA("boolean", value, path),
};

/** Accepts the given strings. */
export function literal<T extends string>(...strings: readonly T[]): Rule<T> {
  const quoted = strings.map((each) => `"${each}"`).join("|");
  const message = strings.length === 1
    ? `Invalid input: expected ${quoted}`
    : `Invalid option: expected one of ${quoted}`;
  return {
    matches: (value): value is T => strings.some((each) => each === value),
    issues: (_value, path) => [{ path, message }],
  };
}

/** Accepts the values of a rule, and `undefined`. */
export function optional<T>(rule: Rule<T>): Rule<T | undefined> {
  return {
    matches: (value): value is T | undefined =>
      value === undefined || rule.matches(value),
    issues: rule.issues,
  };
}

/** Accepts the values of a rule, `null`, and `undefined`. */
export function nullish<T>(rule: Rule<T>): Rule<T | null | undefined> {
  return {
    matches: (value): value is T | null | undefined =>
      value === undefined || value === null || rule.matches(value),
    issues: rule.issues,
  };
}

/** Accepts arrays whose elements match a rule. */
export function list<T>(rule: Rule<T>): Rule<T[]> {
  return {
    matches(value): value is T[] {
      if (!Array.isArray(value)) return false;
      for (const each of value) if (!rule.matches(each)) return false;
      return true;
    },
    *issues(value, path): Generator<Issue, void> {
      if (!Array.isArray(value)) return yield* notA("array", value, path);
      for (const [index, each] of value.entries()) {
        yield* issuesInside(rule, each, path, String(index));
      }
    },
  };
}

/** Accepts objects whose values match a rule, under any keys. */
export function record<T>(rule: Rule<T>): Rule<{ [key: string]: T }> {
  return {
    matches: (value): value is { [key: string]: T } =>
      isObject(value) &&
      Object.keys(value).every((key) => rule.matches(value[key])),
    *issues(value, path): Generator<Issue, void> {
      if (!isObject(value)) return yield* notA("record", value, path);
      for (const key of Object.keys(value)) {
        yield* issuesInside(rule, value[key], path, key);
      }
    },
  };
}

/** Accepts objects whose fields match their rules. */
export function object<T>(fields: Fields<T>): Rule<T> {
  const rules: [string, Rule<unknown>][] = Object.entries(fields);
  return {
    matches: (value): value is T =>
      isObject(value) && rules.every(([key, rule]) => rule.matches(value[key])),
    *issues(value, path): Generator<Issue, void> {
      if (!isObject(value)) return yield* notA("object", value, path);
      for (const [key, rule] of rules) {
        yield* issuesInside(rule, value[key], path, key);
      }
    },
  };
}

/** Lists the issues of a part of a value; none if it matches. */
function issuesInside(
  rule: Rule<unknown>,
  part: unknown,
  path: readonly string[],
  key: string,
): Iterable<Issue> {
  return rule.matches(part) ? [] : rule.issues(part, [...path, key]);
}

function notA(kind: string, value: unknown, path: readonly string[]): Issue[] {
  const message = `Invalid input: expected ${kind}, received ${
    describeKind(value)
  }`;
  return [{ path, message }];
}

/** Names the kind of a value as zod does. */
function describeKind(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number" && !Number.isFinite(value)) {
    return String(value);
  }
  return typeof value;
}
