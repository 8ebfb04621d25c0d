import type { JsonObject } from "../protocol/json.ts";

/** An image that a turn would send. */
export interface ExplainedImage {
  /** The path that the CLI would be given; `null` for one that would be written to a file first. */
  readonly path: string | null;
  /** The size of one that is in memory, in bytes; `null` for a file. */
  readonly bytes: number | null;
}

/** The changes to the environment that the CLI would be started with. */
export interface ExplainedEnvironment {
  /** True if it begins with the variables of the host. */
  readonly inherited: boolean;
  /** The names of the variables that are set; their values are not shown. */
  readonly set: readonly string[];
  /** The names of the variables that are left out. */
  readonly unset: readonly string[];
}

/** Tells what a turn would start, and with what; a plain value that JSON can hold. */
export interface TurnExplanation {
  /** The program: a path, or a name for the system to find on PATH. */
  readonly executable: string;
  /**
   * Its arguments. Values that hold a secret, and those of flags that are not known, are
   * left out; what is known only once the turn runs stands in angle brackets, such as
   * `<output schema>`.
   */
  readonly argv: readonly string[];
  /** The folder that it would start in; `null` for the program's own. */
  readonly workingDirectory: string | null;
  /** The changes to its environment. */
  readonly environment: ExplainedEnvironment;
  /** The size of the prompt, which goes to its stdin, in bytes. */
  readonly stdinBytes: number;
  /** The JSON Schema of the answer, as it would be sent; `null` for free text. */
  readonly outputSchema: JsonObject | null;
  /** The images, in order. */
  readonly images: readonly ExplainedImage[];
  /** The warnings that the turn would have before it runs. */
  readonly warnings: readonly string[];
}
