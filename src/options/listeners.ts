import type { Diagnostic } from "../protocol/diagnostics.ts";
import type { ThreadEvent, Usage } from "../protocol/events.ts";

/** The turn that an event belongs to. */
export interface WatchedTurn {
  /** The thread's id; `null` until it is known. */
  readonly threadId: string | null;
}

/** A running process of the CLI. */
export interface WatchedProcess {
  /** The process id, which identifies the process if turns run at the same time. */
  readonly pid: number;
}

/** A process of the CLI that was started. */
export interface SpawnedProcess extends WatchedProcess {
  /** The arguments, with all values except a thread id removed. */
  readonly argv: readonly string[];
}

/** A process of the CLI that has exited. */
export interface ExitedProcess extends WatchedProcess {
  /** The exit code; `null` if a signal ended it. */
  readonly exitCode: number | null;
  /** The signal that ended it, such as `SIGKILL`. */
  readonly signal: string | null;
}

/** A turn that has reached the head of the thread's queue. */
export interface BegunTurn {
  /** The id of the thread that is continued; `null` if the turn opens a thread. */
  readonly threadId: string | null;
  /** The prompt; empty for a review without instructions. */
  readonly prompt: string;
  /** The model; `undefined` if neither the thread nor the turn sets one. */
  readonly model: string | undefined;
}

/** A turn that has ended. */
export interface EndedTurn {
  /** The thread's id; `null` if no thread was opened. */
  readonly threadId: string | null;
  /** The tokens that the turn used; `null` if that is unknown, or if the turn failed. */
  readonly turnUsage: Usage | null;
  /** The answer; empty if the turn failed. */
  readonly finalResponse: string;
  /** The duration, in milliseconds; `null` if the turn failed. */
  readonly durationMs: number | null;
  /** The error that the caller gets; `null` if the turn is complete. */
  readonly error: unknown;
}

/** Watches one turn. */
export interface TurnListener {
  /** Receives each event of the turn, without deltas. */
  event?(event: ThreadEvent): unknown;
  /**
   * Receives the result of the turn, also if its consumer has left. Called once, after
   * all events.
   */
  ended?(end: EndedTurn): unknown;
}

/**
 * Functions that watch all turns of a client, for a log or a trace. They cannot influence
 * a turn. They are called in order, without delaying the turn: after its consumer has
 * received the same data, and before the turn is over. Promises that they return are
 * awaited only when the turn ends, for at most 100 ms. Errors that they throw, or reject
 * with by then, become warnings of the turn.
 *
 * `CodexSync` accepts no listeners: its thread is blocked while a turn runs.
 */
export interface Listeners {
  /**
   * Receives each turn that reaches the head of its thread's queue, before it starts. The
   * object that it returns watches the turn, including further attempts. `traceTurns` of
   * `@acodex/sdk/otel` creates such a function.
   */
  onTurn?: ((turn: BegunTurn) => TurnListener | undefined | void) | undefined;
  /**
   * Receives each event of each turn, including events of further attempts, without
   * deltas. It is the same object that the turn delivers: do not change it.
   */
  onEvent?: ((event: ThreadEvent, turn: WatchedTurn) => unknown) | undefined;
  /** Receives each part of the CLI's output that was not understood. */
  onDiagnostic?:
    | ((diagnostic: Diagnostic, turn: WatchedTurn) => unknown)
    | undefined;
  /**
   * Receives the text that the CLI writes to stderr, in whole lines, with the secrets
   * that it was given removed. On `CodexAppServer` this is the server's stderr.
   */
  onStderr?: ((text: string, child: WatchedProcess) => unknown) | undefined;
  /**
   * Receives each process of the CLI that was started: one for each turn and each further
   * attempt; on `CodexAppServer` the server.
   */
  onSpawn?: ((child: SpawnedProcess) => unknown) | undefined;
  /** Receives each process that has exited in any way, after all of its output. */
  onExit?: ((child: ExitedProcess) => unknown) | undefined;
}
