/**
 * A part of the CLI's output that was not understood. It never decides how a turn ends;
 * it makes sure that nothing is dropped silently.
 */
export interface Diagnostic {
  /**
   * The kind of problem. `noise`: a line that is not an event (a warning, a progress bar).
   * `unknown`: an event or item of a kind that this version does not know. `invalid`:
   * one of a known kind with a wrong field.
   */
  readonly kind: "noise" | "unknown" | "invalid";
  /** The line on the CLI's stdout, from 1; `null` if the event came from elsewhere. */
  readonly lineNumber: number | null;
  /** A JSON pointer to the wrong value, such as `/item/exit_code`; empty for noise. */
  readonly path: string;
  /** A description; for noise the line itself, at most 1,024 characters of it. */
  readonly message: string;
}

/** Receives each {@linkcode Diagnostic} as it is found. */
export type DiagnosticListener = (diagnostic: Diagnostic) => void;
