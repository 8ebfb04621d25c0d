import type { Diagnostic } from "../protocol/diagnostics.ts";
import type { ThreadEvent, Usage } from "../protocol/events.ts";

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

/** A turn whose place has come. */
export interface BegunTurn {
  /** The thread that goes on; `null` for one that the turn opens. */
  readonly threadId: string | null;
  /** The prompt; empty for a review that has none. */
  readonly prompt: string;
  /** The model, where thread or turn name one. */
  readonly model: string | undefined;
}

/** A turn that has ended. */
export interface EndedTurn {
  /** The thread; `null` if it was not opened. */
  readonly threadId: string | null;
  /** The tokens that it used; `null` where that is not known, and for one that failed. */
  readonly turnUsage: Usage | null;
  /** Its answer; empty for one that failed. */
  readonly finalResponse: string;
  /** The time that it took, in ms; `null` for one that failed. */
  readonly durationMs: number | null;
  /** The error that its caller gets; `null` for one that is complete. */
  readonly error: unknown;
}

/** Is told what becomes of one turn. */
export interface TurnListener {
  /** Is told each event of the turn, but no deltas. */
  event?(event: ThreadEvent): unknown;
  /** Is told how it has ended, also where its consumer has left: last, and once. */
  ended?(end: EndedTurn): unknown;
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
   * Is told of each turn whose place has come, before it starts; what it gives is told what
   * becomes of it, its further attempts included. `traceTurns` of `@acodex/sdk/otel` makes
   * such a function.
   */
  onTurn?: (turn: BegunTurn) => TurnListener | undefined | void;
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
