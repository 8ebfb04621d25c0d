import type { Diagnostic } from "../protocol/diagnostics.ts";
import type { Usage } from "../protocol/events.ts";
import type { ThreadItem } from "../protocol/items.ts";

/** What is known of the CLI's process. */
export interface ProcessFacts {
  /** The exit code; `null` if a signal ended it or it did not run. */
  readonly exitCode: number | null;
  /** The signal that ended it, such as `SIGKILL`. */
  readonly signal: string | null;
  /** The last 64 KiB of its stderr. */
  readonly stderr: string;
  /** Its arguments, with every value but a thread id left out. */
  readonly argv: readonly string[];
}

/** What is known of a turn when it ends badly: its work so far is not lost. */
export interface TurnFacts extends ProcessFacts {
  /** The thread, if it was opened. */
  readonly threadId: string | null;
  /** The items that were completed, in the order of their completion. */
  readonly items: readonly ThreadItem[];
  /** The thread's token total, if it was reported. */
  readonly usage: Usage | null;
  /** What went wrong on the way without ending the turn: the latest 100 `error` events and items. */
  readonly warnings: readonly string[];
  /** What was not understood on the CLI's output: the first 100. */
  readonly diagnostics: readonly Diagnostic[];
}

/** The facts of a process that did not run. */
export const NO_PROCESS_FACTS: ProcessFacts = {
  exitCode: null,
  signal: null,
  stderr: "",
  argv: [],
};

/** The facts of a turn that never began. */
export const NO_TURN_FACTS: TurnFacts = {
  threadId: null,
  items: [],
  usage: null,
  warnings: [],
  diagnostics: [],
  ...NO_PROCESS_FACTS,
};
