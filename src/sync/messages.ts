import type { MessagePort } from "node:worker_threads";
import type { CodexOptions } from "../options/options.ts";
import type { StructuredOutput } from "../output/structured_output.ts";
import type { ThreadEvent, Usage } from "../protocol/events.ts";
import type { ThreadItem } from "../protocol/items.ts";
import type { TurnResult } from "../turn/finish.ts";
import type { PlannedTurn } from "../turn/plan_turn.ts";
import type { ThreadBeginning } from "../turn/thread_state.ts";
import type { TurnAttempt } from "../turn/turn.ts";
import type { SerializedError } from "./serialize_error.ts";

// The messages between the blocked thread and the worker, as plain data. The blocked
// thread sends one request at a time; the worker replies, and may request a verdict
// first. Each item is sent once, in its event.

/** The facts about a thread between its turns, as they are sent. */
export interface SentThreadFacts {
  /** Its id; `null` until the CLI has opened it. */
  readonly id: string | null;
  /** Its token total so far; `null` if it is not known. */
  readonly usage: Usage | null;
}

/** The thread of a turn. */
export interface JobThread extends SentThreadFacts {
  /** The beginning of a new thread; `undefined` for a thread with an id. */
  readonly beginning: ThreadBeginning | undefined;
}

/** A turn, ready to be run. */
export interface TurnJob extends PlannedTurn {
  /** The client's options. */
  readonly options: CodexOptions;
  /** The thread, after its previous turn. */
  readonly thread: JobThread;
  /** The program's entry module, or `null`; the worker's own entry module is another. */
  readonly programFile: string | null;
  /** The schema of the answer; the function that reads the answer stays with the caller. */
  readonly output: Omit<StructuredOutput<unknown>, "read">;
  /** The buffer of the flag that cancels the turn. */
  readonly cancel: SharedArrayBuffer | undefined;
}

/** The first message: a turn, and the channel for its requests and replies. */
export interface TurnBegin {
  /** The turn. */
  readonly job: TurnJob;
  /** The worker's end of the channel. */
  readonly port: MessagePort;
  /** The memory of the worker's heartbeat and reply counters. */
  readonly counters: SharedArrayBuffer;
}

/** A request of the blocked thread. */
export type WorkerRequest =
  /** Requests the next events. */
  | { readonly type: "next" }
  /** Ends the turn early. */
  | { readonly type: "leave" }
  /** Answers a request to judge: the error for the answer, or `undefined` if it is valid. */
  | {
    readonly type: "verdict";
    readonly error: SerializedError | undefined;
  };

/** A reply of the worker. */
export type WorkerReply =
  /** The next events. */
  | {
    readonly type: "events";
    readonly events: readonly ThreadEvent[];
    readonly threadId: string | null;
  }
  /** A request to judge this answer. */
  | { readonly type: "judge"; readonly text: string }
  /** The turn has ended, and nothing of it is left. */
  | {
    readonly type: "ended";
    readonly thread: SentThreadFacts;
    readonly outcome: SerializedOutcome | undefined;
    /** The last items, if their events were not handed out. */
    readonly lateItems: readonly ThreadItem[];
  };

/** The outcome of a turn. */
export type SerializedOutcome =
  | SerializedTurn
  | { readonly ok: false; readonly error: SerializedError };

/** A completed turn without its items. */
export interface SerializedTurn {
  /** `true` for a completed turn. */
  readonly ok: true;
  /** Its result. */
  readonly result: Omit<TurnResult, "items">;
  /** The attempts at its answer. */
  readonly attempts: readonly SerializedAttempt[];
  /** Its duration, in ms. */
  readonly durationMs: number;
}

/** An attempt at an answer. */
export interface SerializedAttempt
  extends Omit<TurnAttempt, "items" | "error"> {
  /** The number of items in the attempt. */
  readonly itemCount: number;
  /** The error for the answer; `null` if it is valid. */
  readonly error: SerializedError | null;
}
