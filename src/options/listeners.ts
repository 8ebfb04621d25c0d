import type { Diagnostic } from "../protocol/diagnostics.ts";
import type { ThreadEvent } from "../protocol/events.ts";

/** The turn that an event is of. */
export interface WatchedTurn {
  /** The thread, once it was named; `null` before that. */
  readonly threadId: string | null;
}

/** A process of the CLI that runs. */
export interface WatchedProcess {
  /** Its id: turns may run at the same time. */
  readonly pid: number;
}

/** A process of the CLI that was started. */
export interface SpawnedProcess extends WatchedProcess {
  /** Its arguments, with every value but a thread id left out. */
  readonly argv: readonly string[];
}

/** A process of the CLI that has ended. */
export interface ExitedProcess extends WatchedProcess {
  /** The exit code; `null` if a signal ended it. */
  readonly exitCode: number | null;
  /** The signal that ended it, such as `SIGKILL`. */
  readonly signal: string | null;
}

/**
 * Functions that watch all turns of a client, for a log or a trace. They decide nothing:
 * they are called in order, beside the turn and never before its consumer has what they
 * are told of, and all before the turn is over. A promise that one gives is not waited for,
 * but for a tenth of a second when the turn ends. What one throws, or rejects with until
 * then, is a warning of the turn.
 *
 * `CodexSync` takes none: its thread is blocked while a turn runs.
 */
export interface Listeners {
  /**
   * Is told each event of each turn, the one of a further attempt too, but no deltas. It
   * is the very object that the turn hands out: do not change it.
   */
  onEvent?: (event: ThreadEvent, turn: WatchedTurn) => unknown;
  /** Is told each part of the CLI's output that was not understood. */
  onDiagnostic?: (diagnostic: Diagnostic, turn: WatchedTurn) => unknown;
  /**
   * Is told what the CLI writes to stderr, in whole lines, without the secrets that it was
   * given. On `CodexAppServer` it is the server's.
   */
  onStderr?: (text: string, child: WatchedProcess) => unknown;
  /**
   * Is told of each process of the CLI that was started: one for each turn and each
   * further attempt; on `CodexAppServer` the server.
   */
  onSpawn?: (child: SpawnedProcess) => unknown;
  /** Is told of each process that has ended, in any way, after all that it has written. */
  onExit?: (child: ExitedProcess) => unknown;
}
