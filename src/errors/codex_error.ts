import { plain, shorten } from "../util/text.ts";

/** The stable codes of this package's errors: what to branch on. */
export type CodexErrorCode =
  | "ABORT_ERR"
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
  | "spawn_failed"
  | "stream_not_consumed"
  | "thread_not_found"
  | "turn_failed"
  | "turn_incomplete"
  | "turn_timeout"
  | "unexpected_event";

/** Sets a class's error name on its prototype, so that it prints like a built-in's. */
export function nameErrors(prototype: Error, name: string): void {
  Object.defineProperty(prototype, "name", {
    value: name,
    configurable: true,
    writable: true,
  });
}

/** The base of every error that this package throws. */
export class CodexError extends Error {
  static {
    nameErrors(this.prototype, "CodexError");
  }

  /** Which condition it is; stable across versions. */
  readonly code: CodexErrorCode;

  /** Makes an error of a code, with the error behind it as `cause`. */
  constructor(message: string, code: CodexErrorCode, cause?: unknown) {
    super(shorten(plain(message)), cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** Input or an option cannot be used. Thrown before anything is spawned. */
export class CodexInputError extends CodexError {
  static {
    nameErrors(this.prototype, "CodexInputError");
  }

  /** Where the culprit is, such as `input[2].path` or `sandboxMode`. */
  readonly path: string;

  /** Makes an error about the value at a path. */
  constructor(message: string, path: string, cause?: unknown) {
    super(message, "invalid_input", cause);
    this.path = path;
  }
}

/** `config` cannot be handed to the CLI. Thrown before anything is spawned. */
export class CodexConfigError extends CodexError {
  static {
    nameErrors(this.prototype, "CodexConfigError");
  }

  /** Where the culprit is in `config`, such as `numbers[0]`; empty for the whole. */
  readonly path: string;

  /** Makes an error about the value at a path of `config`. */
  constructor(message: string, path = "") {
    super(message, "invalid_config");
    this.path = path;
  }
}

/** The output schema cannot be used. Thrown before anything is spawned. */
export class CodexOutputSchemaError extends CodexError {
  static {
    nameErrors(this.prototype, "CodexOutputSchemaError");
  }

  /** A JSON pointer to the culprit's place in the answer, such as `/steps/0/when`; empty for the whole. */
  readonly path: string;

  /** Makes an error about the schema of a place in the answer. */
  constructor(message: string, path = "", cause?: unknown) {
    super(message, "invalid_output_schema", cause);
    this.path = path;
  }
}

/** The runtime forbids what a turn needs, such as Deno without `--allow-run`. */
export class CodexPermissionError extends CodexError {
  static {
    nameErrors(this.prototype, "CodexPermissionError");
  }

  /** What to grant, such as `--allow-run=codex`. */
  readonly flag: string;

  /** Makes an error about a missing permission. */
  constructor(message: string, flag: string, cause?: unknown) {
    super(message, "permission_denied", cause);
    this.flag = flag;
  }
}

/**
 * The host does not give what a turn needs: its folder for temporary files is
 * missing or read-only, its working directory was removed, a file cannot be looked
 * at.
 */
export class CodexEnvironmentError extends CodexError {
  static {
    nameErrors(this.prototype, "CodexEnvironmentError");
  }

  /** What it is about. */
  readonly path: string;
  /** The system's code for the reason, such as `EACCES`; empty where it gave none. */
  readonly systemCode: string;

  /** Makes an error about a path, and the system's code for what is wrong with it. */
  constructor(
    message: string,
    { path, systemCode, cause }: {
      readonly path: string;
      readonly systemCode: string;
      readonly cause?: unknown;
    },
  ) {
    super(message, "host_unavailable", cause);
    this.path = path;
    this.systemCode = systemCode;
  }
}

/** Something that cannot happen did: a defect of this package or an unknown runtime. */
export class CodexInternalError extends CodexError {
  static {
    nameErrors(this.prototype, "CodexInternalError");
  }

  /** Makes an error about a broken expectation. */
  constructor(message: string, cause?: unknown) {
    super(message, "internal", cause);
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
  return new CodexInternalError(`${what}: ${reason}`, cause);
}
