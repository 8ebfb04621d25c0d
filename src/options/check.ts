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

// Options are copied once, and only the object's own: the caller did not write a value of
// a prototype, and a getter may return a different value later.

/**
 * Copies the options of a client; rejects invalid ones.
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
      // With `KEY=value` as a name, the value must not be shown.
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
 * Copies the options of a thread; rejects invalid ones.
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
 * Copies the options of a thread that is continued; rejects invalid ones.
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
 * Copies the options of a review; rejects invalid ones.
 *
 * @param checkSignal Rejects a value that cannot cancel the review.
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

/** The options of a review, for any client. */
type AnyReviewOptions = Omit<ReviewOptions, "signal"> & { signal?: unknown };

/**
 * The options of a turn, for any client; the type of `signal` differs between clients.
 */
type AnyTurnOptions = Omit<TurnOptions, "signal" | "outputType"> & {
  signal?: unknown;
  outputType?: unknown;
};

/**
 * Copies the options of a turn; rejects invalid ones.
 *
 * @param checkSignal Rejects a value that cannot cancel the turn.
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
 * Rejects a value that is not a signal.
 *
 * @throws {CodexInputError} If it is not a signal.
 */
export function checkAbortSignal(signal: unknown): void {
  if (!isAbortSignal(signal)) rejectOption("signal", "must be an AbortSignal");
}

/**
 * Tells whether a value has the members of a signal that are used; it may come from
 * another realm or library.
 */
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
 * Copies the options of any object; rejects invalid ones.
 *
 * @param owner The owner of the options, for messages.
 * @param unknown Creates the error for an option that the owner does not have.
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
    // Plain JavaScript may pass null for an option that is not set.
    if (value !== undefined && value !== null) {
      throw unknown(name);
    }
  }
  // Every option is set, even if it is undefined: neither this object nor a copy of it
  // then inherits anything from Object.prototype.
  const options: { [name: string]: unknown } = Object.create(null);
  for (const [name, row] of optionRows(table)) {
    options[name] = undefined;
    if (!isOwn(given, name)) continue;
    const value: unknown = Reflect.get(given, name);
    // Plain JavaScript may pass null for an option that is not set.
    if (value === undefined || value === null) continue;
    checkOption(value, name, row);
    checkSupported(value, name, row);
    options[name] = ownValue(value, row);
  }
  return options as O;
}

/** Copies values that the caller could change later. */
function ownValue(value: unknown, { kind }: OptionRow): unknown {
  if (kind === "tools") return ownTools(value);
  if (Array.isArray(value)) return [...value];
  return kind === "switches" ? { ...value as object } : value;
}

/** Rejects an option that the client does not support, unless its value has no effect. */
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

/**
 * Checks an option by the kind of its row; kinds without a rule are checked by other
 * code.
 */
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
      // The return value of a function is checked after the call.
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
  }
}

/**
 * Tells whether an option is the object's own property, or a getter of its class. A value
 * on any other prototype is rejected: if it were silently ignored, the agent could run
 * without its sandbox. A value on Object.prototype does not come from the caller, and is
 * ignored.
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
 * @throws {CodexInputError} If it is not text; the error does not contain the value.
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
  // An empty string means that the option is not set.
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
