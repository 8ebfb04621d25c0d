import { type ErrorClasses, nameErrors } from "./codex_error.ts";
import { CodexThreadRunError, type TurnErrorOptions } from "./turn_errors.ts";

/** A problem with a line of the CLI's output. */
export interface LineProblem {
  /** The kind of problem. */
  readonly code: "invalid_json" | "line_too_long" | "unexpected_event";
  /** The line number, from 1; `null` if the event did not come from a line. */
  readonly lineNumber: number | null;
  /** The description of the problem. */
  readonly message: string;
  /** The error that caused it. */
  readonly cause?: unknown;
}

/** Options of an error about a line. */
export type LineErrorOptions =
  & TurnErrorOptions
  & Pick<LineProblem, "code" | "lineNumber">;

/**
 * A line of the CLI's output cannot be read as an event.
 *
 * See docs/errors.md#invalid_json, docs/errors.md#unexpected_event.
 */
export class CodexProtocolError extends CodexThreadRunError {
  /** The line number, from 1; `null` if the event did not come from a line. */
  readonly lineNumber: number | null;
  readonly #problem: LineProblem;

  /** Creates an error about a line. */
  constructor(message: string, options: LineErrorOptions) {
    super(message, options);
    const { code, lineNumber, cause } = options;
    this.lineNumber = lineNumber;
    // The message as given: `message` has control characters removed, and is shortened.
    this.#problem = {
      ...{ code, lineNumber, message },
      ...cause === undefined ? {} : { cause },
    };
  }

  /** The problem, with its line number. */
  get problem(): LineProblem {
    return this.#problem;
  }
}

/**
 * A line of the CLI's output is longer than `maxLineBytes`.
 *
 * See docs/errors.md#line_too_long.
 */
export class CodexLineTooLongError extends CodexProtocolError {
  /** Creates an error about a line. */
  constructor(message: string, options: Omit<LineErrorOptions, "code">) {
    super(message, { ...options, code: "line_too_long" });
  }
}

/** Creates the error for a problem with a line. */
export function protocolError(
  { message, ...problem }: LineProblem,
  { facts }: Pick<TurnErrorOptions, "facts"> = {},
): CodexProtocolError {
  return problem.code === "line_too_long"
    ? new CodexLineTooLongError(message, { ...problem, facts })
    : new CodexProtocolError(message, { ...problem, facts });
}

/** The error classes of this module, by name. */
export const PROTOCOL_ERRORS: ErrorClasses = {
  CodexProtocolError,
  CodexLineTooLongError,
};

nameErrors(PROTOCOL_ERRORS);
