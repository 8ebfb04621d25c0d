import type { CodexError } from "../errors/codex_error.ts";
import type { LineProblem } from "../errors/protocol_errors.ts";
import type { ProcessFacts } from "../errors/turn_facts.ts";
import type { JsonValue } from "../protocol/json.ts";

/**
 * The cause that stops a turn from this side: the reason of the signal in its request.
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
    /** The consumer left before the end of the events. */
    readonly type: "abandoned";
  }
  | {
    /** It was interrupted, by this side or by another client; nobody gave up on it. */
    readonly type: "interrupted";
  }
  | {
    /** Its time was up. */
    readonly type: "timed_out";
    /** The limit that was passed: on the turn, or on the time without an event. */
    readonly limit: "turn" | "idle";
    /** The limit, in ms. */
    readonly ms: number;
  }
  | {
    /** This side could not go on in the middle of the turn. */
    readonly type: "failed";
    /** The reason. */
    readonly error: CodexError;
  };

/**
 * The way in which the transport's part of a turn ended. Together with the events it
 * gives the turn's outcome: completed, failed, incomplete, exited, aborted, timed out,
 * protocol error, not started.
 */
export type TurnEnding =
  | {
    /** The CLI ended, or was ended because it lingered after its last word. */
    readonly type: "exited";
    /** The process, as far as it is known; `null` where it is not the turn's own. */
    readonly process: ProcessFacts | null;
    /** True if it was ended because it lingered; its exit code says nothing then. */
    readonly lingered: boolean;
    /** The CLI's own word for the kind of failure, where it has one; a string, or an object of one key. */
    readonly errorInfo?: JsonValue;
  }
  | (StopCause & {
    /** The process, if there was one when the turn was stopped, before it was decided. */
    readonly process: ProcessFacts | null;
  })
  | {
    /** A line could not be read. */
    readonly type: "protocol_error";
    /** The line and what is wrong with it. */
    readonly problem: LineProblem;
    /** The process, as far as it is known; `null` where it is not the turn's own. */
    readonly process: ProcessFacts | null;
  }
  | {
    /** Nothing was started, or nothing could be. */
    readonly type: "not_started";
    /** The reason. */
    readonly error: CodexError;
  };
