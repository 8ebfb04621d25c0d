import { CodexInputError, CodexInternalError } from "../errors/codex_error.ts";
import type { StructuredOutput } from "../output/structured_output.ts";
import type { ThreadEvent } from "../protocol/events.ts";
import type { ThreadItem } from "../protocol/items.ts";
import { type RunOutcome, turnOrThrow } from "../turn/outcome.ts";
import type { TurnProgress } from "../turn/progress.ts";
import type { ThreadFacts } from "../turn/thread_state.ts";
import { Turn } from "../turn/turn.ts";
import {
  CodexStructuredResponseError,
  withTurnFacts,
} from "../errors/turn_errors.ts";
import type {
  SerializedOutcome,
  SerializedTurn,
  TurnJob,
  WorkerReply,
  WorkerRequest,
} from "./messages.ts";
import { WorkerTurn } from "./worker_turn.ts";
import {
  deserializeError,
  deserializeFacts,
  type SerializedError,
  serializeError,
} from "./serialize_error.ts";
import { isPromise } from "../util/realms.ts";

/** The state that the turns of a blocking thread share. */
export interface BlockingThreadState extends ThreadFacts {
  /** `true` while one of its turns has begun and not ended. */
  busy: boolean;
}

/** The part of a job that does not depend on the thread's earlier turns. */
export type TurnJobRequest = Omit<TurnJob, "thread" | "output">;

/** The reply that ends a turn. */
type Ended = Extract<WorkerReply, { type: "ended" }>;

/** One turn of a blocking thread, which waits while the worker runs it. */
export class BlockingTurn<T> {
  readonly #thread: BlockingThreadState;
  readonly #job: () => TurnJobRequest;
  readonly #output: StructuredOutput<T>;
  /** The items, in the order of their events. */
  readonly #items: ThreadItem[] = [];
  /** The errors that the caller's output type threw for answers, in order. */
  readonly #answerErrors: CodexStructuredResponseError[] = [];
  #status: TurnProgress["status"] = "not started";
  #outcome: RunOutcome<T> | undefined;

  /**
   * Prepares a turn; it starts when its first event is requested.
   *
   * @param job Returns the job for the worker; called at the start.
   */
  constructor(
    thread: BlockingThreadState,
    job: () => TurnJobRequest,
    output: StructuredOutput<T>,
  ) {
    this.#thread = thread;
    this.#job = job;
    this.#output = output;
  }

  /** The outcome of the turn; `undefined` until it ends, and if it is abandoned. */
  get outcome(): RunOutcome<T> | undefined {
    return this.#outcome;
  }

  /** The progress of the turn. */
  get progress(): TurnProgress {
    const { id: threadId } = this.#thread;
    return { status: this.#status, threadId, items: this.#items };
  }

  /** Runs the turn to its end. */
  complete(): Turn<T> {
    for (const _ of this.events()) {
      // `#run` keeps the items.
    }
    return turnOrThrow(this.#outcome);
  }

  /** Yields the events as the CLI prints them, in batches of those that came together. */
  *events(): Generator<readonly ThreadEvent[], void, void> {
    try {
      const outcome = yield* this.#run();
      this.#outcome = outcome.ok
        ? { ok: true, turn: this.#makeTurn(outcome) }
        : { ok: false, error: deserializeError(outcome.error, this.#items) };
    } catch (error) {
      this.#outcome = { ok: false, error };
    }
    turnOrThrow(this.#outcome);
  }

  /** Runs the turn; returning early also waits until nothing of it is left. */
  *#run(): Generator<readonly ThreadEvent[], SerializedOutcome, void> {
    const thread = this.#thread;
    if (thread.busy) {
      throw new CodexInputError(
        "Cannot begin a turn: the previous turn of the thread has not ended; read its events to the end, or dispose of it",
        { path: "thread" },
      );
    }
    const { id, usage } = thread;
    const { read: _, ...output } = this.#output;
    const turn = new WorkerTurn({
      ...this.#job(),
      thread: {
        id,
        usage,
        beginning: id === null ? thread.begin() : undefined,
      },
      output,
    });
    thread.busy = true;
    this.#status = "running";
    let hasEnded = false;
    try {
      for (;;) {
        const reply = this.#ask(turn, { type: "next" });
        if (reply.type === "ended") {
          hasEnded = true;
          this.#end(reply);
          if (reply.outcome !== undefined) return reply.outcome;
          throw new CodexInternalError("The turn has ended without an outcome");
        }
        thread.id = reply.threadId;
        for (const event of reply.events) {
          if (event.type === "item.completed") this.#items.push(event.item);
        }
        yield reply.events;
      }
    } finally {
      try {
        if (!hasEnded) this.#status = "abandoned";
        if (!hasEnded && turn.isAlive) this.#abandon(turn);
      } finally {
        turn.close();
        thread.busy = false;
      }
    }
  }

  /** Ends the turn; earlier replies may still be queued, also if one could not be read. */
  #abandon(turn: WorkerTurn): void {
    let reply = this.#ask(turn, { type: "leave" });
    while (reply.type !== "ended") reply = this.#receive(turn, turn.receive());
    this.#end(reply);
  }

  /** Sends a request, and waits for the reply. */
  #ask(
    turn: WorkerTurn,
    request: WorkerRequest,
  ): Exclude<WorkerReply, { type: "judge" }> {
    return this.#receive(turn, turn.ask(request));
  }

  /** Answers the worker's requests to judge, until it sends another reply. */
  #receive(
    turn: WorkerTurn,
    reply: WorkerReply,
  ): Exclude<WorkerReply, { type: "judge" }> {
    let next = reply;
    while (next.type === "judge") {
      next = turn.ask({ type: "verdict", error: this.#judge(next.text) });
    }
    return next;
  }

  /**
   * Returns what is wrong with an answer, if anything. An error in the output type's own
   * code does not count: asking the model again would not help.
   */
  #judge(text: string): SerializedError | undefined {
    try {
      const value = this.#output.read(text);
      // This thread cannot wait for a promise: `structuredResponse` will say so.
      if (isPromise(value)) value.catch(() => {});
    } catch (error) {
      if (!(error instanceof CodexStructuredResponseError)) return undefined;
      this.#answerErrors.push(error);
      return serializeError(error);
    }
    return undefined;
  }

  #end({ thread, lateItems }: Ended): void {
    Object.assign(this.#thread, thread);
    for (const item of lateItems) this.#items.push(item);
  }

  #makeTurn({ result, attempts, durationMs }: SerializedTurn): Turn<T> {
    let taken = 0;
    return new Turn({ ...result, items: this.#items }, this.#output, {
      attempts: attempts.map(({ itemCount, error, ...attempt }) => {
        const items = this.#items.slice(taken, taken += itemCount);
        return {
          ...attempt,
          items,
          error: error && this.#remakeAnswerError(error),
        };
      }),
      durationMs,
    });
  }

  /**
   * Restores the error for an answer: the original one, which has the library's error as its
   * cause, with the facts of the turn up to that point.
   */
  #remakeAnswerError(
    packed: SerializedError,
  ): CodexStructuredResponseError | null {
    const error = this.#answerErrors.shift();
    if (error === undefined || packed.facts === undefined) return null;
    return withTurnFacts(error, deserializeFacts(packed.facts, this.#items));
  }
}
