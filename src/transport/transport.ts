import type { ThreadOptions } from "../options/options.ts";
import type { BegunTurn, EndedTurn } from "../options/listeners.ts";
import type { SentTurnOptions } from "../options/table.ts";
import type { ClientTool } from "../options/tools.ts";
import type { Diagnostic } from "../protocol/diagnostics.ts";
import type { StreamedEvent } from "../protocol/deltas.ts";
import type {
  AttemptStartedEvent,
  ThreadEvent,
  Usage,
} from "../protocol/events.ts";
import type { JsonObject } from "../protocol/json.ts";
import type { TurnEnding } from "./ending.ts";
import type { TurnExplanation } from "./explanation.ts";
import type { ReviewTarget, ThreadOrigin } from "./origin.ts";
import type { ProcessWatcher } from "./process_watcher.ts";

// The interface between conversations and the CLI. A thread knows requests, events and
// endings, but not argv, processes or connections. One transport is `codex exec`, with
// one process per turn; the other is `codex app-server`, with a connection that threads
// share. The second can also ask and be steered in the middle of a turn; its transport,
// created for each turn, and its thread handle that between them.

/** An image of a prompt. */
export interface TurnImage {
  /** The place of the image in the input, such as `input[1].path`, for errors about it. */
  readonly inputPath: string;
  /** The image's path, or its bytes, which were checked to be those of an image. */
  readonly source: string | Uint8Array;
}

/** Everything that a turn needs, checked, as one plain value, with the turn's options that are sent. */
export interface TurnRequest extends SentTurnOptions {
  /** The prompt; blank only for a review or a compaction that has none. */
  readonly prompt: string;
  /** The images of the prompt. */
  readonly images: readonly TurnImage[];
  /** The thread to continue; `null` opens one, as `origin` says. */
  readonly threadId: string | null;
  /** The content that an opened thread starts with. */
  readonly origin: ThreadOrigin;
  /** The subject to review, instead of following a prompt. */
  readonly review?: ReviewTarget | undefined;
  /** True to shorten the thread's history instead of following a prompt; not for `codex exec`. */
  readonly compact?: boolean | undefined;
  /** The thread's options, overridden by those of the turn; sent with every turn, since the CLI does not remember them. */
  readonly threadOptions: ThreadOptions;
  /** The thread's options without those of the turn; the same as `threadOptions` if left out. */
  readonly baseOptions?: ThreadOptions;
  /** The event that announces a further attempt, if this is one; transports do not yield it. */
  readonly attempt?: AttemptStartedEvent;
  /** The maximum number of further attempts at the answer. */
  readonly repair?: number;
  /** The thread's and the turn's tools; the transport adds the client's. */
  readonly tools?: readonly ClientTool[];
  /** The time limit of a tool call, in ms, if the thread or the turn sets one. */
  readonly toolTimeoutMs?: number | undefined;
  /** The JSON Schema of the answer. */
  readonly outputSchema: JsonObject | undefined;
  /** Observes the turn's processes; left out if nobody does. */
  readonly watcher?: ProcessWatcher;
  /** Stops the turn when it is aborted; its reason is a `StopCause`. */
  readonly signal: AbortSignal;
}

/** The request of a turn that is not run, and so cannot be stopped. */
export type UnrunRequest = Omit<TurnRequest, "signal">;

/** Events that became known together, with the output that was not understood. */
export interface TurnBatch<E extends StreamedEvent = ThreadEvent> {
  /** The events, in order. */
  readonly events: readonly E[];
  /** The parts of the output that were not understood. */
  readonly diagnostics: readonly Diagnostic[];
  /** New warnings for the turn, such as about options that have no effect. */
  readonly warnings?: readonly string[];
  /** The thread's token total before the turn, if the transport knows it. */
  readonly usageBefore?: Usage;
  /** The thread's token total so far, if the transport knows it before the turn is complete. */
  readonly usage?: Usage;
  /** True while the CLI waits for an answer from the client; that time does not count as idle. */
  readonly isAsking?: boolean;
}

/** Observes a turn. */
export interface TurnWatch {
  /** Receives events that became known together. */
  events(events: readonly ThreadEvent[]): void;
  /** Receives how the turn ended; returns the errors of its listeners as warnings. */
  ended(end: EndedTurn): Promise<readonly string[]>;
}

/** Runs turns: on the CLI, or on what replaces it. */
export interface Transport<E extends StreamedEvent = ThreadEvent> {
  /**
   * Runs a turn, which starts when the generator is first pulled: yields the events in
   * batches as they arrive, and returns how the turn ended.
   *
   * Never throws: problems are endings. Finishes in bounded time once the turn is decided
   * or stopped, or its consumer returns early, and leaves nothing of the turn behind.
   */
  runTurn(
    request: TurnRequest,
  ): AsyncGenerator<TurnBatch<E>, TurnEnding, void>;
  /**
   * Removes the secrets that the CLI is given from a text that goes into an error or a
   * warning. Events are yielded unchanged; diagnostics and the ending hold no secrets.
   */
  redact(text: string): string;
  /** Returns the observer of a turn that begins and of its further attempts; `undefined` for none. */
  watchTurn?(turn: BegunTurn): TurnWatch | undefined;
  /**
   * Describes the process that a turn would start, and its inputs, without starting,
   * writing or requesting anything. Missing if turns do not run in their own process.
   */
  explain?(request: UnrunRequest): Promise<TurnExplanation>;
}
