import {
  type CauseOptions,
  CodexError,
  type ErrorClasses,
  nameErrors,
} from "./codex_error.ts";

/** Options of {@linkcode CodexThreadBundleError}. */
export interface ThreadBundleErrorOptions extends CauseOptions {
  /** The file in the bundle that has the problem; omitted if it is the bundle itself. */
  readonly fileName?: string;
  /** The line of that file, from 1; omitted if it is the whole file. */
  readonly lineNumber?: number | null;
}

/**
 * A bundle cannot be imported: it is damaged, too large, or not created by
 * `exportThread`. Or a thread cannot be exported to a bundle: it is damaged or too large.
 * Nothing was written.
 *
 * See docs/errors.md#invalid_bundle.
 */
export class CodexThreadBundleError extends CodexError {
  /**
   * The name of the file in the bundle that has the problem; empty if it is the bundle
   * itself.
   */
  readonly fileName: string;
  /** The line of that file, from 1; `null` if the problem is not in a line. */
  readonly lineNumber: number | null;

  /** Creates an error about a bundle, or a file or line in it. */
  constructor(message: string, options: ThreadBundleErrorOptions = {}) {
    super(message, { ...options, code: "invalid_bundle" });
    this.fileName = options.fileName ?? "";
    this.lineNumber = options.lineNumber ?? null;
  }
}

/**
 * Options of an error about an existing thread in the home that a bundle is imported
 * into.
 */
export interface ThreadExistsErrorOptions extends CauseOptions {
  /** The thread's id. */
  readonly threadId: string;
}

/**
 * The thread of a bundle already exists in the home, and `onExisting` is `fail`. Nothing
 * was written.
 *
 * See docs/errors.md#thread_exists.
 */
export class CodexThreadExistsError extends CodexError {
  /** The thread's id. */
  readonly threadId: string;

  /** Creates an error about a thread; a subclass has its own code. */
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
 * The thread of a bundle, or one that it was forked from, has continued differently in
 * the home: neither history is the beginning of the other. Nothing was written.
 *
 * See docs/errors.md#thread_diverged.
 */
export class CodexThreadDivergedError extends CodexThreadExistsError {
  /** Creates an error about a thread. */
  constructor(message: string, options: ThreadExistsErrorOptions) {
    super(message, { ...options, code: "thread_diverged" });
  }
}

/** Options of {@linkcode CodexThreadConflictError}. */
export interface ThreadConflictErrorOptions extends CauseOptions {
  /** The thread's id. */
  readonly threadId: string;
  /** The version that was to be replaced; `null` if the store was to have none. */
  readonly expectedVersion: string | null;
}

/**
 * A store has another version of a thread than the one that was to be replaced: somebody
 * else has saved the thread since. The stored version was not changed.
 *
 * See docs/errors.md#thread_conflict.
 */
export class CodexThreadConflictError extends CodexError {
  /** The thread's id. */
  readonly threadId: string;
  /** The version that was to be replaced; `null` if the store was to have none. */
  readonly expectedVersion: string | null;

  /** Creates an error about a thread and the version that was expected. */
  constructor(message: string, options: ThreadConflictErrorOptions) {
    super(message, { ...options, code: "thread_conflict" });
    this.threadId = options.threadId;
    this.expectedVersion = options.expectedVersion;
  }
}

/** The error classes of this module, by name. */
export const THREAD_ERRORS: ErrorClasses = {
  CodexThreadBundleError,
  CodexThreadExistsError,
  CodexThreadDivergedError,
  CodexThreadConflictError,
};

nameErrors(THREAD_ERRORS);
