import type { MessagePort } from "node:worker_threads";
import type { CodexOptions } from "../options/options.ts";
import type { StructuredOutput } from "../output/structured_output.ts";
import type { ThreadEvent, Usage } from "../protocol/events.ts";
import type { ThreadItem } from "../protocol/items.ts";
import type { TurnResult } from "../turn/finish.ts";
import type { TurnRequest } from "../transport/transport.ts";
import type { TurnAttempt } from "../turn/turn.ts";
import type { SerializedError } from "./serialize_error.ts";

// What the blocked thread and the worker say to each other, as plain data. The
// blocked thread asks, one thing at a time; the worker answers, and may ask for a
// verdict first. Items cross once, in their events.

/** What is known of a thread between its turns. */
export interface ThreadFacts {
  /** Its id; `null` until the CLI has opened it. */
  readonly id: string | null;
  /** Its token total so far; `null` where it is not known. */
  readonly usage: Usage | null;
}

/** A turn, ready to be run. */
export interface TurnJob {
  /** The client's options. */
  readonly options: CodexOptions;
  /** The thread, as its turn before this one has left it. */
  readonly thread: ThreadFacts;
  /** The program's first file; `null` where there is none: the worker has one of its own. */
  readonly programFile: string | null;
  /** What is asked for. */
  readonly request: Omit<TurnRequest, "threadId" | "signal">;
  /** What is asked of the answer; what reads it stays where the caller's type is. */
  readonly output: Omit<StructuredOutput<unknown>, "read">;
  /** Limits of the turn, in ms. */
  readonly limits: {
    readonly timeoutMs: number | undefined;
    readonly idleTimeoutMs: number | undefined;
  };
  /** The buffer of the flag that cancels it. */
  readonly cancel: SharedArrayBuffer | undefined;
}

/** The first message: a turn, and the way to talk about it. */
export interface TurnBegin {
  /** The turn. */
  readonly job: TurnJob;
  /** The worker's end of the channel. */
  readonly port: MessagePort;
  /** Counted up by the worker for as long as it lives. */
  readonly heartbeat: SharedArrayBuffer;
}

/** What the blocked thread says. */
export type WorkerRequest =
  /** The next events, please. */
  | { readonly type: "next" }
  /** No more of the turn, please. */
  | { readonly type: "leave" }
  /** What is wrong with an answer; nothing if it is what was asked for. */
  | {
    readonly type: "verdict";
    readonly error: SerializedError | undefined;
  };

/** What the worker says. */
export type WorkerReply =
  /** The next events. */
  | {
    readonly type: "events";
    readonly events: readonly ThreadEvent[];
    readonly threadId: string | null;
  }
  /** What is wrong with this answer? */
  | { readonly type: "judge"; readonly text: string }
  /** The turn has ended, and nothing of it is left. */
  | {
    readonly type: "ended";
    readonly thread: ThreadFacts;
    readonly outcome: SerializedOutcome | undefined;
    /** The last items, where their events were not handed out. */
    readonly lateItems: readonly ThreadItem[];
  };

/** What a turn has come to. */
export type SerializedOutcome =
  | SerializedTurn
  | { readonly ok: false; readonly error: SerializedError };

/** A completed turn, but for its items. */
export interface SerializedTurn {
  /** True for a completed turn. */
  readonly ok: true;
  /** What it came to. */
  readonly result: Omit<TurnResult, "items">;
  /** The attempts at its answer. */
  readonly attempts: readonly SerializedAttempt[];
}

/** An attempt at an answer. */
export interface SerializedAttempt
  extends Omit<TurnAttempt, "items" | "error"> {
  /** How many of the turn's items it took. */
  readonly itemCount: number;
  /** What was wrong with the answer; `null` for one that is valid. */
  readonly error: SerializedError | null;
}
