import { plain, shorten } from "../util/text.ts";

/** The stable codes of this package's errors: what to branch on. */
export type CodexErrorCode =
  | "ABORT_ERR"
  | "connection_failed"
  | "connection_lost"
  | "executable_not_found"
  | "exited"
  | "host_unavailable"
  | "idle_timeout"
  | "internal"
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
  /** The error behind it. */
  readonly cause?: unknown;
}

/** Options of {@linkcode CodexError}. */
export interface CodexErrorOptions extends CauseOptions {
  /** The condition that it is about. */
  readonly code: CodexErrorCode;
}

/** Classes of errors, by their names. */
export interface ErrorClasses {
  readonly [name: string]: { readonly prototype: CodexError };
}

/**
 * Sets the names of classes of errors on their prototypes, as those of built-in errors
 * are: consoles print them, they outlive minifiers, and a subclass may have its own.
 */
export function nameErrors(classes: ErrorClasses): void {
  for (const [name, { prototype }] of Object.entries(classes)) {
    Object.defineProperty(prototype, "name", {
      value: name,
      configurable: true,
      writable: true,
    });
  }
}

// Kept beside the errors and not in them: consoles print what an error holds, and
// facts may be long.
const OPTIONS = new WeakMap<CodexError, CodexErrorOptions>();

/** The base of every error that this package throws. */
export class CodexError extends Error {
  /** The condition that it is about; stable across versions. */
  readonly code: CodexErrorCode;

  /** Makes an error of a code, with the error behind it as `cause`. */
  constructor(message: string, options: CodexErrorOptions) {
    const { code, cause } = options;
    super(shorten(plain(message)), cause === undefined ? undefined : { cause });
    this.code = code;
    OPTIONS.set(this, options);
  }
}

/**
 * Gives what an error was made with, beside its message: with it, it can be made again.
 * What has been changed on the error since, as secrets are taken out, is as it is now.
 */
export function optionsOf(error: CodexError): CodexErrorOptions {
  const given = OPTIONS.get(error) ?? { code: error.code, cause: error.cause };
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name,
      Object.hasOwn(error, name) ? Reflect.get(error, name) : value,
    ]),
  ) as unknown as CodexErrorOptions;
}

/** Makes an error of the same class and message as another one, with other options. */
export function remakeError<E extends CodexError>(
  error: E,
  options: object,
): E {
  return makeError(error.constructor, error.message, {
    ...optionsOf(error),
    ...options,
  }) as E;
}

/** Makes an error of a class, with a message that was bounded before. */
export function makeError(
  type: unknown,
  message: string,
  options: object,
): CodexError {
  const error = new (type as typeof CodexError)(
    message,
    options as CodexErrorOptions,
  );
  // A message that was cut short would be cut again.
  Object.defineProperty(error, "message", { value: message });
  return error;
}

/** Options of an error about a value at a path. */
export interface PathOptions extends CauseOptions {
  /** The path of the value. */
  readonly path: string;
}

/** Input or an option cannot be used. Thrown before anything is spawned. */
export class CodexInputError extends CodexError {
  /** The path of the value, such as `input[2].path` or `sandboxMode`. */
  readonly path: string;

  /** Makes an error about the value at a path; a subclass has a code of its own. */
  constructor(
    message: string,
    options: PathOptions & { readonly code?: CodexErrorCode },
  ) {
    super(message, { ...options, code: options.code ?? "invalid_input" });
    this.path = options.path;
  }
}

/**
 * An option that this client cannot do: `codex app-server` takes no such flag, or a
 * blocked thread cannot wait for it. Thrown before anything is spawned; `path` is the
 * option.
 */
export class CodexUnsupportedOptionError extends CodexInputError {
  /** Makes an error about an option. */
  constructor(message: string, options: PathOptions) {
    super(message, { ...options, code: "unsupported_option" });
  }
}

/** `config` cannot be handed to the CLI. Thrown before anything is spawned. */
export class CodexConfigError extends CodexError {
  /** The path of the value in `config`, such as `numbers[0]`; empty for the whole. */
  readonly path: string;

  /** Makes an error about the value at a path of `config`. */
  constructor(message: string, options: PathOptions = { path: "" }) {
    super(message, { ...options, code: "invalid_config" });
    this.path = options.path;
  }
}

/** The output schema cannot be used. Thrown before anything is spawned. */
export class CodexOutputSchemaError extends CodexError {
  /** A JSON pointer to the value in the answer, such as `/steps/0/when`; empty for the whole. */
  readonly path: string;

  /** Makes an error about the schema of a place in the answer. */
  constructor(message: string, options: PathOptions = { path: "" }) {
    super(message, { ...options, code: "invalid_output_schema" });
    this.path = options.path;
  }
}

/** The runtime forbids what a turn needs, such as Deno without `--allow-run`. */
export class CodexPermissionError extends CodexError {
  /** The flag to grant, such as `--allow-run=codex`. */
  readonly flag: string;

  /** Makes an error about a missing permission. */
  constructor(
    message: string,
    options: CauseOptions & { readonly flag: string },
  ) {
    super(message, { ...options, code: "permission_denied" });
    this.flag = options.flag;
  }
}

/**
 * The host does not give what a turn needs: its folder for temporary files is
 * missing or read-only, its working directory was removed, a file cannot be looked
 * at; for the blocking client, a runtime that is too old, or a program of its worker
 * that a bundler has left out.
 */
export class CodexEnvironmentError extends CodexError {
  /** The file or folder that it is about; empty where it is about none. */
  readonly path: string;
  /** The system's code for the reason, such as `EACCES`; empty where it gave none. */
  readonly systemCode: string;

  /** Makes an error about a path, and the system's code for what is wrong with it. */
  constructor(
    message: string,
    options: PathOptions & { readonly systemCode: string },
  ) {
    super(message, { ...options, code: "host_unavailable" });
    this.path = options.path;
    this.systemCode = options.systemCode;
  }
}

/** Something that cannot happen did: a defect of this package or an unknown runtime. */
export class CodexInternalError extends CodexError {
  /** Makes an error about a broken expectation. */
  constructor(message: string, options: CauseOptions = {}) {
    super(message, { ...options, code: "internal" });
  }
}

/** Makes an internal error that says what could not be done, and what was thrown instead. */
export function internalError(
  what: string,
  cause: unknown,
): CodexInternalError {
  const reason = cause instanceof Error
    ? `${cause.name}: ${cause.message}`
    : String(cause);
  return new CodexInternalError(`${what}: ${reason}`, { cause });
}

/** The classes of errors of this module, by their names. */
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
