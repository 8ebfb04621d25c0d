import type { CodexError } from "../errors/codex_error.ts";
import type { LineProblem } from "../errors/protocol_errors.ts";
import type { ProcessFacts } from "../errors/turn_facts.ts";
import type { JsonValue } from "../protocol/json.ts";

/**
 * The reason why the client stops a turn: the abort reason of the signal in its request.
 * All ways of stopping abort that one signal, so the first cause counts.
 */
export type StopCause =
  | {
    /** The caller's signal was aborted. */
    readonly type: "aborted";
    /** That signal's reason. */
    readonly reason: unknown;
  }
  | {
    /** The consumer stopped reading before the end of the events. */
    readonly type: "abandoned";
  }
  | {
    /** The turn was interrupted, by this client or another one, rather than abandoned. */
    readonly type: "interrupted";
  }
  | {
    /** The turn exceeded a time limit. */
    readonly type: "timed_out";
    /** The limit that was exceeded: on the whole turn, or on the time without an event. */
    readonly limit: "turn" | "idle";
    /** The limit, in ms. */
    readonly ms: number;
  }
  | {
    /** The client could not continue in the middle of the turn. */
    readonly type: "failed";
    /** The reason. */
    readonly error: CodexError;
  };

/**
 * The way in which the transport's part of a turn ended. Together with the events, it
 * determines the turn's outcome: completed, failed, incomplete, exited, aborted, timed
 * out, protocol error, not started.
 */
export type TurnEnding =
  | {
    /**
     * The CLI exited, or was ended because it lingered after its last event. On a server: the
     * turn is over, or the server exited.
     */
    readonly type: "exited";
    /** The process, as far as it is known; `null` if none ended with the turn. */
    readonly process: ProcessFacts | null;
    /** True if the process was ended because it lingered; its exit code then means nothing. */
    readonly lingered: boolean;
    /** The CLI's own name for the kind of failure, if any: a string, or an object with one key. */
    readonly errorInfo?: JsonValue;
  }
  | (StopCause & {
    /** The process, if one was running when the turn was stopped before it was decided. */
    readonly process: ProcessFacts | null;
  })
  | {
    /** A line could not be read. */
    readonly type: "protocol_error";
    /** The line and what is wrong with it. */
    readonly problem: LineProblem;
    /** The process, as far as it is known; `null` if none ended with the turn. */
    readonly process: ProcessFacts | null;
  }
  | {
    /** The turn was not started, or could not be. */
    readonly type: "not_started";
    /** The reason. */
    readonly error: CodexError;
  };
