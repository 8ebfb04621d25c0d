import { CodexError, internalError } from "../../../errors/codex_error.ts";
import { NO_PROCESS_FACTS } from "../../../errors/turn_facts.ts";
import { decisionOf } from "../../../protocol/decision.ts";
import { isDelta, type StreamedEvent } from "../../../protocol/deltas.ts";
import type { Diagnostic } from "../../../protocol/diagnostics.ts";
import type { ThreadEvent, Usage } from "../../../protocol/events.ts";
import type { ThreadItem, TodoListItem } from "../../../protocol/items.ts";
import { isObject, type JsonObject } from "../../../protocol/json.ts";
import { parseThreadEvent } from "../../../stream/event_validator.ts";
import type { StopCause, TurnEnding } from "../../../transport/ending.ts";
import type { TurnBatch, TurnRequest } from "../../../transport/transport.ts";
import {
  errorEvent,
  itemCompleted,
  itemStarted,
  itemUpdated,
  threadStarted,
  turnCompleted,
  turnFailed,
  turnStarted,
  usage,
} from "../build/events.ts";
import { agentMessage } from "../build/items.ts";
import { FAILURE_WORDS } from "./failure_words.ts";
import { startedForm } from "./started_form.ts";
import type { PlayedStep, PlayedTurn } from "./steps.ts";
import { pauseFor, untilAborted } from "./waits.ts";

/** Everything that a played turn needs beside its steps. */
export interface PlayContext {
  /** The turn that was asked for. */
  readonly request: TurnRequest;
  /** The thread that it is played on. */
  readonly threadId: string;
  /** Says that an event of an unknown kind ends the turn. */
  readonly isStrict: boolean;
  /** Adds what the turn uses to what its thread has used, and gives the total. */
  addUsage(share: Usage): Usage;
}

/** The batches of a played turn, and how it ended. */
export type PlayedBatches = AsyncGenerator<
  TurnBatch<StreamedEvent>,
  TurnEnding,
  void
>;

/** Plays a turn as the CLI prints it; see `Transport.runTurn`. */
export function playTurn(
  turn: PlayedTurn,
  context: PlayContext,
): PlayedBatches {
  const steps: readonly PlayedStep[] = isList(turn) ? turn : [turn];
  return new TurnPlayer(context).play(steps);
}

/** Plays the steps of one turn. */
export class TurnPlayer {
  readonly #context: PlayContext;
  readonly #started = new Set<string>();
  #hasThread = false;
  #hasTurn = false;
  #items = 0;
  #share: Usage = usage();
  /** The plan, which the CLI completes when the turn is. */
  #plan: TodoListItem | undefined;

  /** Makes it for a turn. */
  constructor(context: PlayContext) {
    this.#context = context;
  }

  /** Plays all steps, and completes the turn if none of them ends it. */
  async *play(steps: readonly PlayedStep[]): PlayedBatches {
    const { signal } = this.#context.request;
    try {
      for (const step of steps) {
        if (signal.aborted) return stopped(signal);
        const ending = yield* this.step(step);
        if (ending !== undefined) return ending;
      }
      if (signal.aborted) return stopped(signal);
      return yield* this.#complete();
    } catch (error) {
      const known = error instanceof CodexError
        ? error
        : internalError("Cannot play the turn", error);
      return { type: "failed", error: known, process: null };
    }
  }

  /** Plays a step; gives an ending if it ends the turn. */
  async *step(
    step: PlayedStep,
  ): AsyncGenerator<TurnBatch<StreamedEvent>, TurnEnding | undefined, void> {
    const { signal } = this.#context.request;
    if ("play" in step) {
      switch (step.play) {
        case "pause":
          await pauseFor(step.ms, signal);
          return signal.aborted ? stopped(signal) : undefined;
        case "hang":
          yield* this.open();
          await untilAborted(signal);
          return stopped(signal);
        case "failure": {
          yield* this.open();
          const { message, errorInfo } = FAILURE_WORDS[step.reason];
          yield batchOf(errorEvent(message), turnFailed(message));
          return exited(1, errorInfo);
        }
        case "structured_answer":
          return yield* this.#item(
            agentMessage(answerText(step.value, this.#context.request)),
          );
        case "end":
          return step.ending;
      }
    }
    if (!("type" in step)) {
      this.#share = step;
      return undefined;
    }
    return isItem(step) ? yield* this.#item(step) : yield* this.#event(step);
  }

  /** Names the thread and begins the turn, unless that was done. */
  *open(): Generator<TurnBatch<StreamedEvent>, void, void> {
    const events: ThreadEvent[] = [];
    if (!this.#hasThread) events.push(threadStarted(this.#context.threadId));
    if (!this.#hasTurn) events.push(turnStarted());
    this.#hasThread = true;
    this.#hasTurn = true;
    if (events.length > 0) yield batchOf(...events);
  }

  async *#complete(): PlayedBatches {
    yield* this.open();
    if (this.#plan !== undefined) yield batchOf(itemCompleted(this.#plan));
    yield batchOf(turnCompleted(this.#context.addUsage(this.#share)));
    return exited(0);
  }

  /** Plays an item as far as it has come. */
  *#item(
    given: ThreadItem,
  ): Generator<TurnBatch<StreamedEvent>, undefined, void> {
    yield* this.open();
    if (given.type === "todo_list") return yield* this.#planned(given);
    const item = this.#named(given);
    const begun = this.#started.has(item.id) ? undefined : startedForm(item);
    this.#started.add(item.id);
    if (begun !== undefined) yield batchOf(itemStarted(begun));
    if ("status" in item && item.status === "in_progress") return;
    yield this.#read(itemCompleted(item));
  }

  /** Plays the plan, which is one item, however often it is rewritten. */
  *#planned(
    given: TodoListItem,
  ): Generator<TurnBatch<StreamedEvent>, undefined, void> {
    const before = this.#plan;
    this.#plan = before === undefined
      ? this.#named(given)
      : { ...given, id: before.id };
    yield batchOf(
      before === undefined ? itemStarted(this.#plan) : itemUpdated(this.#plan),
    );
  }

  *#event(
    given: StreamedEvent,
  ): Generator<TurnBatch<StreamedEvent>, TurnEnding | undefined, void> {
    if (given.type === "thread.started") this.#hasThread = true;
    else if (given.type === "turn.started" && this.#hasThread) {
      this.#hasTurn = true;
    } else yield* this.open();
    if (isDelta(given)) {
      yield batchOf(given);
      return;
    }
    const batch = this.#read(given);
    yield batch;
    const decision = batch.events.map(decisionOf).find((each) =>
      each !== undefined
    );
    if (decision === undefined) return;
    return exited(decision === "completed" ? 0 : 1);
  }

  /** Reads what stands for something unknown as the product does: this version may know it. */
  #read(given: ThreadEvent): TurnBatch {
    const diagnostics: Diagnostic[] = [];
    const raw = rawOf(given);
    const event = raw === undefined ? given : parseThreadEvent(raw, {
      strict: this.#context.isStrict,
      onDiagnostic: (each) => diagnostics.push(each),
    });
    return { events: [event], diagnostics };
  }

  #named<I extends ThreadItem>(item: I): I {
    if (item.id !== "") return item;
    const id = `item_${this.#items++}`;
    return { ...item, id };
  }
}

/** Gives an event, or an event with an item, as the CLI would have printed it, where it is unknown. */
function rawOf(event: ThreadEvent): JsonObject | undefined {
  if (event.type === "unknown") return event.raw;
  if (!("item" in event) || event.item.type !== "unknown") return undefined;
  return { type: event.type, item: event.item.raw };
}

/** Writes an answer as the model would, by the schema that was sent. */
function answerText(value: unknown, { outputSchema }: TurnRequest): string {
  const properties = outputSchema?.properties;
  // A type that is no object is sent as the only property of one.
  const isWrapped = isObject(properties) &&
    Object.keys(properties).join() === "value";
  const hasValue = typeof value === "object" && value !== null &&
    Object.hasOwn(value, "value");
  return JSON.stringify(isWrapped && !hasValue ? { value } : value);
}

function isItem(step: ThreadItem | StreamedEvent): step is ThreadItem {
  // Of the kinds of both, only items have an id.
  return "id" in step;
}

function isList(turn: PlayedTurn): turn is readonly PlayedStep[] {
  return Array.isArray(turn);
}

function batchOf(...events: StreamedEvent[]): TurnBatch<StreamedEvent> {
  return { events, diagnostics: [] };
}

function exited(
  exitCode: number,
  errorInfo?: Extract<TurnEnding, { type: "exited" }>["errorInfo"],
): TurnEnding {
  const process = { ...NO_PROCESS_FACTS, exitCode };
  return { type: "exited", process, lingered: false, errorInfo };
}

/** Gives the ending of a turn that was stopped. */
export function stopped(signal: AbortSignal): TurnEnding {
  return { ...(signal.reason as StopCause), process: null };
}
