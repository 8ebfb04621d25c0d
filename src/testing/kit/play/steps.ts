import type { CodexError } from "../../../errors/codex_error.ts";
import type { FailureReason } from "../../../errors/failure_reason.ts";
import type { ProcessFacts } from "../../../errors/turn_facts.ts";
import type { TurnDelta } from "../../../protocol/deltas.ts";
import type { ThreadEvent, Usage } from "../../../protocol/events.ts";
import type {
  AgentMessageItem,
  CommandExecutionItem,
  ReasoningItem,
  ThreadItem,
} from "../../../protocol/items.ts";
import type { TurnEnding } from "../../../transport/ending.ts";
import type { TurnBatch } from "../../../transport/transport.ts";

/** A step that waits; created by {@linkcode pause}. */
export interface PauseStep {
  /** Identifies the kind of step. */
  readonly play: "pause";
  /** The wait, in ms. */
  readonly ms: number;
}

/** A step that hands out a transport's batch unchanged. */
export interface BatchStep {
  /** Identifies the kind of step. */
  readonly play: "batch";
  /** The batch. */
  readonly batch: TurnBatch;
}

/** A step that answers with JSON; created by {@linkcode structuredAnswer}. */
export interface StructuredAnswerStep {
  /** Identifies the kind of step. */
  readonly play: "structured_answer";
  /** The answer. */
  readonly value: unknown;
}

/** An item that can be written in pieces. */
export type WrittenItem =
  | AgentMessageItem
  | ReasoningItem
  | CommandExecutionItem;

/** A step that writes an item in pieces; created by {@linkcode written}. */
export interface WrittenStep {
  /** Identifies the kind of step. */
  readonly play: "written";
  /** The complete item. */
  readonly item: WrittenItem;
  /** The pieces. */
  readonly pieces: readonly string[];
}

/** A step that fails the turn with a message of the CLI; created by {@linkcode failure}. */
export interface FailureStep {
  /** Identifies the kind of step. */
  readonly play: "failure";
  /** The `reason` of the turn's error. */
  readonly reason: FailureReason;
}

/** A step that never ends; created by {@linkcode hang}. */
export interface HangStep {
  /** Identifies the kind of step. */
  readonly play: "hang";
}

/** A step that ends the turn in the transport; created by {@linkcode ends} and {@linkcode notStarted}. */
export interface EndStep {
  /** Identifies the kind of step. */
  readonly play: "end";
  /** The ending. */
  readonly ending: TurnEnding;
}

/** A step in which the CLI exits; created by {@linkcode exits} and {@linkcode threadRejected}. */
export interface ExitStep extends EndStep {
  /** The ending. */
  readonly ending: Extract<TurnEnding, { type: "exited" }>;
}

/**
 * A step of a played turn.
 *
 * - An item is completed. If the CLI also reports its start, it is started first.
 * - An event is handed out unchanged. `turn.completed` and `turn.failed` end the turn.
 * - A token usage sets the usage of the turn.
 * - Any other step does what its name says.
 */
export type PlayedStep =
  | ThreadItem
  | ThreadEvent
  | TurnDelta
  | Usage
  | PauseStep
  | BatchStep
  | StructuredAnswerStep
  | WrittenStep
  | FailureStep
  | HangStep
  | EndStep;

/** A turn that is played: a list of steps, or a single one. If no step ends it, it completes. */
export type PlayedTurn = PlayedStep | readonly PlayedStep[];

/** Waits a number of ms before the next step. Stopping the turn ends the wait. */
export function pause(ms: number): PauseStep {
  return { play: "pause", ms };
}

/**
 * Answers with JSON, in the form that the turn's output schema asks for: a type that is not
 * an object, such as a list, is wrapped in one, as the model would write it.
 */
export function structuredAnswer(value: unknown): StructuredAnswerStep {
  return { play: "structured_answer", value };
}

/**
 * Writes an item in pieces, which come as deltas before it if the turn has `deltas`.
 *
 * @param pieces The pieces; by default the words of the text or of the output.
 */
export function written(
  item: WrittenItem,
  pieces: readonly string[] = splitIntoWords(item),
): WrittenStep {
  return { play: "written", item, pieces };
}

function splitIntoWords(item: WrittenItem): string[] {
  const text = item.type === "command_execution"
    ? item.aggregated_output
    : item.text;
  return text.match(/\s*\S+\s*$|\s*\S+/g) ?? [];
}

/** Fails the turn with the message that the CLI prints for a reason; its error has that `reason`. */
export function failure(reason: FailureReason): FailureStep {
  return { play: "failure", reason };
}

/** Hangs without an event until the turn is aborted, times out or is abandoned. */
export function hang(): HangStep {
  return { play: "hang" };
}

/** Ends the turn with any ending that a transport can have. */
export function ends(ending: TurnEnding): EndStep {
  return { play: "end", ending };
}

/**
 * Makes the CLI exit without completing or failing the turn; by default with code 1. As
 * the first step, before it has opened the thread.
 */
export function exits(process: Partial<ProcessFacts> = {}): ExitStep {
  const facts: ProcessFacts = {
    exitCode: process.signal === undefined || process.signal === null
      ? 1
      : null,
    signal: null,
    stderr: "",
    argv: [],
    ...process,
  };
  const ending = { type: "exited", process: facts, lingered: false } as const;
  return { play: "end", ending };
}

/** The reason for which the CLI does not continue a thread. */
export type ThreadProblem = "not_found" | "busy" | "archived";

/** The CLI's messages on stderr (facts F40). */
const THREAD_MESSAGES: Readonly<Record<ThreadProblem, string>> = {
  not_found: "no rollout found for thread id 0",
  busy: "thread 0 already has an active writer",
  archived: "session 0 is archived. Run `codex unarchive 0` first",
};

/** Makes the CLI refuse to resume or to fork the thread. */
export function threadRejected(problem: ThreadProblem): ExitStep {
  return exits({
    stderr: `Error: thread/resume: ${THREAD_MESSAGES[problem]}\n`,
  });
}

/** Fails the turn before anything is started, as if the CLI were not installed. */
export function notStarted(error: CodexError): EndStep {
  return ends({ type: "not_started", error });
}
