import { CodexInputError } from "../errors/codex_error.ts";
import type { AbortSignalLike } from "../util/on_abort.ts";
import type { CodexOptions, ThreadOptions, TurnOptions } from "./options.ts";

// Tables rather than lists: a new option that is missing here does not compile.
export const CODEX_OPTIONS: {
  readonly [K in keyof Required<CodexOptions>]: true;
} = {
  codexPathOverride: true,
  baseUrl: true,
  apiKey: true,
  config: true,
  configOverrides: true,
  env: true,
  envMode: true,
  strictEvents: true,
  maxLineBytes: true,
  shutdownGraceMs: true,
  endWithHost: true,
};

export const THREAD_OPTIONS: {
  readonly [K in keyof Required<ThreadOptions>]: true;
} = {
  model: true,
  threadSource: true,
  sandboxMode: true,
  workingDirectory: true,
  skipGitRepoCheck: true,
  modelReasoningEffort: true,
  networkAccessEnabled: true,
  webSearchMode: true,
  webSearchEnabled: true,
  approvalPolicy: true,
  additionalDirectories: true,
};

const TURN_OPTIONS: { readonly [K in keyof Required<TurnOptions>]: true } = {
  outputSchema: true,
  outputType: true,
  strict: true,
  repair: true,
  cyberAccessProgram: true,
  signal: true,
  timeoutMs: true,
  idleTimeoutMs: true,
};

/** The options whose values are handed to the CLI as words of a command line. */
const TEXT: readonly string[] = [
  "codexPathOverride",
  "baseUrl",
  "apiKey",
  "model",
  "threadSource",
  "sandboxMode",
  "workingDirectory",
  "modelReasoningEffort",
  "webSearchMode",
  "approvalPolicy",
  "cyberAccessProgram",
];

const TEXTS: readonly string[] = [
  "configOverrides",
  "additionalDirectories",
];

/** The longest time that a timer takes; longer ones go off at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The options that are whole numbers above 0, and the most that each can be. */
const NUMBERS: { readonly [name: string]: number } = {
  maxLineBytes: Number.MAX_SAFE_INTEGER,
  shutdownGraceMs: MAX_TIMER_MS,
  timeoutMs: MAX_TIMER_MS,
  idleTimeoutMs: MAX_TIMER_MS,
};

const SWITCHES: readonly string[] = [
  "skipGitRepoCheck",
  "networkAccessEnabled",
  "webSearchEnabled",
  "strictEvents",
  "endWithHost",
  "strict",
];

/** The most often that an answer is sent back. */
const MAX_REPAIRS = 10;

// Options are copied once, and only what is theirs: what an object has of a prototype
// is not what its caller wrote, and it may be a getter that says something else later.

/**
 * Copies the options of a client; refuses what cannot be meant.
 *
 * @throws {CodexInputError} For an option that cannot be used.
 */
export function ownCodexOptions(given: CodexOptions): CodexOptions {
  const options = ownOptions(given, CODEX_OPTIONS, "Codex options");
  const { envMode, env } = options;
  if (envMode && envMode !== "replace" && envMode !== "merge") {
    rejectOption("envMode", 'must be "replace" or "merge"');
  }
  if (env && (typeof env !== "object" || Array.isArray(env))) {
    rejectOption("env", "must be an object of variables");
  }
  for (const [name, value] of Object.entries(env ?? {})) {
    if (name === "" || /[=\0]/.test(name)) {
      // With `KEY=value` for a name, the value is none to show.
      const shown = name.replace(/=[^]{8,}$/, "=…");
      rejectOption(`env["${shown}"]`, "has a name that no variable can have");
    }
    if (value !== undefined) checkText(value, `env["${name}"]`);
  }
  return options;
}

/**
 * Copies the options of a thread; refuses what cannot be meant.
 *
 * @throws {CodexInputError} For an option that cannot be used.
 */
export function ownThreadOptions(given: ThreadOptions): ThreadOptions {
  return ownOptions(given, THREAD_OPTIONS, "Thread options");
}

/** Options of a turn, but for what cancels it: that is another thing for each client. */
type AnyTurnOptions = Omit<TurnOptions, "signal" | "outputType"> & {
  signal?: unknown;
  outputType?: unknown;
};

/**
 * Copies the options of a turn; refuses what cannot be meant.
 *
 * @param checkSignal Refuses what cannot cancel the turn.
 * @throws {CodexInputError} For an option that cannot be used.
 */
export function ownTurnOptions<O extends AnyTurnOptions>(
  given: O,
  checkSignal: (signal: unknown) => void = checkAbortSignal,
): O {
  const options = ownOptions(given, TURN_OPTIONS, "Turn options") as O;
  const { signal, repair = 0 } = options;
  const isCount = Number.isInteger(repair) && repair >= 0;
  // In plain JavaScript null is the same as nothing.
  if (repair !== null && (!isCount || repair > MAX_REPAIRS)) {
    rejectOption("repair", `must be a whole number from 0 to ${MAX_REPAIRS}`);
  }
  if (signal !== undefined) checkSignal(signal);
  return options;
}

function checkAbortSignal(signal: unknown): void {
  if (!isAbortSignal(signal)) rejectOption("signal", "must be an AbortSignal");
}

/** By all that is used of it: a signal of another realm or library is one too. */
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
  known: { readonly [name: string]: true },
  what: string,
): O {
  if (typeof given !== "object" || given === null) {
    throw new CodexInputError(`${what} must be an object`, { path: "options" });
  }
  const names = Object.keys(known);
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(known, name)) rejectMisspelling(name, names, given);
  }
  // Every option is there, also one that was left out: neither this object nor a copy
  // of it has anything of Object.prototype then.
  const options: { [name: string]: unknown } = Object.create(null);
  for (const name of names) {
    options[name] = undefined;
    if (!isOwn(given, name)) continue;
    const value: unknown = Reflect.get(given, name);
    // In plain JavaScript null is the same as nothing.
    if (value === undefined || value === null) continue;
    checkOption(value, name);
    options[name] = Array.isArray(value) ? [...value] : value;
  }
  return options as O;
}

function checkOption(value: unknown, name: string): void {
  if (TEXT.includes(name)) {
    checkText(value, name);
  } else if (Object.hasOwn(NUMBERS, name)) {
    checkCount(value, name, NUMBERS[name] ?? 0);
  } else if (SWITCHES.includes(name)) {
    if (typeof value !== "boolean") rejectOption(name, "must be true or false");
  } else if (TEXTS.includes(name)) {
    if (!Array.isArray(value)) {
      rejectOption(name, "must be an array of strings");
    }
    value.forEach((text: unknown, index: number) =>
      checkText(text, `${name}[${index}]`)
    );
  }
}

/**
 * Whether an option is the object's own, or a getter of its class. Whatever else stands
 * on a prototype is refused: left out in silence, the agent could run without its
 * sandbox. What stands on Object.prototype is no caller's, and is nothing.
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
    rejectOption(name, "must be the object's own: it stands on its prototype");
  }
  return false;
}

/**
 * An option with another spelling, such as `sandbox_mode`, would be left out, and
 * the agent would run without its sandbox. Other keys are the caller's own.
 */
function rejectMisspelling(
  name: string,
  known: readonly string[],
  given: object,
): void {
  const value: unknown = Reflect.get(given, name);
  if (value === undefined || value === null) return;
  const bare = (text: string): string =>
    text.replaceAll(/[_-]/g, "").toLowerCase();
  const meant = known.find((option) => bare(option) === bare(name));
  if (meant !== undefined) {
    rejectOption(name, `is no option: write ${meant}`);
  }
}

function checkCount(value: unknown, path: string, max: number): void {
  if (Number.isInteger(value) && Number(value) > 0 && Number(value) <= max) {
    return;
  }
  rejectOption(path, `must be a whole number from 1 to ${max}`);
}

function checkText(value: unknown, path: string): void {
  if (typeof value !== "string") {
    rejectOption(path, "must be a string");
  } else if (value.includes("\0")) {
    rejectOption(path, "must not hold a NUL character");
  }
}

function rejectOption(path: string, why: string): never {
  throw new CodexInputError(`${path} ${why}`, { path });
}
