import type { Diagnostic } from "../protocol/diagnostics.ts";
import { CodexError, type CodexErrorCode, nameErrors } from "./codex_error.ts";
import type { Usage } from "../protocol/events.ts";
import type { ThreadItem } from "../protocol/items.ts";

/** What is known of a turn when it ends badly: its work so far is not lost. */
export interface TurnFacts {
  /** The thread, if it was opened. */
  readonly threadId: string | null;
  /** The items that were completed. */
  readonly items: readonly ThreadItem[];
  /** The thread's token total, if it was reported. */
  readonly usage: Usage | null;
  /** What went wrong on the way without ending the turn: the latest 100 `error` events and items. */
  readonly warnings: readonly string[];
  /** What was not understood on the CLI's output: the first 100. */
  readonly diagnostics: readonly Diagnostic[];
  /** The CLI's exit code; `null` if a signal ended it or it did not run. */
  readonly exitCode: number | null;
  /** The signal that ended the CLI, such as `SIGKILL`. */
  readonly signal: string | null;
  /** The last 64 KiB of the CLI's stderr. */
  readonly stderr: string;
  /** The CLI's arguments, with every value but a thread id left out. */
  readonly argv: readonly string[];
}

/** The facts of a turn that never began. */
export const NO_TURN_FACTS: TurnFacts = {
  threadId: null,
  items: [],
  usage: null,
  warnings: [],
  diagnostics: [],
  exitCode: null,
  signal: null,
  stderr: "",
  argv: [],
};

/** A turn ended badly. Carries what is known of it. */
export class CodexTurnError extends CodexError implements TurnFacts {
  static {
    nameErrors(this.prototype, "CodexTurnError");
  }

  /** The thread, if it was opened. */
  readonly threadId: string | null;
  /** The CLI's exit code; `null` if a signal ended it or it did not run. */
  readonly exitCode: number | null;
  /** The signal that ended the CLI, such as `SIGKILL`. */
  readonly signal: string | null;
  // What may be long stays out of what a console prints of the error.
  readonly #facts: TurnFacts;

  /** Makes an error from a turn's facts. */
  constructor(
    message: string,
    code: CodexErrorCode,
    facts: TurnFacts = NO_TURN_FACTS,
    cause?: unknown,
  ) {
    super(message, code, cause);
    this.threadId = facts.threadId;
    this.exitCode = facts.exitCode;
    this.signal = facts.signal;
    this.#facts = facts;
  }

  /** The items that were completed. */
  get items(): readonly ThreadItem[] {
    return this.#facts.items;
  }

  /** The thread's token total, if it was reported. */
  get usage(): Usage | null {
    return this.#facts.usage;
  }

  /** What went wrong on the way: the latest 100 `error` events and items. */
  get warnings(): readonly string[] {
    return this.#facts.warnings;
  }

  /** What was not understood on the CLI's output: the first 100. */
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

/**
 * The turn was cancelled. `cause` is the signal's reason. Its `name` is
 * `AbortError` and its code `ABORT_ERR`, so that checks written for the
 * platform's own aborts know it too.
 */
export class CodexCancelledError extends CodexTurnError {
  static {
    nameErrors(this.prototype, "AbortError");
  }

  /** Makes an error about a turn cancelled for a reason. */
  constructor(reason: unknown, facts?: TurnFacts) {
    super("Turn cancelled", "ABORT_ERR", facts, reason);
  }
}

/** The turn took longer than `timeoutMs`. */
export class CodexTimeoutError extends CodexTurnError {
  static {
    nameErrors(this.prototype, "CodexTimeoutError");
  }

  /** The limit, in ms. */
  readonly limitMs: number;

  /** Makes an error about a limit. */
  constructor(
    message: string,
    limitMs: number,
    facts?: TurnFacts,
    code: "turn_timeout" | "idle_timeout" = "turn_timeout",
  ) {
    super(message, code, facts);
    this.limitMs = limitMs;
  }
}

/** For longer than `idleTimeoutMs` the CLI printed no event, and no tool was at work. */
export class CodexIdleTimeoutError extends CodexTimeoutError {
  static {
    nameErrors(this.prototype, "CodexIdleTimeoutError");
  }

  /** Makes an error about a limit. */
  constructor(message: string, limitMs: number, facts?: TurnFacts) {
    super(message, limitMs, facts, "idle_timeout");
  }
}

/** The CLI could not be started, or ended without a word of its own on why. */
export class CodexExecError extends CodexTurnError {
  static {
    nameErrors(this.prototype, "CodexExecError");
  }

  /** Makes an error about the CLI's process. */
  constructor(
    message: string,
    code: "spawn_failed" | "exited" | "executable_not_found",
    facts?: TurnFacts,
    cause?: unknown,
  ) {
    super(message, code, facts, cause);
  }
}

/** The CLI was found nowhere. */
export class CodexExecutableNotFoundError extends CodexExecError {
  static {
    nameErrors(this.prototype, "CodexExecutableNotFoundError");
  }

  /** Every place that was looked at, in order. */
  readonly searched: readonly string[];

  /** Makes an error that lists the places. */
  constructor(message: string, searched: readonly string[], cause?: unknown) {
    super(message, "executable_not_found", NO_TURN_FACTS, cause);
    this.searched = searched;
  }
}

/** The turn failed; the message is the CLI's own. */
export class CodexThreadRunError extends CodexTurnError {
  static {
    nameErrors(this.prototype, "CodexThreadRunError");
  }

  /** Makes an error about a failed turn. */
  constructor(
    message: string,
    facts?: TurnFacts,
    code: CodexErrorCode = "turn_failed",
    cause?: unknown,
  ) {
    super(message, code, facts, cause);
  }
}

/** The CLI stopped without saying that the turn is complete or has failed. */
export class CodexIncompleteTurnError extends CodexThreadRunError {
  static {
    nameErrors(this.prototype, "CodexIncompleteTurnError");
  }

  /** Makes an error about a turn that just stopped. */
  constructor(message: string, facts?: TurnFacts) {
    super(message, facts, "turn_incomplete");
  }
}

/** The thread to be resumed is not there: the CLI knows none of that id, or opened another. */
export class CodexThreadNotFoundError extends CodexThreadRunError {
  static {
    nameErrors(this.prototype, "CodexThreadNotFoundError");
  }

  /** The id that was asked for. */
  readonly requestedThreadId: string;
  /** The thread that the CLI opened instead, if it opened one. */
  readonly openedThreadId: string | null;

  /** Makes an error about the thread asked for and the one opened. */
  constructor(
    message: string,
    ids: { requested: string; opened: string | null },
    facts?: TurnFacts,
  ) {
    super(message, facts, "thread_not_found");
    this.requestedThreadId = ids.requested;
    this.openedThreadId = ids.opened;
  }
}

/** `result` was read before the turn had ended. */
export class CodexThreadStreamNotConsumedError extends CodexThreadRunError {
  static {
    nameErrors(this.prototype, "CodexThreadStreamNotConsumedError");
  }

  /** Makes the error; it has one message only. */
  constructor() {
    super(
      "streamed.result is unavailable until streamed.events is fully consumed",
      undefined,
      "stream_not_consumed",
    );
  }
}

/** The answer is not what the output schema or type asks for. */
export class CodexStructuredResponseError extends CodexThreadRunError {
  static {
    nameErrors(this.prototype, "CodexStructuredResponseError");
  }

  // An answer may be long: it stays out of what a console prints of the error.
  readonly #responseText: string;
  /** What is wrong with it, and where, as JSON pointers. */
  readonly issues: readonly {
    readonly path: string;
    readonly message: string;
  }[];

  /** Makes an error about an answer and its issues. */
  constructor(
    message: string,
    responseText: string,
    issues: readonly { readonly path: string; readonly message: string }[],
    facts?: TurnFacts,
    cause?: unknown,
  ) {
    super(message, facts, "invalid_structured_response", cause);
    this.#responseText = responseText;
    this.issues = issues;
  }

  /** The answer as the agent gave it. */
  get responseText(): string {
    return this.#responseText;
  }
}

/** The same error about an answer, with what is known of its turn. */
export function refusalWithFacts(
  { message, responseText, issues, cause }: CodexStructuredResponseError,
  facts: TurnFacts,
): CodexStructuredResponseError {
  return new CodexStructuredResponseError(
    message,
    responseText,
    issues,
    facts,
    cause,
  );
}

/** What is wrong with a line of the CLI's output. */
export interface LineProblem {
  /** Which kind of problem it is. */
  readonly code: "invalid_json" | "line_too_long" | "unexpected_event";
  /** The line, from 1; `null` where the event came from elsewhere. */
  readonly lineNumber: number | null;
  /** What is wrong, in words. */
  readonly message: string;
  /** The error behind it. */
  readonly cause?: unknown;
}

/** A line of the CLI's output cannot be read as an event. */
export class CodexProtocolError extends CodexThreadRunError {
  static {
    nameErrors(this.prototype, "CodexProtocolError");
  }

  /** What is wrong, and with which line. */
  readonly problem: LineProblem;

  /** Makes an error about a line. */
  constructor(problem: LineProblem, facts?: TurnFacts) {
    super(problem.message, facts, problem.code, problem.cause);
    this.problem = problem;
  }

  /** The line, from 1; `null` where the event came from elsewhere. */
  get lineNumber(): number | null {
    return this.problem.lineNumber;
  }
}

/** A line of the CLI's output is longer than `maxLineBytes`. */
export class CodexLineTooLongError extends CodexProtocolError {
  static {
    nameErrors(this.prototype, "CodexLineTooLongError");
  }
}

/** The error for a problem with a line. */
export function protocolError(
  problem: LineProblem,
  facts?: TurnFacts,
): CodexProtocolError {
  return problem.code === "line_too_long"
    ? new CodexLineTooLongError(problem, facts)
    : new CodexProtocolError(problem, facts);
}
