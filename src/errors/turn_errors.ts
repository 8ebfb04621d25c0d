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

/** Options of an error about a turn: without a `reason` it is `other`. */
export interface TurnErrorOptions extends CauseOptions, Partial<FailureFacts> {
  /** The facts about the turn; none of one that never began. */
  readonly facts?: TurnFacts | undefined;
}

/** A turn ended badly. Carries what is known of it, and of the cause. */
export class CodexTurnError extends CodexError
  implements TurnFacts, FailureFacts {
  /** The kind of failure; `other` where nothing tells it, and of a turn that was stopped from here. */
  readonly reason: FailureReason;
  /** The status of the service's answer; `null` where nothing tells it. */
  readonly httpStatus: number | null;
  /** The service's own code, such as `invalid_api_key`; `null` where the CLI does not hand it on. */
  readonly serviceCode: string | null;
  /** The thread, if it was opened. */
  readonly threadId: string | null;
  /** The CLI's exit code; `null` if a signal ended it or it did not run. */
  readonly exitCode: number | null;
  /** The signal that ended the CLI, such as `SIGKILL`. */
  readonly signal: string | null;
  // What may be long stays out of what a console prints of the error.
  readonly #facts: TurnFacts;
  readonly #httpBody: string | null;

  /** Makes an error from a turn's facts. */
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

  /** True if the same turn may succeed within minutes: the service was busy, or failed, or was out of reach. */
  get retryable(): boolean {
    return isRetryable(this.reason);
  }

  /**
   * The service's answer, where the CLI gave it as JSON: at most 16,384 characters, and
   * none of the client's secrets. `null` if there is none.
   */
  get httpBody(): string | null {
    return this.#httpBody;
  }

  /** The items that were completed. */
  get items(): readonly ThreadItem[] {
    return this.#facts.items;
  }

  /** The thread's token total, if it was reported. */
  get usage(): Usage | null {
    return this.#facts.usage;
  }

  /** Problems on the way: the latest 100 messages of `error` events and items. */
  get warnings(): readonly string[] {
    return this.#facts.warnings;
  }

  /** The parts of the CLI's output that were not understood: the first 100. */
  get diagnostics(): readonly Diagnostic[] {
    return this.#facts.diagnostics;
  }

  /** The last 64 KiB of the CLI's stderr. */
  get stderr(): string {
    return this.#facts.stderr;
  }

  /** The CLI's arguments, with every value but a thread id left out. */
  get argv(): readonly string[] {
    return this.#facts.argv;
  }
}

/** Makes the same error again, about a turn of which this is known. */
export function withTurnFacts<E extends CodexTurnError>(
  error: E,
  facts: TurnFacts,
): E {
  return remakeError(error, { facts });
}

/**
 * The turn was cancelled. `cause` is the signal's reason. Its `name` is
 * `AbortError` and its code `ABORT_ERR`, so that checks written for the
 * platform's own aborts know it too.
 *
 * What helps: docs/errors.md#ABORT_ERR.
 */
export class CodexCancelledError extends CodexTurnError {
  /** Makes an error about a cancelled turn; its cause is the reason. */
  constructor(message = "Turn cancelled", options: TurnErrorOptions = {}) {
    super(message, { ...options, code: "ABORT_ERR" });
  }
}

/**
 * The turn was interrupted: by `interrupt()`, by a decision to cancel, or by another
 * client of the same server. The thread can go on.
 *
 * What helps: docs/errors.md#turn_interrupted.
 */
export class CodexInterruptedError extends CodexTurnError {
  /** Makes an error about an interrupted turn. */
  constructor(message = "Turn interrupted", options: TurnErrorOptions = {}) {
    super(message, { ...options, code: "turn_interrupted" });
  }
}

/**
 * The turn took longer than `timeoutMs`.
 *
 * What helps: docs/errors.md#turn_timeout.
 */
export class CodexTimeoutError extends CodexTurnError {
  /** The limit, in ms. */
  readonly limitMs: number;

  /** Makes an error about a limit. */
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
 * For longer than `idleTimeoutMs` the CLI printed no event, and no tool was at work.
 *
 * What helps: docs/errors.md#idle_timeout.
 */
export class CodexIdleTimeoutError extends CodexTimeoutError {
  /** Makes an error about a limit. */
  constructor(
    message: string,
    options: TurnErrorOptions & { readonly limitMs: number },
  ) {
    super(message, { ...options, code: "idle_timeout" });
  }
}

/**
 * The CLI could not be started, or ended without a word of its own on why.
 *
 * What helps: docs/errors.md#spawn_failed, docs/errors.md#unsupported_cli, docs/errors.md#exited.
 */
export class CodexExecError extends CodexTurnError {
  /** Makes an error about the CLI's process. */
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
 * The CLI was found nowhere.
 *
 * What helps: docs/errors.md#executable_not_found.
 */
export class CodexExecutableNotFoundError extends CodexExecError {
  /** Every place that was looked at, in order. */
  readonly searched: readonly string[];

  /** Makes an error that lists the places. */
  constructor(
    message: string,
    options: TurnErrorOptions & { readonly searched: readonly string[] },
  ) {
    super(message, { ...options, code: "executable_not_found" });
    this.searched = options.searched;
  }
}

/**
 * The turn failed; the message is the CLI's own, or that of the service's answer in it.
 *
 * What helps: docs/errors.md#turn_failed.
 */
export class CodexThreadRunError extends CodexTurnError {
  /** Makes an error about a failed turn. */
  constructor(
    message: string,
    options: TurnErrorOptions & { readonly code?: CodexErrorCode } = {},
  ) {
    super(message, { code: "turn_failed", ...options });
  }
}

/**
 * The CLI stopped without saying that the turn is complete or has failed.
 *
 * What helps: docs/errors.md#turn_incomplete.
 */
export class CodexIncompleteTurnError extends CodexThreadRunError {
  /** Makes an error about a turn that just stopped. */
  constructor(message: string, options: TurnErrorOptions = {}) {
    super(message, { ...options, code: "turn_incomplete" });
  }
}

/**
 * The thread to be resumed is not there: the CLI knows none of that id, or opened another.
 *
 * What helps: docs/errors.md#thread_not_found.
 */
export class CodexThreadNotFoundError extends CodexThreadRunError {
  /** The id that was asked for. */
  readonly requestedThreadId: string;
  /** The thread that the CLI opened instead, if it opened one. */
  readonly openedThreadId: string | null;

  /** Makes an error about the thread asked for and the one opened. */
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
 * The thread to be resumed has a turn under way in another process: the CLI allows a
 * thread one writer. The same turn may succeed when that one has ended.
 *
 * What helps: docs/errors.md#thread_busy.
 */
export class CodexThreadBusyError extends CodexThreadRunError {
  /** The id that was asked for. */
  readonly requestedThreadId: string;

  /** Makes an error about the thread asked for. */
  constructor(
    message: string,
    options: TurnErrorOptions & { readonly requestedThreadId: string },
  ) {
    super(message, { ...options, code: "thread_busy" });
    this.requestedThreadId = options.requestedThreadId;
  }
}

/**
 * The thread to be resumed is there and cannot be resumed: it is archived, or its file is empty or damaged.
 *
 * What helps: docs/errors.md#thread_not_resumable.
 */
export class CodexThreadNotResumableError extends CodexThreadRunError {
  /** The id that was asked for. */
  readonly requestedThreadId: string;

  /** Makes an error about the thread asked for. */
  constructor(
    message: string,
    options: TurnErrorOptions & { readonly requestedThreadId: string },
  ) {
    super(message, { ...options, code: "thread_not_resumable" });
    this.requestedThreadId = options.requestedThreadId;
  }
}

/**
 * `result` was read before the turn had ended.
 *
 * What helps: docs/errors.md#stream_not_consumed.
 */
export class CodexThreadStreamNotConsumedError extends CodexThreadRunError {
  /** Makes the error. */
  constructor(
    message =
      "streamed.result is unavailable until streamed.events is fully consumed",
    options: TurnErrorOptions = {},
  ) {
    super(message, { ...options, code: "stream_not_consumed" });
  }
}

/**
 * The answer is not what the output schema or type asks for.
 *
 * What helps: docs/errors.md#invalid_structured_response.
 */
export class CodexStructuredResponseError extends CodexThreadRunError {
  // An answer may be long: it stays out of what a console prints of the error.
  readonly #responseText: string;
  /** The problems, with JSON pointers to where they are. */
  readonly issues: readonly ResponseIssue[];

  /** Makes an error about an answer and its issues. */
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

  /** The answer as the agent gave it. */
  get responseText(): string {
    return this.#responseText;
  }
}

/** The classes of errors of this module, by their names. */
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
