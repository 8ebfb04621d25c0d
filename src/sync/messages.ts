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

// What the blocked thread and the worker say to each other, as plain data. The
// blocked thread asks, one thing at a time; the worker answers, and may ask for a
// verdict first. Items cross once, in their events.

/** The facts about a thread between its turns, as they cross. */
export interface SentThreadFacts {
  /** Its id; `null` until the CLI has opened it. */
  readonly id: string | null;
  /** Its token total so far; `null` where it is not known. */
  readonly usage: Usage | null;
}

/** A thread that a turn is to be run on. */
export interface JobThread extends SentThreadFacts {
  /** What it begins as; `undefined` for one that has an id. */
  readonly beginning: ThreadBeginning | undefined;
}

/** A turn, ready to be run. */
export interface TurnJob extends PlannedTurn {
  /** The client's options. */
  readonly options: CodexOptions;
  /** The thread, as its turn before this one has left it. */
  readonly thread: JobThread;
  /** The program's first file; `null` where there is none: the worker has one of its own. */
  readonly programFile: string | null;
  /** The schema of the answer; the function that reads it stays where the caller's type is. */
  readonly output: Omit<StructuredOutput<unknown>, "read">;
  /** The buffer of the flag that cancels it. */
  readonly cancel: SharedArrayBuffer | undefined;
}

/** The first message: a turn, and the way to talk about it. */
export interface TurnBegin {
  /** The turn. */
  readonly job: TurnJob;
  /** The worker's end of the channel. */
  readonly port: MessagePort;
  /** The memory of the counters that say that the worker lives, and has replied. */
  readonly counters: SharedArrayBuffer;
}

/** A request of the blocked thread. */
export type WorkerRequest =
  /** The next events, please. */
  | { readonly type: "next" }
  /** No more of the turn, please. */
  | { readonly type: "leave" }
  /** The error that says what is wrong with an answer; nothing for a valid one. */
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
    /** The last items, where their events were not handed out. */
    readonly lateItems: readonly ThreadItem[];
  };

/** The outcome of a turn. */
export type SerializedOutcome =
  | SerializedTurn
  | { readonly ok: false; readonly error: SerializedError };

/** A completed turn, but for its items. */
export interface SerializedTurn {
  /** True for a completed turn. */
  readonly ok: true;
  /** Its result. */
  readonly result: Omit<TurnResult, "items">;
  /** The attempts at its answer. */
  readonly attempts: readonly SerializedAttempt[];
  /** The time that it took, in ms. */
  readonly durationMs: number;
}

/** An attempt at an answer. */
export interface SerializedAttempt
  extends Omit<TurnAttempt, "items" | "error"> {
  /** The number of the turn's items that it took. */
  readonly itemCount: number;
  /** The error that says what was wrong with the answer; `null` for a valid one. */
  readonly error: SerializedError | null;
}
