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

// The interface between conversations and the CLI. A thread knows requests, events
// and endings, and nothing of argv, processes or connections: `codex exec`, one
// process a turn, is one transport, and `codex app-server`, a connection that threads
// share, is the other. What only the second can do in the middle of a turn (ask, be
// steered) is between its transport, which is made for a turn, and its thread.

/** An image of a prompt. */
export interface TurnImage {
  /** The path of the image in the input, such as `input[1].path`: for errors about it. */
  readonly inputPath: string;
  /** Its path; or its bytes, which are those of an image. */
  readonly source: string | Uint8Array;
}

/** Everything that a turn needs, as one plain value that has been checked; with the turn's options that are sent. */
export interface TurnRequest extends SentTurnOptions {
  /** The prompt; not blank, but for a review that has none. */
  readonly prompt: string;
  /** The images that go with it. */
  readonly images: readonly TurnImage[];
  /** The thread to continue; `null` opens one. */
  readonly threadId: string | null;
  /** What a thread that is opened begins as. */
  readonly origin: ThreadOrigin;
  /** What to review, in place of a prompt's work. */
  readonly review?: ReviewTarget | undefined;
  /** Shortens the thread's history, in place of a prompt's work; `codex exec` cannot. */
  readonly compact?: boolean | undefined;
  /** The thread's options, with those that the turn gives itself over them; sent with every turn (facts F11). */
  readonly threadOptions: ThreadOptions;
  /** The thread's options without those of the turn; the same where the turn gives none. */
  readonly baseOptions?: ThreadOptions;
  /** The event of a further attempt, where this is one: no transport yields it. */
  readonly attempt?: AttemptStartedEvent;
  /** The most further turns that may follow this one for its answer. */
  readonly repair?: number;
  /** The thread's and the turn's tools; the transport adds the client's. */
  readonly tools?: readonly ClientTool[];
  /** How long a call of a tool may take, in ms, where thread or turn say it. */
  readonly toolTimeoutMs?: number | undefined;
  /** The JSON Schema of the answer. */
  readonly outputSchema: JsonObject | undefined;
  /** Is told of the turn's processes; nothing where nobody watches. */
  readonly watcher?: ProcessWatcher;
  /** Stops the turn when it is aborted; its reason is a `StopCause`. */
  readonly signal: AbortSignal;
}

/** A request of a turn that is not run, and so is never stopped. */
export type UnrunRequest = Omit<TurnRequest, "signal">;

/** Events that became known together, and what was not understood among them. */
export interface TurnBatch<E extends StreamedEvent = ThreadEvent> {
  /** The events, in order. */
  readonly events: readonly E[];
  /** The parts of the output that were not understood. */
  readonly diagnostics: readonly Diagnostic[];
  /** What the request asks for that will have no effect; comes once, with the first batch. */
  readonly warnings?: readonly string[];
  /** The thread's token total before the turn, where the transport knows it. */
  readonly usageBefore?: Usage;
  /** True while the CLI waits for an answer of this side: no silence of its own. */
  readonly isAsking?: boolean;
}

/** Who watches a turn. */
export interface TurnWatch {
  /** Is told events that became known together. */
  events(events: readonly ThreadEvent[]): void;
  /** Is told how the turn has ended; gives what went wrong while it was told, as warnings. */
  ended(end: EndedTurn): Promise<readonly string[]>;
}

/** A way to the CLI. */
export interface Transport<E extends StreamedEvent = ThreadEvent> {
  /**
   * Runs a turn, which starts when it is first pulled: yields the events as they
   * come, in batches, and returns how the turn ended.
   *
   * Never throws: trouble is an ending. Ends in bounded time once the turn is decided
   * or stopped, or its consumer returns early, and leaves nothing of the turn behind.
   */
  runTurn(
    request: TurnRequest,
  ): AsyncGenerator<TurnBatch<E>, TurnEnding, void>;
  /**
   * Takes the secrets that the CLI is given out of a text that goes into an error or a
   * warning. Events are yielded as they came; diagnostics and the ending hold none.
   */
  redact(text: string): string;
  /** Gives who watches a turn that begins, if somebody does: all of it, with its further attempts. */
  watchTurn?(turn: BegunTurn): TurnWatch | undefined;
  /**
   * Tells what a turn would start, and with what; starts, writes and asks for nothing.
   * Missing where a turn is no process of its own.
   */
  explain?(request: UnrunRequest): Promise<TurnExplanation>;
}
