import { isObject } from "./json.ts";

// What a value has to be, in parts that are put together. Schemas of zod would say it as
// well, but zod would have to be loaded for every turn, and makes an object of each
// thing that is wrong before the first can be read: one line may hold millions. A test
// holds both against each other.

/** A check of a value. Objects are open: a key that a newer CLI adds is not an error. */
export interface Rule<T> {
  /** Tells whether a value matches. */
  matches(value: unknown): value is T;
  /**
   * Lists what is wrong with a value that does not match, in zod's wording. Searches
   * lazily, so that it costs no more than the issues that are read.
   *
   * @param path The keys that lead to the value.
   */
  issues(value: unknown, path: readonly string[]): Iterable<Issue>;
}

/** A problem with a value. */
export interface Issue {
  /** The keys that lead to the wrong part. */
  readonly path: readonly string[];
  /** The problem, in zod's wording. */
  readonly message: string;
}

/** A rule for each field of an object, also for those that may be missing. */
type Fields<T> = { readonly [K in keyof T]-?: Rule<T[K]> };

/** Takes everything, also nothing at all. */
export const anything: Rule<unknown> = {
  matches: (_value): _value is unknown => true,
  issues: () => [],
};

/** Takes text. */
export const text: Rule<string> = {
  matches: (value): value is string => typeof value === "string",
  issues: (value, path) => notA("string", value, path),
};

/** Takes numbers, but for those that JSON can write and a double cannot hold. */
export const number: Rule<number> = {
  matches: (value): value is number => Number.isFinite(value),
  issues: (value, path) => notA("number", value, path),
};

/** Takes `true` and `false`. */
export const boolean: Rule<boolean> = {
  matches: (value): value is boolean => typeof value === "boolean",
  issues: (value, path) => notA("boolean", value, path),
};

/** Takes one string, or one of several. */
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

/** Takes what a rule takes, or nothing at all. */
export function optional<T>(rule: Rule<T>): Rule<T | undefined> {
  return {
    matches: (value): value is T | undefined =>
      value === undefined || rule.matches(value),
    issues: rule.issues,
  };
}

/** Takes what a rule takes, `null`, or nothing at all. */
export function nullish<T>(rule: Rule<T>): Rule<T | null | undefined> {
  return {
    matches: (value): value is T | null | undefined =>
      value === undefined || value === null || rule.matches(value),
    issues: rule.issues,
  };
}

/** Takes lists of what a rule takes. */
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

/** Takes objects that hold what a rule takes, under whatever keys. */
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

/** Takes objects by their fields. */
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

/** Lists what is wrong with a part of a value. */
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
