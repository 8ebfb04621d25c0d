/**
 * A part of the CLI's output that was not understood. It never decides how a turn ends;
 * it ensures that nothing is dropped silently.
 */
export interface Diagnostic {
  /**
   * The kind of problem. `noise`: a line that is not an event (a warning, a progress bar).
   * `unknown`: an event or item of a kind that this version does not know. `invalid`:
   * an event or item of a known kind with a wrong field.
   */
  readonly kind: "noise" | "unknown" | "invalid";
  /** The number of the line on the CLI's stdout, from 1; `null` if the event is not from stdout. */
  readonly lineNumber: number | null;
  /** A JSON pointer to the wrong value, such as `/item/exit_code`; empty for noise. */
  readonly path: string;
  /** A description; for noise the first 1,024 characters of the line. */
  readonly message: string;
}

/** Receives each {@linkcode Diagnostic} as it is found. */
export type DiagnosticListener = (diagnostic: Diagnostic) => void;
