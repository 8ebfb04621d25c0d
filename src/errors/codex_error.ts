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
  for (const [name, type] of Object.entries(classes)) {
    Object.defineProperty(type.prototype, "name", {
      value: name,
      configurable: true,
      writable: true,
    });
    CLASSES.set(name, type);
  }
}

/** Every class of errors that has been loaded, by its name. */
const CLASSES = new Map<string, ErrorClasses[string]>();

/** Gives the class of errors of a name, if it has been loaded. */
export function errorClass(name: string): ErrorClasses[string] | undefined {
  return CLASSES.get(name);
}

/** Gives the name of an error's class; that of the base for a subclass of somebody else's. */
export function errorClassName(error: CodexError): string {
  const [name] = [...CLASSES].find(([, type]) => type === error.constructor) ??
    ["CodexError"];
  return name;
}

/** The most causes of causes that are taken along when an error is written down. */
export const MAX_CAUSES = 8;

/** An error as JSON: of this package's, with all that it knows, or of another's. */
export interface ErrorJson {
  /** The name of its class, for an error of this package. */
  readonly class?: string;
  /** Its name. */
  readonly name: string;
  /** Its message. */
  readonly message: string;
  /** Its code: one of this package's, or of the runtime's, such as `ENOENT`. */
  readonly code?: string | number;
  /** The error behind it. */
  readonly cause?: ErrorJson;
  /** What its class adds, and what is known of its turn. */
  readonly [field: string]: unknown;
}

/** Writes an error down, and the errors behind it. */
function toErrorJson(error: unknown, depth: number): ErrorJson {
  const { name, message, cause } = error instanceof Error
    ? error
    : new Error(String(error));
  const behind = cause === undefined || depth === MAX_CAUSES
    ? {}
    : { cause: toErrorJson(cause, depth + 1) };
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

/** Gives the fields of another library's or the runtime's error that are words and numbers: `code`, `syscall`. */
export function plainFields(error: unknown): object {
  return Object.fromEntries(
    Object.entries(Object(error)).filter(([, value]) =>
      typeof value === "string" || typeof value === "number" ||
      typeof value === "boolean"
    ),
  );
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

  /**
   * Gives the error as JSON, with all that it knows: the fields of its class, its turn's
   * items and stderr, and the errors behind it, without stacks. {@linkcode errorFromJSON}
   * makes it again.
   */
  toJSON(): ErrorJson {
    return toErrorJson(this, 0);
  }
}

/**
 * Gives what an error was made with, beside its message: with it, it can be made again.
 * What has been changed on the error since, as secrets are taken out, is as it is now.
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

/** Makes an error of the same class and message as another one, with other options. */
export function remakeError<E extends CodexError>(
  error: E,
  options: object,
): E {
  return makeError(error.constructor, error.message, {
    ...readErrorOptions(error),
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

/**
 * Input or an option cannot be used. Thrown before anything is spawned.
 *
 * What helps: docs/errors.md#invalid_input.
 */
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

/** Options of {@linkcode CodexUnsupportedOptionError}. */
export interface UnsupportedOptionOptions extends PathOptions {
  /** The version of the CLI that lacks it, where that is known. */
  readonly version?: string | null;
}

/**
 * An option that this client cannot do, or the CLI that was found: `codex app-server`
 * takes no such flag, a blocked thread cannot wait for it, or it came with a later version
 * of the CLI. `path` is the option. Thrown before the turn begins.
 *
 * What helps: docs/errors.md#unsupported_option.
 */
export class CodexUnsupportedOptionError extends CodexInputError {
  /**
   * The version of the CLI that lacks the option, such as `0.140.0`; `null` where the CLI
   * is not the reason, or does not tell its version.
   */
  readonly version: string | null;

  /** Makes an error about an option. */
  constructor(message: string, options: UnsupportedOptionOptions) {
    super(message, { ...options, code: "unsupported_option" });
    this.version = options.version ?? null;
  }
}

/**
 * `config` cannot be handed to the CLI. Thrown before anything is spawned.
 *
 * What helps: docs/errors.md#invalid_config.
 */
export class CodexConfigError extends CodexError {
  /** The path of the value in `config`, such as `numbers[0]`; empty for the whole. */
  readonly path: string;

  /** Makes an error about the value at a path of `config`. */
  constructor(message: string, options: PathOptions = { path: "" }) {
    super(message, { ...options, code: "invalid_config" });
    this.path = options.path;
  }
}

/**
 * The output schema cannot be used. Thrown before anything is spawned.
 *
 * What helps: docs/errors.md#invalid_output_schema.
 */
export class CodexOutputSchemaError extends CodexError {
  /** A JSON pointer to the value in the answer, such as `/steps/0/when`; empty for the whole. */
  readonly path: string;

  /** Makes an error about the schema of a place in the answer. */
  constructor(message: string, options: PathOptions = { path: "" }) {
    super(message, { ...options, code: "invalid_output_schema" });
    this.path = options.path;
  }
}

/**
 * The runtime forbids what a turn needs, such as Deno without `--allow-run`.
 *
 * What helps: docs/errors.md#permission_denied.
 */
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
 *
 * What helps: docs/errors.md#host_unavailable.
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

/**
 * Something that cannot happen did: a defect of this package or an unknown runtime.
 *
 * What helps: docs/errors.md#internal.
 */
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
