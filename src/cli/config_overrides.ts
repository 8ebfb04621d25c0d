import { CodexConfigError } from "../errors/codex_error.ts";
import type { CodexConfigObject } from "../options/config.ts";
import { findFlagSetting } from "./flag_settings.ts";

/** Matches a key that TOML, and so the CLI's dotted paths, accepts without quotes. */
const BARE_KEY = /^[A-Za-z0-9_-]+$/;

/**
 * The first whole number beyond TOML integers; from here on, numbers are sent as floats.
 */
const TOML_INTEGER_LIMIT = 2 ** 63;

/**
 * The deepest nesting that the CLI reads; it takes a deeper value for a raw string (facts
 * F27).
 */
const MAX_NESTING = 80;

/**
 * Converts an object to `key=value` settings, in its order.
 *
 * Nested objects become dotted paths as long as every key is bare. The CLI splits a path
 * on every dot, quoted or not (facts F12), so an object with any other key is sent whole,
 * as an inline table at its own path. At the top level there is no path to send it at;
 * there a key with dots is a path itself, as in the official SDK.
 *
 * @throws {CodexConfigError} For a value that TOML cannot represent, with its path.
 */
export function serializeConfigOverrides(config: CodexConfigObject): string[] {
  if (!isPlainObject(config)) {
    throw new CodexConfigError("Codex config overrides must be a plain object");
  }
  const overrides: string[] = [];
  for (const [key, value] of entries(config, "")) {
    if (!key.split(".").every((part) => BARE_KEY.test(part))) {
      throw new CodexConfigError(
        `Codex config override key ${
          JSON.stringify(key)
        } is neither a bare TOML key nor a dotted path of such keys, which the CLI cannot accept at the top level`,
        { path: key },
      );
    }
    if (key.startsWith("-")) {
      throw new CodexConfigError(
        `Codex config override key ${
          JSON.stringify(key)
        } begins with "-" and would be read as a flag`,
        { path: key },
      );
    }
    const problem = findFlagSetting(key);
    if (problem !== undefined) {
      throw new CodexConfigError(
        `Codex config override ${key} would have no effect: ${problem}`,
        { path: key },
      );
    }
    flatten(value, key, overrides);
  }
  return overrides;
}

/** Writes a value as TOML; `path` locates it in errors, and `depth` is its nesting. */
export function toTomlValue(value: unknown, path: string, depth = 0): string {
  if (typeof value === "string") return tomlString(value, path);
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number") return tomlNumber(value, path);
  if (Array.isArray(value)) {
    checkDepth(depth, path);
    const items = Array.from(
      value,
      (item, index) => toTomlValue(item, `${path}[${index}]`, depth + 1),
    );
    return `[${items.join(", ")}]`;
  }
  if (isPlainObject(value)) {
    checkDepth(depth, path);
    const pairs = entries(value, path).map(([key, child]) =>
      `${BARE_KEY.test(key) ? key : tomlString(key, path)} = ${
        toTomlValue(child, join(path, key), depth + 1)
      }`
    );
    return `{${pairs.join(", ")}}`;
  }
  if (value === null) {
    throw new CodexConfigError(
      `Codex config override at ${path} cannot be null`,
      { path },
    );
  }
  throw new CodexConfigError(
    `Unsupported Codex config override value at ${path}: ${
      describeKind(value)
    }`,
    { path },
  );
}

function flatten(
  value: unknown,
  path: string,
  overrides: string[],
  depth = 0,
): void {
  if (isPlainObject(value)) {
    checkDepth(depth, path);
    const children = entries(value, path);
    if (children.length > 0 && children.every(([key]) => BARE_KEY.test(key))) {
      for (const [key, child] of children) {
        flatten(child, join(path, key), overrides, depth + 1);
      }
      return;
    }
  }
  overrides.push(`${path}=${toTomlValue(value, path)}`);
}

/** Lists the object's entries; skips `undefined` ones. */
function entries(
  object: { readonly [key: string]: unknown },
  path: string,
): [string, unknown][] {
  const found = Object.entries(object).filter(([, child]) =>
    child !== undefined
  );
  if (found.some(([key]) => key === "")) {
    throw new CodexConfigError(
      `Codex config override keys must be non-empty strings${
        path === "" ? "" : `, at ${path}`
      }`,
      { path },
    );
  }
  return found;
}

function tomlString(text: string, path: string): string {
  // A TOML string contains Unicode characters, and a lone surrogate is not one. The CLI
  // would not reject it: it takes a value that does not parse for a raw string.
  if (!text.isWellFormed()) {
    throw new CodexConfigError(
      `Codex config override at ${path} must be well-formed Unicode`,
      { path },
    );
  }
  return JSON.stringify(text).replaceAll("\u007f", "\\u007f");
}

function tomlNumber(number: number, path: string): string {
  if (!Number.isFinite(number)) {
    throw new CodexConfigError(
      `Codex config override at ${path} must be a finite number`,
      { path },
    );
  }
  if (Number.isInteger(number) && Math.abs(number) >= TOML_INTEGER_LIMIT) {
    return number.toExponential();
  }
  return String(number);
}

/** Rejects a value that is nested too deeply, such as one that contains itself. */
function checkDepth(depth: number, path: string): void {
  // The CLI takes a value that is nested deeper for a string (facts F27).
  if (depth < MAX_NESTING) return;
  throw new CodexConfigError(
    `Codex config override at ${path} is nested deeper than ${MAX_NESTING} levels, or contains itself`,
    { path },
  );
}

function join(path: string, key: string): string {
  return `${path}.${key}`;
}

/**
 * Tells whether a value is a plain object: a Date or a Map has no entries and would be
 * sent as empty.
 */
function isPlainObject(
  value: unknown,
): value is { readonly [key: string]: unknown } {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return false;
  }
  const prototype = Object.getPrototypeOf(value);
  // An object of another realm has that realm's Object.prototype, which has no parent.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function describeKind(value: unknown): string {
  return typeof value === "object" && value !== null
    ? value.constructor?.name ?? "object"
    : typeof value;
}
