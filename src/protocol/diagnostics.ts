/**
 * Something on the CLI's output that was not understood. It never decides a
 * turn; it is there so that nothing goes by in silence.
 */
export interface Diagnostic {
  /**
   * What it is: `noise`, a line that is no event (a warning, a progress bar);
   * `unknown`, an event or item of a kind that this version does not know;
   * `invalid`, one of a known kind with a field that is not what it should be.
   */
  readonly kind: "noise" | "unknown" | "invalid";
  /** The line on the CLI's stdout, from 1; `null` where the event came from elsewhere. */
  readonly lineNumber: number | null;
  /** A JSON pointer to the culprit, such as `/item/exit_code`; empty for noise. */
  readonly path: string;
  /** What was found there: for noise the line itself, at most 1,024 characters of it. */
  readonly message: string;
}

/** Is told of each {@linkcode Diagnostic} as it is found. */
export type DiagnosticListener = (diagnostic: Diagnostic) => void;
