import {
  CodexInputError,
  CodexUnsupportedOptionError,
} from "../errors/codex_error.ts";
import type { AbortSignalLike } from "../util/on_abort.ts";
import { eachTokenCount, isTokenCount } from "../protocol/token_counts.ts";
import { checkClientConflicts, checkThreadConflicts } from "./conflicts.ts";
import { checkExtraArgs } from "./extra_args.ts";
import type {
  CodexOptions,
  ResumeOptions,
  ReviewOptions,
  ThreadOptions,
  TurnOptions,
} from "./options.ts";
import { checkToolServerName, ownTools } from "./own_tools.ts";
import {
  type OptionRow,
  type OptionRows,
  optionRows,
  type TextRow,
} from "./row.ts";
import {
  OPTION_TABLES,
  type OptionOwner,
  type OptionTables,
  RESUME_OPTIONS,
  REVIEW_OPTIONS,
} from "./table.ts";
import { unknownOption } from "./unknown_option.ts";

// Options are copied once, and only what the object itself has: a value of a prototype
// is not what the caller wrote, and a getter may give another one later.

/**
 * Copies the options of a client; rejects what cannot be meant.
 *
 * @throws {CodexInputError} For an option that cannot be used.
 */
export function ownCodexOptions<O extends CodexOptions>(
  given: O,
  tables: OptionTables = OPTION_TABLES,
): O & CodexOptions {
  const options = ownOptions(given, "client", tables);
  const { env, toolServerName } = options;
  if (toolServerName) checkToolServerName(toolServerName);
  if (env && (typeof env !== "object" || Array.isArray(env))) {
    rejectOption("env", "must be an object of variables");
  }
  for (const [name, value] of Object.entries(env ?? {})) {
    if (name === "" || /[=\0]/.test(name)) {
      // With `KEY=value` for a name, the value is none to show.
      const shown = name.replace(/=[^]{8,}$/, "=…");
      rejectOption(
        `env["${shown}"]`,
        "has a name that is not valid for a variable",
      );
    }
    if (value !== undefined) checkText(value, `env["${name}"]`);
  }
  checkExtraArgs(options.extraArgs ?? []);
  checkClientConflicts(options);
  return options;
}

/**
 * Copies the options of a thread; rejects what cannot be meant.
 *
 * @throws {CodexInputError} For an option that cannot be used.
 */
export function ownThreadOptions<O extends ThreadOptions = ThreadOptions>(
  given: O,
  tables: OptionTables = OPTION_TABLES,
): O & ThreadOptions {
  const options = ownOptions(given, "thread", tables);
  checkThreadConflicts(options);
  return options;
}

/**
 * Copies the options of a thread that goes on; rejects what cannot be meant.
 *
 * @throws {CodexInputError} For an option that cannot be used.
 */
export function ownResumeOptions<O extends ResumeOptions = ResumeOptions>(
  given: O,
  tables: OptionTables = OPTION_TABLES,
): O & ResumeOptions {
  const options = ownThreadOptions(given, {
    ...tables,
    thread: { ...tables.thread, ...RESUME_OPTIONS },
  });
  const { usageBefore } = options;
  if (usageBefore === undefined) return options;
  const own = eachTokenCount((name) => {
    const tokens: unknown = Object(usageBefore)[name];
    if (!isTokenCount(tokens)) {
      rejectOption(`usageBefore.${name}`, "must be a number of tokens");
    }
    return tokens;
  });
  return { ...options, usageBefore: own };
}

/**
 * Copies the options of a review; rejects what cannot be meant.
 *
 * @param checkSignal Rejects what cannot cancel it.
 * @throws {CodexInputError} For an option that cannot be used.
 */
export function ownReviewOptions<O extends AnyReviewOptions>(
  given: O,
  checkSignal: (signal: unknown) => void = checkAbortSignal,
): O {
  return ownTurnOptions(given, checkSignal, {
    ...OPTION_TABLES,
    turn: REVIEW_OPTIONS,
  });
}

/** The options of a review of any client. */
type AnyReviewOptions = Omit<ReviewOptions, "signal"> & { signal?: unknown };

/** The options of a turn of any client; what cancels a turn differs between them. */
type AnyTurnOptions = Omit<TurnOptions, "signal" | "outputType"> & {
  signal?: unknown;
  outputType?: unknown;
};

/**
 * Copies the options of a turn; rejects what cannot be meant.
 *
 * @param checkSignal Rejects what cannot cancel the turn.
 * @throws {CodexInputError} For an option that cannot be used.
 */
export function ownTurnOptions<O extends AnyTurnOptions>(
  given: O,
  checkSignal: (signal: unknown) => void = checkAbortSignal,
  tables: OptionTables = OPTION_TABLES,
): O {
  const options = ownOptions(given, "turn", tables) as O;
  if (options.signal !== undefined) checkSignal(options.signal);
  return options;
}

/**
 * Rejects what is no signal.
 *
 * @throws {CodexInputError} If it is none.
 */
export function checkAbortSignal(signal: unknown): void {
  if (!isAbortSignal(signal)) rejectOption("signal", "must be an AbortSignal");
}

/** Tells a signal by all that is used of it: one of another realm or library will do. */
function isAbortSignal(signal: unknown): signal is AbortSignalLike {
  if (typeof signal !== "object" || signal === null) return false;
  const { aborted, addEventListener, removeEventListener } = signal as {
    readonly [K in keyof AbortSignalLike]?: unknown;
  };
  return typeof aborted === "boolean" &&
    typeof addEventListener === "function" &&
    typeof removeEventListener === "function";
}

function ownOptions<O extends object>(
  given: O,
  owner: OptionOwner,
  tables: OptionTables,
): O {
  return readOwnOptions(
    given,
    `a ${owner}`,
    tables[owner],
    (name) => unknownOption(name, owner, tables),
  );
}

/**
 * Copies the options of anything; rejects what cannot be meant.
 *
 * @param owner What they are options of, in words.
 * @param unknown Makes the error for an option that it does not have.
 * @throws {CodexInputError} For an option that cannot be used.
 */
export function readOwnOptions<O extends object>(
  given: O,
  owner: string,
  table: OptionRows,
  unknown: (name: string) => CodexInputError,
): O {
  if (typeof given !== "object" || given === null) {
    throw new CodexInputError(`The options of ${owner} must be an object`, {
      path: "options",
    });
  }
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(table, name)) continue;
    const value: unknown = Reflect.get(given, name);
    // In plain JavaScript null is the same as nothing.
    if (value !== undefined && value !== null) {
      throw unknown(name);
    }
  }
  // Every option is there, also one that was left out: neither this object nor a copy
  // of it has anything of Object.prototype then.
  const options: { [name: string]: unknown } = Object.create(null);
  for (const [name, row] of optionRows(table)) {
    options[name] = undefined;
    if (!isOwn(given, name)) continue;
    const value: unknown = Reflect.get(given, name);
    // In plain JavaScript null is the same as nothing.
    if (value === undefined || value === null) continue;
    checkOption(value, name, row);
    checkSupported(value, name, row);
    options[name] = ownValue(value, row);
  }
  return options as O;
}

/** Copies what the caller could change later. */
function ownValue(value: unknown, { kind }: OptionRow): unknown {
  if (kind === "tools") return ownTools(value);
  if (Array.isArray(value)) return [...value];
  return kind === "switches" ? { ...value as object } : value;
}

/** Rejects what a client cannot do; a value that asks for nothing may stay. */
function checkSupported(
  value: unknown,
  name: string,
  { unsupported }: OptionRow,
): void {
  const asksForNothing = value === false || value === "" ||
    Array.isArray(value) && value.length === 0;
  if (unsupported === undefined || asksForNothing) return;
  throw new CodexUnsupportedOptionError(
    `The option ${name} is not supported here: ${unsupported}`,
    { path: name },
  );
}

/** Checks an option by its row; what its kind says nothing about is checked elsewhere. */
function checkOption(value: unknown, name: string, row: OptionRow): void {
  switch (row.kind) {
    case "text":
      checkText(value, name);
      if (row.oneOf !== undefined) checkChoice(value, name, row);
      break;
    case "texts":
      if (!Array.isArray(value)) {
        rejectOption(name, "must be an array of strings");
      }
      value.forEach((text: unknown, index: number) =>
        checkText(text, `${name}[${index}]`)
      );
      break;
    case "secret":
      // What a function gives is checked when it has given it.
      if (typeof value === "function") break;
      checkSecret(value, name);
      break;
    case "switch":
      checkSwitch(value, name);
      break;
    case "switches":
      checkSwitches(value, name);
      break;
    case "count":
      checkCount(value, name, row);
      break;
    case "function":
      if (typeof value !== "function") rejectOption(name, "must be a function");
      break;
    case "refused":
      rejectOption(name, row.why);
  }
}

/**
 * Tells whether an option is the object's own, or a getter of its class. A value on
 * any other prototype is rejected: left out in silence, the agent could run without
 * its sandbox. On Object.prototype it is not from the caller, and is left out.
 *
 * @throws {CodexInputError} For a value on another prototype.
 */
function isOwn(given: object, name: string): boolean {
  if (Object.hasOwn(given, name)) return true;
  for (
    let at = Object.getPrototypeOf(given);
    at !== null && at !== Object.prototype;
    at = Object.getPrototypeOf(at)
  ) {
    const property = Object.getOwnPropertyDescriptor(at, name);
    if (property?.get !== undefined) return true;
    if (property?.value === undefined || property.value === null) continue;
    rejectOption(name, "must be an own property: it is on the prototype");
  }
  return false;
}

/**
 * Checks a secret.
 *
 * @throws {CodexInputError} For what is no text; it shows none of it.
 */
export function checkSecret(
  value: unknown,
  path: string,
): asserts value is string {
  if (typeof value !== "string") {
    rejectOption(path, "must be a string, or a function that returns one");
  }
  checkText(value, path);
}

function checkSwitch(value: unknown, path: string): void {
  if (typeof value !== "boolean") rejectOption(path, "must be true or false");
}

function checkSwitches(value: unknown, path: string): void {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    rejectOption(path, "must be an object whose values are true or false");
  }
  for (const [name, isOn] of Object.entries(value)) {
    if (name === "" || name.startsWith("-")) {
      rejectOption(path, "has a name that is not valid for a feature");
    }
    checkText(name, path);
    if (isOn !== undefined) checkSwitch(isOn, `${path}.${name}`);
  }
}

function checkText(value: unknown, path: string): void {
  if (typeof value !== "string") {
    rejectOption(path, "must be a string");
  } else if (value.includes("\0")) {
    rejectOption(path, "must not contain a NUL character");
  }
}

function checkChoice(
  value: unknown,
  path: string,
  { oneOf = [], withdrawn = {} }: TextRow,
): void {
  // An empty string is the same as nothing.
  if (value === "" || oneOf.some((choice) => choice === value)) return;
  for (const [choice, why] of Object.entries(withdrawn)) {
    if (choice === value) rejectOption(path, `must not be "${choice}": ${why}`);
  }
  const quoted = oneOf.map((choice) => `"${choice}"`);
  rejectOption(path, `must be ${quoted.join(" or ")}`);
}

function checkCount(
  value: unknown,
  path: string,
  { min, max }: { readonly min: number; readonly max: number },
): void {
  if (Number.isInteger(value) && Number(value) >= min && Number(value) <= max) {
    return;
  }
  rejectOption(path, `must be a whole number from ${min} to ${max}`);
}

function rejectOption(path: string, why: string): never {
  throw new CodexInputError(`${path} ${why}`, { path });
}
