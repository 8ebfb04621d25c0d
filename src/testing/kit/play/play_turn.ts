import {
  CodexError,
  CodexInputError,
  internalError,
} from "../../../errors/codex_error.ts";
import { NO_PROCESS_FACTS } from "../../../errors/turn_facts.ts";
import { readDecision } from "../../../protocol/decision.ts";
import { isDelta, type StreamedEvent } from "../../../protocol/deltas.ts";
import type { Diagnostic } from "../../../protocol/diagnostics.ts";
import type { ThreadEvent, Usage } from "../../../protocol/events.ts";
import type { ThreadItem, TodoListItem } from "../../../protocol/items.ts";
import { isObject, type JsonObject } from "../../../protocol/json.ts";
import { parseThreadEvent } from "../../../stream/event_validator.ts";
import type { StopCause, TurnEnding } from "../../../transport/ending.ts";
import type { TurnBatch, TurnRequest } from "../../../transport/transport.ts";
import { sleep } from "../../../util/sleep.ts";
import { quoted } from "../../../util/text.ts";
import {
  errorEvent,
  itemCompleted,
  itemDelta,
  itemStarted,
  itemUpdated,
  threadStarted,
  turnCompleted,
  turnFailed,
  turnStarted,
  usage,
} from "../build/events.ts";
import { agentMessage } from "../build/items.ts";
import { FAILURE_MESSAGES } from "./failure_messages.ts";
import { startedForm } from "./started_form.ts";
import {
  type ApprovalStep,
  type AskApproval,
  declined,
  type PlayedServerTurn,
  type ServerStep,
  toApprovalRequest,
} from "./approval.ts";
import type { WrittenStep } from "./steps.ts";
import { untilAborted } from "./until_aborted.ts";

/** The context of a played turn: everything that it needs except its steps. */
export interface PlayContext {
  /** The request. */
  readonly request: TurnRequest;
  /** The thread that it is played on. */
  readonly threadId: string;
  /** `true` if an event of an unknown kind ends the turn. */
  readonly isStrict: boolean;
  /** Adds the turn's usage to that of its thread, and returns the total. */
  addUsage(share: Usage): Usage;
  /** Asks for approval; `undefined` for `codex exec`, which never asks. */
  readonly ask?: AskApproval;
  /** The clock. @default {REAL_TIME} */
  readonly clock?: PlayClock;
  /** `true` if the steps after the event that decides the turn are played, too. */
  readonly goesOn?: boolean;
}

/** The clock of a played turn; its waits end early when the signal is aborted. */
export interface PlayClock {
  /** Waits for a time, in ms. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
  /** Waits until the signal is aborted. */
  hang(signal: AbortSignal): Promise<void>;
}

/** The clock that really waits. */
const REAL_TIME: PlayClock = { pause: sleep, hang: untilAborted };

/** The batches of a played turn; returns its ending. */
export type PlayedBatches = AsyncGenerator<
  TurnBatch<StreamedEvent>,
  TurnEnding,
  void
>;

/** The batches of some steps; returns an ending if they end the turn. */
type PlayedSteps = AsyncGenerator<
  TurnBatch<StreamedEvent>,
  TurnEnding | undefined,
  void
>;

/** Plays a turn as the CLI prints it; see `Transport.runTurn`. */
export function playTurn(
  turn: PlayedServerTurn,
  context: PlayContext,
): PlayedBatches {
  return new TurnPlayer(context).play(turn);
}

/** Plays the steps of one turn. */
class TurnPlayer {
  readonly #context: PlayContext;
  readonly #clock: PlayClock;
  readonly #started = new Set<string>();
  #hasThread = false;
  #hasTurn = false;
  #items = 0;
  #share: Usage = usage();
  /** The ending of a turn that is decided and still has steps to play. */
  #decided: TurnEnding | undefined;
  /** The plan, which the CLI completes when the turn is. */
  #plan: TodoListItem | undefined;

  /** Creates a player for one turn. */
  constructor(context: PlayContext) {
    this.#context = context;
    this.#clock = context.clock ?? REAL_TIME;
  }

  /** Plays all steps, and completes the turn if none of them ends it. */
  async *play(turn: PlayedServerTurn): PlayedBatches {
    const { signal } = this.#context.request;
    try {
      const ending = yield* this.#steps(turn);
      if (ending !== undefined) return ending;
      if (signal.aborted) return stopped(signal);
      return this.#decided ?? (yield* this.#complete());
    } catch (error) {
      const known = error instanceof CodexError
        ? error
        : internalError("Cannot play the turn", error);
      return { type: "failed", error: known, process: null };
    }
  }

  async *#steps(turn: PlayedServerTurn): PlayedSteps {
    const { signal } = this.#context.request;
    for (const step of isList(turn) ? turn : [turn]) {
      if (signal.aborted) return stopped(signal);
      const ending = yield* this.#step(step);
      if (ending !== undefined) return ending;
    }
    return undefined;
  }

  /** Plays a step; returns an ending if it ends the turn. */
  async *#step(step: ServerStep): PlayedSteps {
    const { signal } = this.#context.request;
    if ("play" in step) {
      switch (step.play) {
        case "pause":
          await this.#clock.pause(step.ms, signal);
          return signal.aborted ? stopped(signal) : undefined;
        case "batch":
          yield step.batch;
          return undefined;
        case "hang":
          yield* this.#open();
          await this.#clock.hang(signal);
          return stopped(signal);
        case "failure": {
          yield* this.#open();
          const { message, errorInfo } = FAILURE_MESSAGES[step.reason];
          yield makeBatch(errorEvent(message), turnFailed(message));
          return this.#decide(exited(1, errorInfo));
        }
        case "structured_answer":
          return yield* this.#item(
            agentMessage(answerText(step.value, this.#context.request)),
          );
        case "written":
          return yield* this.#written(step);
        case "approval":
          return yield* this.#approval(step);
        case "end":
          return step.ending;
        default:
          throw unknownStep(step);
      }
    }
    if (!("type" in step)) {
      this.#share = step;
      return undefined;
    }
    return isItem(step) ? yield* this.#item(step) : yield* this.#event(step);
  }

  /** Yields the events that name the thread and begin the turn, unless they came before. */
  *#open(): Generator<TurnBatch<StreamedEvent>, void, void> {
    const events = this.#thread();
    if (!this.#hasTurn) events.push(turnStarted());
    this.#hasTurn = true;
    if (events.length > 0) yield makeBatch(...events);
  }

  /** Returns the event that names the thread, unless it came before. */
  #thread(): ThreadEvent[] {
    if (this.#hasThread) return [];
    this.#hasThread = true;
    return [threadStarted(this.#context.threadId)];
  }

  async *#complete(): PlayedBatches {
    yield* this.#open();
    if (this.#plan !== undefined) yield makeBatch(itemCompleted(this.#plan));
    yield makeBatch(turnCompleted(this.#context.addUsage(this.#share)));
    return exited(0);
  }

  /** Plays an item up to its status. */
  *#item(
    given: ThreadItem,
  ): Generator<TurnBatch<StreamedEvent>, undefined, void> {
    yield* this.#open();
    if (given.type === "todo_list") return yield* this.#planned(given);
    const item = this.#named(given);
    const begun = this.#started.has(item.id) ? undefined : startedForm(item);
    this.#started.add(item.id);
    if (begun !== undefined) yield makeBatch(itemStarted(begun));
    if ("status" in item && item.status === "in_progress") return;
    yield this.#read(itemCompleted(item));
  }

  /** Plays an item, with its deltas between its beginning and its end. */
  *#written(
    { item, pieces }: WrittenStep,
  ): Generator<TurnBatch<StreamedEvent>, undefined, void> {
    yield* this.#open();
    const named = this.#named(item);
    const { id: item_id, type } = named;
    const kind = type === "command_execution" ? "command_output" : type;
    if (type === "command_execution") {
      yield* this.#item({ ...named, status: "in_progress" });
    }
    for (const piece of pieces) {
      yield makeBatch(itemDelta(piece, { item_id, kind }));
    }
    yield* this.#item(named);
  }

  /** Plays an item that waits for approval. */
  async *#approval(step: ApprovalStep): PlayedSteps {
    const { ask, request, threadId } = this.#context;
    if (ask === undefined) {
      throw new CodexInputError(
        "codex exec never asks for approval: play this turn on fakeCodexAppServer",
        { path: "script" },
      );
    }
    yield* this.#open();
    const item = this.#named(step.item);
    yield* this.#item({ ...item, status: "in_progress" });
    yield { events: [], diagnostics: [], isAsking: true };
    const { answer, warning } = await ask(
      toApprovalRequest({ ...step, item }, threadId),
      request.signal,
    );
    if (request.signal.aborted) return stopped(request.signal);
    const warnings = warning === undefined ? [] : [warning];
    yield { events: [], diagnostics: [], warnings };
    const isGranted = answer === "accept" || answer === "acceptForSession";
    yield* this.#item(isGranted ? item : declined(item));
    if (answer === "cancel") return { type: "interrupted", process: null };
    return yield* this.#steps(step.onDecision(answer));
  }

  /** Plays the plan, which stays one item when it is rewritten. */
  *#planned(
    given: TodoListItem,
  ): Generator<TurnBatch<StreamedEvent>, undefined, void> {
    const before = this.#plan;
    this.#plan = before === undefined
      ? this.#named(given)
      : { ...given, id: before.id };
    yield makeBatch(
      before === undefined ? itemStarted(this.#plan) : itemUpdated(this.#plan),
    );
  }

  *#event(
    given: StreamedEvent,
  ): Generator<TurnBatch<StreamedEvent>, TurnEnding | undefined, void> {
    if (given.type === "thread.started") this.#hasThread = true;
    else if (given.type === "turn.started") {
      const thread = this.#thread();
      if (thread.length > 0) yield makeBatch(...thread);
      this.#hasTurn = true;
    } else yield* this.#open();
    if (isDelta(given)) {
      yield makeBatch(given);
      return;
    }
    const batch = this.#read(given);
    yield batch;
    const decision = batch.events.map(readDecision).find((each) =>
      each !== undefined
    );
    if (decision === undefined) return;
    return this.#decide(exited(decision === "completed" ? 0 : 1));
  }

  /** Returns the ending of a turn that is decided, or keeps it until the last step. */
  #decide(ending: TurnEnding): TurnEnding | undefined {
    if (!this.#context.goesOn) return ending;
    this.#decided ??= ending;
    return undefined;
  }

  /** Parses the raw form of an unknown event or item, since this version may know it by now. */
  #read(given: ThreadEvent): TurnBatch {
    const diagnostics: Diagnostic[] = [];
    const raw = readRaw(given);
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

/** Returns the raw JSON of an event that is unknown or has an unknown item, else `undefined`. */
function readRaw(event: ThreadEvent): JsonObject | undefined {
  if (event.type === "unknown") return event.raw;
  if (!("item" in event) || event.item.type !== "unknown") return undefined;
  return { type: event.type, item: event.item.raw };
}

/** Creates the error for a step that cannot be played, such as those of a fake executable. */
function unknownStep({ play }: { readonly play: unknown }): CodexInputError {
  return new CodexInputError(
    `A played turn cannot do the step ${
      quoted(String(play))
    }: it has no process`,
    { path: "script" },
  );
}

/** Writes an answer as the model would, by the output schema. */
function answerText(value: unknown, { outputSchema }: TurnRequest): string {
  const properties = outputSchema?.properties;
  // A type that is not an object is sent wrapped in one, as its only property.
  const isWrapped = isObject(properties) &&
    Object.keys(properties).join() === "value";
  const hasValue = typeof value === "object" && value !== null &&
    Object.hasOwn(value, "value");
  return JSON.stringify(isWrapped && !hasValue ? { value } : value);
}

function isItem(step: ThreadItem | StreamedEvent): step is ThreadItem {
  // Only items have an `id`.
  return "id" in step;
}

function isList(turn: PlayedServerTurn): turn is readonly ServerStep[] {
  return Array.isArray(turn);
}

function makeBatch(...events: StreamedEvent[]): TurnBatch<StreamedEvent> {
  return { events, diagnostics: [] };
}

function exited(
  exitCode: number,
  errorInfo?: Extract<TurnEnding, { type: "exited" }>["errorInfo"],
): TurnEnding {
  const process = { ...NO_PROCESS_FACTS, exitCode };
  return { type: "exited", process, lingered: false, errorInfo };
}

/** Returns the ending of a turn that was stopped. */
function stopped(signal: AbortSignal): TurnEnding {
  return { ...(signal.reason as StopCause), process: null };
}
