import { type ErrorClasses, nameErrors } from "./codex_error.ts";
import { CodexThreadRunError, type TurnErrorOptions } from "./turn_errors.ts";

/** A problem with a line of the CLI's output. */
export interface LineProblem {
  /** The kind of problem. */
  readonly code: "invalid_json" | "line_too_long" | "unexpected_event";
  /** The line, from 1; `null` where the event came from elsewhere. */
  readonly lineNumber: number | null;
  /** The problem, in words. */
  readonly message: string;
  /** The error behind it. */
  readonly cause?: unknown;
}

/** Options of an error about a line. */
export type LineErrorOptions =
  & TurnErrorOptions
  & Pick<LineProblem, "code" | "lineNumber">;

/**
 * A line of the CLI's output cannot be read as an event.
 *
 * What helps: docs/errors.md#invalid_json, docs/errors.md#unexpected_event.
 */
export class CodexProtocolError extends CodexThreadRunError {
  /** The line, from 1; `null` where the event came from elsewhere. */
  readonly lineNumber: number | null;
  readonly #problem: LineProblem;

  /** Makes an error about a line. */
  constructor(message: string, options: LineErrorOptions) {
    super(message, options);
    const { code, lineNumber, cause } = options;
    this.lineNumber = lineNumber;
    // The words as they were given: the message is made plain, and bounded.
    this.#problem = {
      ...{ code, lineNumber, message },
      ...cause === undefined ? {} : { cause },
    };
  }

  /** The problem, and the line. */
  get problem(): LineProblem {
    return this.#problem;
  }
}

/**
 * A line of the CLI's output is longer than `maxLineBytes`.
 *
 * What helps: docs/errors.md#line_too_long.
 */
export class CodexLineTooLongError extends CodexProtocolError {
  /** Makes an error about a line. */
  constructor(message: string, options: Omit<LineErrorOptions, "code">) {
    super(message, { ...options, code: "line_too_long" });
  }
}

/** Makes the error for a problem with a line. */
export function protocolError(
  { message, ...problem }: LineProblem,
  { facts }: Pick<TurnErrorOptions, "facts"> = {},
): CodexProtocolError {
  return problem.code === "line_too_long"
    ? new CodexLineTooLongError(message, { ...problem, facts })
    : new CodexProtocolError(message, { ...problem, facts });
}

/** The classes of errors of this module, by their names. */
export const PROTOCOL_ERRORS: ErrorClasses = {
  CodexProtocolError,
  CodexLineTooLongError,
};

nameErrors(PROTOCOL_ERRORS);
