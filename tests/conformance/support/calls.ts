/**
 * What is said between the behaviours' thread and a driver, the thread in which the
 * blocking client runs. Calls are answered one by one, in their order: that thread
 * is blocked meanwhile.
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

/** A thread, as it is made when it is first heard of. */
export interface ThreadCall {
  /** Its number. */
  readonly number: number;
  /** The options of its client. */
  readonly codex: CodexOptions;
  /** Its own options. */
  readonly options: ThreadOptions;
  /** The id that it is resumed by; `null` for a new thread. */
  readonly id: string | null;
}

/** A turn's options: the flag by its buffer, the type by its name. */
export interface TurnCallOptions
  extends Omit<TurnOptionsSync, "signal" | "outputType"> {
  /** The buffer of the flag that cancels it. */
  readonly cancel?: SharedArrayBuffer;
  /** The name of a type of `types.ts`. */
  readonly typeName?: string;
}

/** What a driver is to do. */
export type Call =
  /** `run` and `runStreamed`; the latter's turn gets a number. */
  | {
    readonly type: "run" | "runStreamed";
    readonly thread: ThreadCall;
    readonly turn: number;
    readonly input: Input;
    readonly options: TurnCallOptions;
  }
  /** The next events of a streamed turn, one by one. */
  | { readonly type: "next"; readonly turn: number; readonly count: number }
  /** The end of its events, or its disposal. */
  | { readonly type: "return" | "dispose"; readonly turn: number };

/** What came of a call. */
export interface CallAnswer {
  /** The thread's id after it. */
  readonly threadId: string | null;
  /** What came of what was done; more than one for several events. */
  readonly steps: readonly Step[];
}

/** What came of one call of the blocking client. */
export interface Step {
  /** What `next` and `return` of the events gave. */
  readonly next?: IteratorResult<ThreadEvent, void>;
  /** What else there is to tell, a {@linkcode StepOutcome}. */
  readonly outcome?: Packed;
}

/** What a step tells, once it is unpacked. */
export interface StepOutcome {
  /** The turn that `run` gave. */
  readonly turn?: unknown;
  /** What was thrown. */
  readonly thrown?: { readonly error: unknown };
  /** What the streamed turn's `result` gives or throws by now, where that has changed. */
  readonly result?: { readonly turn: unknown } | { readonly error: unknown };
}
