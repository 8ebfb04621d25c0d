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

/** A step that waits; made by {@linkcode pause}. */
export interface PauseStep {
  /** Tells this kind of step from the others. */
  readonly play: "pause";
  /** How long, in ms. */
  readonly ms: number;
}

/** A step that hands out what a transport would, as it is. */
export interface BatchStep {
  /** Tells this kind of step from the others. */
  readonly play: "batch";
  /** The events, and what belongs to them. */
  readonly batch: TurnBatch;
}

/** A step that answers with JSON; made by {@linkcode structuredAnswer}. */
export interface StructuredAnswerStep {
  /** Tells this kind of step from the others. */
  readonly play: "structured_answer";
  /** The answer. */
  readonly value: unknown;
}

/** An item that can be written in pieces. */
export type WrittenItem =
  | AgentMessageItem
  | ReasoningItem
  | CommandExecutionItem;

/** A step that writes an item in pieces; made by {@linkcode written}. */
export interface WrittenStep {
  /** Tells this kind of step from the others. */
  readonly play: "written";
  /** The item, as it will be. */
  readonly item: WrittenItem;
  /** The pieces. */
  readonly pieces: readonly string[];
}

/** A step that ends the turn in the CLI's words; made by {@linkcode failure}. */
export interface FailureStep {
  /** Tells this kind of step from the others. */
  readonly play: "failure";
  /** The reason that its error has. */
  readonly reason: FailureReason;
}

/** A step that never ends; made by {@linkcode hang}. */
export interface HangStep {
  /** Tells this kind of step from the others. */
  readonly play: "hang";
}

/** A step that ends the turn's part of the transport; made by {@linkcode ends} and {@linkcode notStarted}. */
export interface EndStep {
  /** Tells this kind of step from the others. */
  readonly play: "end";
  /** How it ends. */
  readonly ending: TurnEnding;
}

/** A step in which the CLI exits; made by {@linkcode exits} and {@linkcode threadRefused}. */
export interface ExitStep extends EndStep {
  /** How it exits. */
  readonly ending: Extract<TurnEnding, { type: "exited" }>;
}

/**
 * A step of a played turn.
 *
 * - An item is completed; one that the CLI tells of twice begins before that.
 * - An event comes as it is. `turn.completed` and `turn.failed` end the turn.
 * - A count of tokens is what the turn uses.
 * - Anything else says by its name what it does.
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

/** A turn that is played: its steps, or its only one. A turn that no step ends is completed. */
export type PlayedTurn = PlayedStep | readonly PlayedStep[];

/** Waits before the next step. A turn that is stopped waits no longer. */
export function pause(ms: number): PauseStep {
  return { play: "pause", ms };
}

/**
 * Answers with JSON, in the form that the turn's output schema asks for: for a type that
 * is no object, such as a list, it is put into the object that the model would write.
 */
export function structuredAnswer(value: unknown): StructuredAnswerStep {
  return { play: "structured_answer", value };
}

/**
 * Writes an item in pieces, which come before it where the turn was asked for `deltas`.
 *
 * @param pieces The pieces; by default the words of the text, or the output.
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

/** Fails the turn for a reason, in the words of the CLI; the product reads them as ever. */
export function failure(reason: FailureReason): FailureStep {
  return { play: "failure", reason };
}

/** Goes on without an event until the turn is aborted, its time is up, or nobody wants it. */
export function hang(): HangStep {
  return { play: "hang" };
}

/** Ends the turn in any way that a transport can. */
export function ends(ending: TurnEnding): EndStep {
  return { play: "end", ending };
}

/**
 * Has the CLI exit without a word on the turn: with code 1 unless it is given. As the
 * first step it does so before it has opened the thread.
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

/** Says why the CLI does not go on with a thread. */
export type ThreadProblem = "not_found" | "busy" | "archived";

/** What the CLI says on stderr (facts F40). */
const THREAD_WORDS: Readonly<Record<ThreadProblem, string>> = {
  not_found: "no rollout found for thread id 0",
  busy: "thread 0 already has an active writer",
  archived: "session 0 is archived. Run `codex unarchive 0` first",
};

/** Has the CLI refuse to resume, or to fork, the thread. */
export function threadRefused(problem: ThreadProblem): ExitStep {
  return exits({
    stderr: `Error: thread/resume: ${THREAD_WORDS[problem]}\n`,
  });
}

/** Fails before anything is started, as where the CLI is not installed. */
export function notStarted(error: CodexError): EndStep {
  return ends({ type: "not_started", error });
}
