import type { Diagnostic } from "../protocol/diagnostics.ts";
import type { Usage } from "../protocol/events.ts";
import type { ThreadItem } from "../protocol/items.ts";

/**
 * The record of a turn so far: the facts that its state, its result and its errors share.
 */
export interface TurnRecord {
  /** The thread's id; `null` until it is known. */
  readonly threadId: string | null;
  /** The completed items, in the order of their completion. */
  readonly items: readonly ThreadItem[];
  /** The thread's token total, as `turn.completed` reports it; `null` before that, unless the transport knows it. */
  readonly usage: Usage | null;
  /**
   * Problems that did not end the turn: among others, the latest 100 messages of `error`
   * events and items.
   */
  readonly warnings: readonly string[];
  /** The parts of the CLI's output that were not understood; the first 100. */
  readonly diagnostics: readonly Diagnostic[];
}

/** The facts about the CLI's process. */
export interface ProcessFacts {
  /** The exit code; `null` if a signal ended it or it did not run. */
  readonly exitCode: number | null;
  /** The signal that ended it, such as `SIGKILL`; `null` if there was none. */
  readonly signal: string | null;
  /** The last 64 KiB of its stderr. */
  readonly stderr: string;
  /** Its arguments, with all values except a thread id removed. */
  readonly argv: readonly string[];
}

/** The facts about a turn that was not completed, including its work so far. */
export interface TurnFacts extends TurnRecord, ProcessFacts {}

/** The record of a turn before its first event. */
export const NO_TURN_RECORD: TurnRecord = {
  threadId: null,
  items: [],
  usage: null,
  warnings: [],
  diagnostics: [],
};

/** Returns the record that an object contains. */
export function recordIn(holder: TurnRecord): TurnRecord {
  const names = Object.keys(NO_TURN_RECORD) as (keyof TurnRecord)[];
  return Object.fromEntries(
    names.map((name) => [name, holder[name]]),
  ) as unknown as TurnRecord;
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
  ...NO_TURN_RECORD,
  ...NO_PROCESS_FACTS,
};
