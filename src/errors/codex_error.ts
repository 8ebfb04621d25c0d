import { plain, shorten } from "../util/text.ts";
import { isError } from "../util/realms.ts";
import { thrownMessage } from "../util/thrown_message.ts";

/** The stable codes of this package's errors. Branch on them instead of on messages. */
export type CodexErrorCode =
  | "ABORT_ERR"
  | "connection_failed"
  | "connection_lost"
  | "executable_not_found"
  | "exited"
  | "host_unavailable"
  | "idle_timeout"
  | "internal"
  | "invalid_bundle"
  | "invalid_config"
  | "invalid_input"
  | "invalid_json"
  | "invalid_output_schema"
  | "invalid_structured_response"
  | "line_too_long"
  | "permission_denied"
  | "request_refused"
  | "request_timeout"
  | "spawn_failed"
  | "stream_not_consumed"
  | "thread_busy"
  | "thread_conflict"
  | "thread_diverged"
  | "thread_exists"
  | "thread_not_found"
  | "thread_not_resumable"
  | "turn_failed"
  | "turn_incomplete"
  | "turn_interrupted"
  | "turn_not_running"
  | "thread_referenced"
  | "turn_timeout"
  | "unexpected_event"
  | "unsupported_cli"
  | "unsupported_option";

/** Options of every error. */
export interface CauseOptions {
  /** The error that caused this one. */
  readonly cause?: unknown;
}

/** Options of {@linkcode CodexError}. */
export interface CodexErrorOptions extends CauseOptions {
  /** The condition that the error reports. */
  readonly code: CodexErrorCode;
}

/** Error classes, by name. */
export interface ErrorClasses {
  readonly [name: string]: { readonly prototype: CodexError };
}

/**
 * Sets the names of error classes on their prototypes, as built-in errors have them:
 * consoles print them, minifiers do not change them, and a subclass may have its own.
 */
export function nameErrors(classes: ErrorClasses): void {
  for (const [name, type] of Object.entries(classes)) {
    Object.defineProperty(type.prototype, "name", {
      value: name,
      configurable: true,
      writable: true,
    });
    CLASSES.set(name, type);
  }
}

/** All error classes that have been loaded, by name. */
const CLASSES = new Map<string, ErrorClasses[string]>();

/** Returns the error class with a name, if it has been loaded. */
export function errorClass(name: string): ErrorClasses[string] | undefined {
  return CLASSES.get(name);
}

/**
 * Returns the name of an error's class; `CodexError` for a subclass from outside this
 * package.
 */
export function errorClassName(error: CodexError): string {
  const [name] = [...CLASSES].find(([, type]) => type === error.constructor) ??
    ["CodexError"];
  return name;
}

/** The maximum depth of causes that are included when an error is serialized. */
export const MAX_CAUSES = 8;

/** An error as JSON: an error of this package with all its facts, or any other error. */
export interface ErrorJson {
  /** The name of the class, for an error of this package. */
  readonly class?: string;
  /** The error's name. */
  readonly name: string;
  /** The error's message. */
  readonly message: string;
  /** The error's code: one of this package's, or of the runtime's, such as `ENOENT`. */
  readonly code?: string | number;
  /** The error that caused this one. */
  readonly cause?: ErrorJson;
  /** Fields that the class adds, and the facts about the turn. */
  readonly [field: string]: unknown;
}

/** Converts an error and its causes to JSON. */
function toErrorJson(error: unknown, depth: number): ErrorJson {
  const { name, message, cause } = isError(error)
    ? error
    : new Error(thrownMessage(error));
  const behind = cause === undefined || depth === MAX_CAUSES
    ? {}
    : { cause: causeToJson(cause, depth + 1) };
  if (!(error instanceof CodexError)) {
    return { name, message, ...plainFields(error), ...behind };
  }
  const { code, cause: _, facts, ...fields }: CodexErrorOptions & {
    readonly facts?: object;
  } = readErrorOptions(error);
  return {
    ...{ class: errorClassName(error), name, message, code },
    ...{ ...fields, ...facts, ...behind },
  };
}

/** Describes a cause, which can be any value, also one that throws when it is read. */
function causeToJson(cause: unknown, depth: number): ErrorJson {
  try {
    return toErrorJson(cause, depth);
  } catch {
    return { name: "Error", message: thrownMessage(cause) };
  }
}

/**
 * Returns the fields of an error from outside this package that are strings, numbers or
 * booleans, such as `code` and `syscall`; none for a text, whose fields are its characters.
 */
export function plainFields(error: unknown): object {
  if (typeof error !== "object" || error === null) return {};
  return Object.fromEntries(
    Object.entries(error).filter(([, value]) =>
      typeof value === "string" || typeof value === "number" ||
      typeof value === "boolean"
    ),
  );
}

// Stored outside the errors: consoles print an error's fields, and facts may be long.
const OPTIONS = new WeakMap<CodexError, CodexErrorOptions>();

/** The base class of all errors that this package throws. */
export class CodexError extends Error {
  /** The condition that the error reports; stable across versions. */
  readonly code: CodexErrorCode;

  /** Creates an error with a code, and with the error that caused it as `cause`. */
  constructor(message: string, options: CodexErrorOptions) {
    const { code, cause } = options;
    super(shorten(plain(message)), cause === undefined ? undefined : { cause });
    this.code = code;
    OPTIONS.set(this, options);
  }

  /**
   * Returns the error as JSON with all its facts: the fields of its class, the items and
   * the stderr of its turn, and the errors that caused it, without stacks. {@linkcode
   * errorFromJSON} restores it.
   */
  toJSON(): ErrorJson {
    return toErrorJson(this, 0);
  }
}

/**
 * Returns the options that an error was created with; together with its message they
 * recreate it. Fields that were changed since then, for example to remove secrets, have
 * their current values.
 */
export function readErrorOptions(error: CodexError): CodexErrorOptions {
  const given = OPTIONS.get(error) ?? { code: error.code, cause: error.cause };
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name,
      Object.hasOwn(error, name) ? Reflect.get(error, name) : value,
    ]),
  ) as unknown as CodexErrorOptions;
}

/** Creates an error of the same class and message as another one, with other options. */
export function remakeError<E extends CodexError>(
  error: E,
  options: object,
): E {
  return makeError(error.constructor, error.message, {
    ...readErrorOptions(error),
    ...options,
  }) as E;
}

/** Creates an error of a class, with a message that has already been shortened. */
export function makeError(
  type: unknown,
  message: string,
  options: object,
): CodexError {
  const error = new (type as typeof CodexError)(
    message,
    options as CodexErrorOptions,
  );
  // The constructor would shorten the message again.
  Object.defineProperty(error, "message", { value: message });
  return error;
}

/** Options of an error about a value at a path. */
export interface PathOptions extends CauseOptions {
  /** The path of the value. */
  readonly path: string;
}

/**
 * Input, a folder or an option cannot be used. Thrown before the turn begins.
 *
 * See docs/errors.md#invalid_input.
 */
export class CodexInputError extends CodexError {
  /** The path of the value, such as `input[2].path` or `sandboxMode`. */
  readonly path: string;

  /** Creates an error about the value at a path; a subclass has its own code. */
  constructor(
    message: string,
    options: PathOptions & { readonly code?: CodexErrorCode },
  ) {
    super(message, { ...options, code: options.code ?? "invalid_input" });
    this.path = options.path;
  }
}

/** Options of {@linkcode CodexUnsupportedOptionError}. */
export interface UnsupportedOptionOptions extends PathOptions {
  /** The version of the CLI that lacks the option, if it is known. */
  readonly version?: string | null;
}

/**
 * An option is not supported by this client, or by the CLI that was found: `codex
 * app-server` has no such flag, a blocked thread cannot wait for it, or a later version
 * of the CLI introduced it. `path` is the option. Thrown before the turn begins.
 *
 * See docs/errors.md#unsupported_option.
 */
export class CodexUnsupportedOptionError extends CodexInputError {
  /**
   * The version of the CLI that lacks the option, such as `0.140.0`; `null` if the CLI is
   * not the reason, or does not report its version.
   */
  readonly version: string | null;

  /** Creates an error about an option. */
  constructor(message: string, options: UnsupportedOptionOptions) {
    super(message, { ...options, code: "unsupported_option" });
    this.version = options.version ?? null;
  }
}

/**
 * `config` cannot be passed to the CLI. Thrown before anything is spawned.
 *
 * See docs/errors.md#invalid_config.
 */
export class CodexConfigError extends CodexError {
  /**
   * The path of the value in `config`, such as `numbers[0]`; empty for all of `config`.
   */
  readonly path: string;

  /** Creates an error about the value at a path of `config`. */
  constructor(message: string, options: PathOptions = { path: "" }) {
    super(message, { ...options, code: "invalid_config" });
    this.path = options.path;
  }
}

/**
 * The output schema cannot be used. Thrown before anything is spawned.
 *
 * See docs/errors.md#invalid_output_schema.
 */
export class CodexOutputSchemaError extends CodexError {
  /**
   * The JSON pointer to the value in the answer, such as `/steps/0/when`; empty for the
   * whole answer.
   */
  readonly path: string;

  /** Creates an error about the schema of a value in the answer. */
  constructor(message: string, options: PathOptions = { path: "" }) {
    super(message, { ...options, code: "invalid_output_schema" });
    this.path = options.path;
  }
}

/**
 * The runtime does not permit something that a turn needs, such as Deno without
 * `--allow-run`.
 *
 * See docs/errors.md#permission_denied.
 */
export class CodexPermissionError extends CodexError {
  /** The flag to grant, such as `--allow-run=codex`. */
  readonly flag: string;

  /** Creates an error about a missing permission. */
  constructor(
    message: string,
    options: CauseOptions & { readonly flag: string },
  ) {
    super(message, { ...options, code: "permission_denied" });
    this.flag = options.flag;
  }
}

/**
 * The host does not provide something that a turn needs: its folder for temporary files
 * is missing or read-only, its working directory was removed, or a file cannot be read.
 * For the blocking client, also: the runtime is too old, or a bundler has left out the
 * worker's program.
 *
 * See docs/errors.md#host_unavailable.
 */
export class CodexEnvironmentError extends CodexError {
  /** The file or folder with the problem; empty if there is none. */
  readonly path: string;
  /** The system's error code, such as `EACCES`; empty if there is none. */
  readonly systemCode: string;

  /** Creates an error about a path, with the system's error code. */
  constructor(
    message: string,
    options: PathOptions & { readonly systemCode: string },
  ) {
    super(message, { ...options, code: "host_unavailable" });
    this.path = options.path;
    this.systemCode = options.systemCode;
  }
}

/**
 * An impossible condition occurred: a defect of this package, or an unknown runtime.
 *
 * See docs/errors.md#internal.
 */
export class CodexInternalError extends CodexError {
  /** Creates an error about a broken expectation. */
  constructor(message: string, options: CauseOptions = {}) {
    super(message, { ...options, code: "internal" });
  }
}

/**
 * Creates an internal error about an action that failed, with the error that was thrown.
 */
export function internalError(
  what: string,
  cause: unknown,
): CodexInternalError {
  const reason = isError(cause)
    ? `${cause.name}: ${cause.message}`
    : thrownMessage(cause);
  return new CodexInternalError(`${what}: ${reason}`, { cause });
}

/** The error classes of this module, by name. */
export const CODEX_ERRORS: ErrorClasses = {
  CodexError,
  CodexInputError,
  CodexUnsupportedOptionError,
  CodexConfigError,
  CodexOutputSchemaError,
  CodexPermissionError,
  CodexEnvironmentError,
  CodexInternalError,
};

nameErrors(CODEX_ERRORS);
