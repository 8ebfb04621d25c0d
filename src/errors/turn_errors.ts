import type { Diagnostic } from "../protocol/diagnostics.ts";
import type { ResponseIssue, Usage } from "../protocol/events.ts";
import type { ThreadItem } from "../protocol/items.ts";
import {
  type CauseOptions,
  CodexError,
  type CodexErrorCode,
  type ErrorClasses,
  nameErrors,
  remakeError,
} from "./codex_error.ts";
import {
  type FailureFacts,
  type FailureReason,
  isRetryable,
} from "./failure_reason.ts";
import { NO_TURN_FACTS, type TurnFacts } from "./turn_facts.ts";

/** Options of an error about a turn; `reason` defaults to `other`. */
export interface TurnErrorOptions extends CauseOptions, Partial<FailureFacts> {
  /** The facts about the turn; omitted for a turn that never began. */
  readonly facts?: TurnFacts | undefined;
}

/** A turn was not completed. Carries the facts about the turn, and about the cause. */
export class CodexTurnError extends CodexError
  implements TurnFacts, FailureFacts {
  /**
   * The kind of failure; `other` if it is unknown, and for a cancelled or interrupted
   * turn.
   */
  readonly reason: FailureReason;
  /** The HTTP status of the service's response; `null` if it is unknown. */
  readonly httpStatus: number | null;
  /**
   * The service's own error code, such as `invalid_api_key`, or its error type if there
   * is no code; `null` if the CLI reports neither.
   */
  readonly serviceCode: string | null;
  /** The thread's id; `null` if no thread was opened. */
  readonly threadId: string | null;
  /** The CLI's exit code; `null` if a signal ended it or it did not run. */
  readonly exitCode: number | null;
  /** The signal that ended the CLI, such as `SIGKILL`; `null` if there was none. */
  readonly signal: string | null;
  // Long values are kept out of the output of a console that prints the error.
  readonly #facts: TurnFacts;
  readonly #httpBody: string | null;

  /** Creates an error from a turn's facts. */
  constructor(
    message: string,
    options: TurnErrorOptions & { readonly code: CodexErrorCode },
  ) {
    super(message, options);
    const { facts = NO_TURN_FACTS } = options;
    this.threadId = facts.threadId;
    this.exitCode = facts.exitCode;
    this.signal = facts.signal;
    this.#facts = facts;
    this.reason = options.reason ?? "other";
    this.httpStatus = options.httpStatus ?? null;
    this.serviceCode = options.serviceCode ?? null;
    this.#httpBody = options.httpBody ?? null;
  }

  /**
   * True if the same turn may succeed within minutes: the service was busy, failed, or
   * could not be reached.
   */
  get retryable(): boolean {
    return isRetryable(this.reason);
  }

  /**
   * The body of the service's response, if the CLI passed it on as JSON: at most 16,384
   * characters, with the client's secrets removed. `null` otherwise.
   */
  get httpBody(): string | null {
    return this.#httpBody;
  }

  /** The items completed so far, in the order of their completion. */
  get items(): readonly ThreadItem[] {
    return this.#facts.items;
  }

  /**
   * The thread's token total so far; `null` if it was not reported. `CodexAppServer` learns
   * it after each of the model's responses, `Codex` only when a turn completes.
   */
  get usage(): Usage | null {
    return this.#facts.usage;
  }

  /**
   * Problems that did not end the turn: among others, the latest 100 messages of `error`
   * events and items.
   */
  get warnings(): readonly string[] {
    return this.#facts.warnings;
  }

  /** The parts of the CLI's output that were not understood; the first 100. */
  get diagnostics(): readonly Diagnostic[] {
    return this.#facts.diagnostics;
  }

  /** The last 64 KiB of the CLI's stderr. */
  get stderr(): string {
    return this.#facts.stderr;
  }

  /** The CLI's arguments, with all values except a thread id removed. */
  get argv(): readonly string[] {
    return this.#facts.argv;
  }
}

/** Recreates an error with the facts of a turn. */
export function withTurnFacts<E extends CodexTurnError>(
  error: E,
  facts: TurnFacts,
): E {
  return remakeError(error, { facts });
}

/**
 * The turn was cancelled. `cause` is the signal's reason. The error's `name` is
 * `AbortError` and its code is `ABORT_ERR`, so that checks for the platform's own abort
 * errors recognize it, too.
 *
 * See docs/errors.md#ABORT_ERR.
 */
export class CodexCancelledError extends CodexTurnError {
  /** Creates an error about a cancelled turn; its cause is the signal's reason. */
  constructor(message = "Turn cancelled", options: TurnErrorOptions = {}) {
    super(message, { ...options, code: "ABORT_ERR" });
  }
}

/**
 * The turn was interrupted: by `interrupt()`, by a decision to cancel, or by another
 * client of the same server. The thread can be continued.
 *
 * See docs/errors.md#turn_interrupted.
 */
export class CodexInterruptedError extends CodexTurnError {
  /** Creates an error about an interrupted turn. */
  constructor(message = "Turn interrupted", options: TurnErrorOptions = {}) {
    super(message, { ...options, code: "turn_interrupted" });
  }
}

/**
 * The turn took longer than `timeoutMs`.
 *
 * See docs/errors.md#turn_timeout.
 */
export class CodexTimeoutError extends CodexTurnError {
  /** The limit, in milliseconds. */
  readonly limitMs: number;

  /** Creates an error about a time limit. */
  constructor(
    message: string,
    options: TurnErrorOptions & {
      readonly limitMs: number;
      readonly code?: "turn_timeout" | "idle_timeout";
    },
  ) {
    super(message, { code: "turn_timeout", ...options });
    this.limitMs = options.limitMs;
  }
}

/**
 * The CLI printed no event for longer than `idleTimeoutMs`, while no tool was running.
 *
 * See docs/errors.md#idle_timeout.
 */
export class CodexIdleTimeoutError extends CodexTimeoutError {
  /** Creates an error about a time limit. */
  constructor(
    message: string,
    options: TurnErrorOptions & { readonly limitMs: number },
  ) {
    super(message, { ...options, code: "idle_timeout" });
  }
}

/**
 * The CLI could not be started, is not supported, or exited with an error without
 * reporting that the turn was complete or had failed.
 *
 * See docs/errors.md#spawn_failed, docs/errors.md#unsupported_cli, docs/errors.md#exited.
 */
export class CodexExecError extends CodexTurnError {
  /** Creates an error about the CLI's process. */
  constructor(
    message: string,
    options: TurnErrorOptions & {
      readonly code:
        | "spawn_failed"
        | "exited"
        | "executable_not_found"
        | "unsupported_cli";
    },
  ) {
    super(message, options);
  }
}

/**
 * The CLI was not found.
 *
 * See docs/errors.md#executable_not_found.
 */
export class CodexExecutableNotFoundError extends CodexExecError {
  /** All locations that were searched, in order. */
  readonly searched: readonly string[];

  /** Creates an error that lists the locations. */
  constructor(
    message: string,
    options: TurnErrorOptions & { readonly searched: readonly string[] },
  ) {
    super(message, { ...options, code: "executable_not_found" });
    this.searched = options.searched;
  }
}

/**
 * The turn failed. The message is the CLI's own, with the service's message in it if
 * there is one.
 *
 * See docs/errors.md#turn_failed.
 */
export class CodexThreadRunError extends CodexTurnError {
  /** Creates an error about a failed turn. */
  constructor(
    message: string,
    options: TurnErrorOptions & { readonly code?: CodexErrorCode } = {},
  ) {
    super(message, { code: "turn_failed", ...options });
  }
}

/**
 * The CLI stopped without reporting that the turn was complete or had failed.
 *
 * See docs/errors.md#turn_incomplete.
 */
export class CodexIncompleteTurnError extends CodexThreadRunError {
  /** Creates an error about a turn that stopped without a result. */
  constructor(message: string, options: TurnErrorOptions = {}) {
    super(message, { ...options, code: "turn_incomplete" });
  }
}

/**
 * The thread to resume does not exist: the CLI does not know its id, or opened a
 * different thread.
 *
 * See docs/errors.md#thread_not_found.
 */
export class CodexThreadNotFoundError extends CodexThreadRunError {
  /** The id of the requested thread. */
  readonly requestedThreadId: string;
  /** The thread that the CLI opened instead; `null` if it opened none. */
  readonly openedThreadId: string | null;

  /** Creates an error about the requested thread and the one that was opened. */
  constructor(
    message: string,
    options: TurnErrorOptions & {
      readonly requestedThreadId: string;
      readonly openedThreadId: string | null;
    },
  ) {
    super(message, { ...options, code: "thread_not_found" });
    this.requestedThreadId = options.requestedThreadId;
    this.openedThreadId = options.openedThreadId;
  }
}

/**
 * The thread to resume has a running turn in another process: the CLI allows one writer
 * for each thread. The same turn may succeed after that turn has ended.
 *
 * See docs/errors.md#thread_busy.
 */
export class CodexThreadBusyError extends CodexThreadRunError {
  /** The id of the requested thread. */
  readonly requestedThreadId: string;

  /** Creates an error about the requested thread. */
  constructor(
    message: string,
    options: TurnErrorOptions & { readonly requestedThreadId: string },
  ) {
    super(message, { ...options, code: "thread_busy" });
    this.requestedThreadId = options.requestedThreadId;
  }
}

/**
 * The thread to resume exists, but cannot be resumed: it is archived, or its file is
 * empty or damaged.
 *
 * See docs/errors.md#thread_not_resumable.
 */
export class CodexThreadNotResumableError extends CodexThreadRunError {
  /** The id of the requested thread. */
  readonly requestedThreadId: string;

  /** Creates an error about the requested thread. */
  constructor(
    message: string,
    options: TurnErrorOptions & { readonly requestedThreadId: string },
  ) {
    super(message, { ...options, code: "thread_not_resumable" });
    this.requestedThreadId = options.requestedThreadId;
  }
}

/**
 * `result` was read before the turn had ended, or after it was ended early.
 *
 * See docs/errors.md#stream_not_consumed.
 */
export class CodexThreadStreamNotConsumedError extends CodexThreadRunError {
  /** Creates the error. */
  constructor(
    message =
      "streamed.result is unavailable until streamed.events is fully consumed",
    options: TurnErrorOptions = {},
  ) {
    super(message, { ...options, code: "stream_not_consumed" });
  }
}

/**
 * The answer does not match the output schema or type.
 *
 * See docs/errors.md#invalid_structured_response.
 */
export class CodexStructuredResponseError extends CodexThreadRunError {
  // An answer may be long, so a console does not print it with the error.
  readonly #responseText: string;
  /** The problems, each with a JSON pointer to the value. */
  readonly issues: readonly ResponseIssue[];

  /** Creates an error about an answer and its issues. */
  constructor(
    message: string,
    options: TurnErrorOptions & {
      readonly responseText: string;
      readonly issues: readonly ResponseIssue[];
    },
  ) {
    super(message, { ...options, code: "invalid_structured_response" });
    this.#responseText = options.responseText;
    this.issues = options.issues;
  }

  /** The answer, unchanged. */
  get responseText(): string {
    return this.#responseText;
  }
}

/** The error classes of this module, by name. */
export const TURN_ERRORS: ErrorClasses = {
  CodexTurnError,
  AbortError: CodexCancelledError,
  CodexInterruptedError,
  CodexTimeoutError,
  CodexIdleTimeoutError,
  CodexExecError,
  CodexExecutableNotFoundError,
  CodexThreadRunError,
  CodexIncompleteTurnError,
  CodexThreadNotFoundError,
  CodexThreadBusyError,
  CodexThreadNotResumableError,
  CodexThreadStreamNotConsumedError,
  CodexStructuredResponseError,
};

nameErrors(TURN_ERRORS);
