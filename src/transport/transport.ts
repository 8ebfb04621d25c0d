import type { Diagnostic } from "../protocol/diagnostics.ts";
import type { CodexError } from "../errors/codex_error.ts";
import type { CyberAccessProgram, ThreadOptions } from "../options/options.ts";
import type { ThreadEvent } from "../protocol/events.ts";
import type { JsonObject } from "../protocol/json.ts";
import type { LineProblem } from "../errors/protocol_errors.ts";

// The seam between conversations and the CLI. A thread knows requests, events
// and endings, and nothing of argv, processes or connections: `codex exec`, one
// process a turn, is one transport, and a connection that threads share can be
// another. What a later transport adds (requests from the CLI in the middle of a
// turn, deltas, an ending by interruption) has its place in a batch, as another
// event, and in the endings.

/** An image of a prompt. */
export interface TurnImage {
  /** Where it stands in the input, such as `input[1].path`: for errors about it. */
  readonly place: string;
  /** Its path; or its bytes, which are those of an image. */
  readonly source: string | Uint8Array;
}

/** Everything that a turn needs, as one plain value that has been checked. */
export interface TurnRequest {
  /** The prompt; not blank. */
  readonly prompt: string;
  /** The images that go with it. */
  readonly images: readonly TurnImage[];
  /** The thread to continue; `null` opens one. */
  readonly threadId: string | null;
  /** The thread's options; sent with every turn (facts F11). */
  readonly threadOptions: ThreadOptions;
  /** The shape of the answer. */
  readonly outputSchema: JsonObject | undefined;
  /** The access program asked for. */
  readonly cyberAccessProgram: CyberAccessProgram | undefined;
  /** Cancels the turn. */
  readonly signal: AbortSignal | undefined;
}

/** Events that became known together, and what was not understood among them. */
export interface TurnBatch {
  /** The events, in order. */
  readonly events: readonly ThreadEvent[];
  /** What was not understood. */
  readonly diagnostics: readonly Diagnostic[];
}

/** What is known of the CLI's process. */
export interface ProcessFacts {
  /** The exit code; `null` if a signal ended it. */
  readonly exitCode: number | null;
  /** The signal that ended it. */
  readonly signal: string | null;
  /** The last 64 KiB of its stderr. */
  readonly stderr: string;
  /** Its arguments, with every value but a thread id left out. */
  readonly argv: readonly string[];
}

/** Why a turn is stopped from this side. */
export type StopCause =
  | {
    /** Somebody wanted no more of it. */
    readonly type: "aborted";
    /** The signal's reason. */
    readonly reason: unknown;
  }
  | {
    /** Its time was up. */
    readonly type: "timed_out";
    /** Which limit it was: on the turn, or on the time without an event. */
    readonly limit: "turn" | "idle";
    /** The limit, in ms. */
    readonly ms: number;
  };

/**
 * How the way to the CLI ended. Together with the events it gives the turn's
 * outcome: completed, failed, incomplete, exited, aborted, timed out, protocol
 * error, not started.
 */
export type TurnEnding =
  | {
    /** The CLI ended, or was ended because it lingered after its last word. */
    readonly type: "exited";
    /** The process, as far as it is known. */
    readonly process: ProcessFacts;
    /** Whether it was ended because it lingered; its exit code says nothing then. */
    readonly lingered: boolean;
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
    /** The process, as far as it is known. */
    readonly process: ProcessFacts;
  }
  | {
    /** This side could not go on in the middle of the turn. */
    readonly type: "failed";
    /** Why. */
    readonly error: CodexError;
    /** The process, if there was one. */
    readonly process: ProcessFacts | null;
  }
  | {
    /** Nothing was started, or nothing could be. */
    readonly type: "not_started";
    /** Why. */
    readonly error: CodexError;
  };

/** One turn under way. */
export interface TransportTurn {
  /**
   * The events as they come, in batches; starts the turn when first pulled.
   * Never throws: trouble is the ending. It ends in bounded time once the turn
   * is decided or stopped, and nothing of the turn is left when it has ended.
   */
  readonly batches: AsyncIterable<TurnBatch>;
  /** How the turn ended, without secrets; there once `batches` has ended. */
  readonly ending: TurnEnding | null;
  /**
   * Takes secrets out of a text that goes into an error or a warning. Events are handed
   * out as they came; diagnostics and the ending hold none.
   */
  redact(text: string): string;
  /**
   * Ends the turn early, whatever it is doing; done when its process is gone.
   * Without a cause, because nobody wants more of it.
   */
  stop(cause?: StopCause): Promise<void>;
}

/** A way to the CLI. */
export interface Transport {
  /** Prepares a turn. */
  startTurn(request: TurnRequest): TransportTurn;
}
