import type { JsonObject } from "../protocol/json.ts";

/** An image that a turn would send. */
export interface ExplainedImage {
  /** The path that the CLI would get; `null` for an image that would be written to a file first. */
  readonly path: string | null;
  /** The size of an image in memory, in bytes; `null` for a file. */
  readonly bytes: number | null;
}

/** The changes to the environment that the CLI would be started with. */
export interface ExplainedEnvironment {
  /** True if it starts from the variables of the host. */
  readonly inherited: boolean;
  /** The names of the variables that are set; their values are not shown. */
  readonly set: readonly string[];
  /** The names of the variables that are left out. */
  readonly unset: readonly string[];
}

/** The process that a turn would start, and its inputs, as a plain JSON value. */
export interface TurnExplanation {
  /** The program: a path, or a name that the system looks up on PATH. */
  readonly executable: string;
  /**
   * The program's arguments. Values that hold a secret, and values of unknown flags, are
   * left out. Values that are known only once the turn runs are shown in angle brackets,
   * such as `<output schema>`.
   */
  readonly argv: readonly string[];
  /** The folder that the CLI would start in; `null` for the current folder of the host. */
  readonly workingDirectory: string | null;
  /** The changes to the CLI's environment. */
  readonly environment: ExplainedEnvironment;
  /** The size of the prompt, which is sent to stdin, in bytes. */
  readonly stdinBytes: number;
  /** The JSON Schema of the answer as it would be sent; `null` for free text. */
  readonly outputSchema: JsonObject | null;
  /** The images, in order. */
  readonly images: readonly ExplainedImage[];
  /** The warnings that the turn would carry before it runs. */
  readonly warnings: readonly string[];
}
