/**
 * The messages between the behaviours' thread and a driver, the thread in which the
 * blocking client runs. A driver answers calls one by one, in order, because each call
 * blocks it.
 *
 * @module
 */

import type {
  CodexOptions,
  Input,
  ThreadEvent,
  ThreadOptions,
} from "@acodex/sdk";
import type { TurnOptionsSync } from "@acodex/sdk/sync";
import type { Packed } from "./packed.ts";

/** A thread; the driver creates it at the first call that names it. */
export interface ThreadCall {
  /** Its number. */
  readonly number: number;
  /** The options of its client. */
  readonly codex: CodexOptions;
  /** Its own options. */
  readonly options: ThreadOptions;
  /** The id to resume it by; `null` for a new thread. */
  readonly id: string | null;
}

/** A turn's options, with the flag as its buffer and the output type as its name. */
export interface TurnCallOptions
  extends Omit<TurnOptionsSync, "signal" | "outputType"> {
  /** The buffer of the flag that cancels it. */
  readonly cancel?: SharedArrayBuffer;
  /** The name of a type of `types.ts`. */
  readonly typeName?: string;
}

/** A call that a driver executes. */
export type Call =
  /** Calls `run` or `runStreamed`; later calls name a streamed turn by its number. */
  | {
    readonly type: "run" | "runStreamed";
    readonly thread: ThreadCall;
    readonly turn: number;
    readonly input: Input;
    readonly options: TurnCallOptions;
  }
  /** Reads the next `count` events of a streamed turn, one by one. */
  | { readonly type: "next"; readonly turn: number; readonly count: number }
  /** Calls `return` of a streamed turn's events, or disposes the turn. */
  | { readonly type: "return" | "dispose"; readonly turn: number };

/** The result of a call. */
export interface CallAnswer {
  /** The thread's id after the call. */
  readonly threadId: string | null;
  /** The result of each step; `next` has one step for each event. */
  readonly steps: readonly Step[];
}

/** The result of one call of the blocking client. */
export interface Step {
  /** The result of `next` or `return` of the events. */
  readonly next?: IteratorResult<ThreadEvent, void>;
  /** The rest of the result, a {@linkcode StepOutcome}. */
  readonly outcome?: Packed;
}

/** The outcome of a step, unpacked. */
export interface StepOutcome {
  /** The turn that `run` returned. */
  readonly turn?: unknown;
  /** The error that was thrown. */
  readonly thrown?: { readonly error: unknown };
  /** The value or error of the streamed turn's `result`, if it has changed. */
  readonly result?: { readonly turn: unknown } | { readonly error: unknown };
}
