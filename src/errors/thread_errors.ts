import {
  type CauseOptions,
  CodexError,
  type ErrorClasses,
  nameErrors,
} from "./codex_error.ts";

/** Options of {@linkcode CodexThreadBundleError}. */
export interface ThreadBundleErrorOptions extends CauseOptions {
  /** The file in the bundle that it is about; the bundle as a whole without one. */
  readonly fileName?: string;
  /** The line of that file, from 1; the file as a whole without one. */
  readonly lineNumber?: number | null;
}

/**
 * A bundle cannot be imported: it is damaged, too large, or not made by `exportThread`. Or
 * a thread cannot be put into one: it is damaged or too large. Nothing was written.
 *
 * What helps: docs/errors.md#invalid_bundle.
 */
export class CodexThreadBundleError extends CodexError {
  /** The name of the file in the bundle that it is about; empty where it is about the bundle. */
  readonly fileName: string;
  /** The line of that file, from 1; `null` where it is about no line. */
  readonly lineNumber: number | null;

  /** Makes an error about a bundle, or a place in it. */
  constructor(message: string, options: ThreadBundleErrorOptions = {}) {
    super(message, { ...options, code: "invalid_bundle" });
    this.fileName = options.fileName ?? "";
    this.lineNumber = options.lineNumber ?? null;
  }
}

/** Options of an error about a thread of the home that a bundle is imported into. */
export interface ThreadExistsErrorOptions extends CauseOptions {
  /** The thread. */
  readonly threadId: string;
}

/**
 * The thread of a bundle is in the home already, and `onExisting` is `fail`. Nothing was
 * written.
 *
 * What helps: docs/errors.md#thread_exists.
 */
export class CodexThreadExistsError extends CodexError {
  /** The thread. */
  readonly threadId: string;

  /** Makes an error about a thread; a subclass has a code of its own. */
  constructor(
    message: string,
    options: ThreadExistsErrorOptions & {
      readonly code?: "thread_exists" | "thread_diverged";
    },
  ) {
    super(message, { ...options, code: options.code ?? "thread_exists" });
    this.threadId = options.threadId;
  }
}

/**
 * The thread of a bundle, or one that it was forked from, has gone on differently in the
 * home: neither history begins with the other. Nothing was written.
 *
 * What helps: docs/errors.md#thread_diverged.
 */
export class CodexThreadDivergedError extends CodexThreadExistsError {
  /** Makes an error about a thread. */
  constructor(message: string, options: ThreadExistsErrorOptions) {
    super(message, { ...options, code: "thread_diverged" });
  }
}

/** Options of {@linkcode CodexThreadConflictError}. */
export interface ThreadConflictErrorOptions extends CauseOptions {
  /** The thread. */
  readonly threadId: string;
  /** The version that was to be replaced; `null` where there was to be none. */
  readonly expectedVersion: string | null;
}

/**
 * A store has another version of a thread than the one to be replaced: somebody else has
 * saved it since. What is stored was left as it is.
 *
 * What helps: docs/errors.md#thread_conflict.
 */
export class CodexThreadConflictError extends CodexError {
  /** The thread. */
  readonly threadId: string;
  /** The version that was to be replaced; `null` where there was to be none. */
  readonly expectedVersion: string | null;

  /** Makes an error about a thread and the version that was expected. */
  constructor(message: string, options: ThreadConflictErrorOptions) {
    super(message, { ...options, code: "thread_conflict" });
    this.threadId = options.threadId;
    this.expectedVersion = options.expectedVersion;
  }
}

/** The classes of errors of this module, by their names. */
export const THREAD_ERRORS: ErrorClasses = {
  CodexThreadBundleError,
  CodexThreadExistsError,
  CodexThreadDivergedError,
  CodexThreadConflictError,
};

nameErrors(THREAD_ERRORS);
