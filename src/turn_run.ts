import type { StructuredOutput } from "./output/structured_output.ts";
import type { ThreadEvent } from "./protocol/events.ts";
import { finishTurn, turnFacts } from "./stream/finish_turn.ts";
import {
  initialTurnState,
  noteDiagnostic,
  reduceTurn,
} from "./stream/turn_reducer.ts";
import type { TurnState } from "./stream/turn_state.ts";
import type { ThreadState } from "./thread_state.ts";
import { type TurnLimitOptions, TurnLimits } from "./turn_limits.ts";
import type {
  Transport,
  TransportTurn,
  TurnBatch,
  TurnEnding,
  TurnRequest,
} from "./transport.ts";
import { Turn } from "./turn.ts";
import {
  CodexCancelledError,
  CodexExecError,
  CodexThreadNotFoundError,
} from "./turn_errors.ts";

/** What the CLI writes to stderr, and only there, for a thread that it does not know (facts F9). */
const NO_SUCH_THREAD = "no rollout found for thread id";

/** A request before its thread's turn has come: which thread it continues is not known yet. */
export type PendingRequest = Omit<TurnRequest, "threadId">;

/** One turn of a thread, from waiting for its place to its outcome. */
export class TurnRun<T> {
  readonly #thread: ThreadState;
  readonly #transport: Transport;
  readonly #request: PendingRequest;
  readonly #output: StructuredOutput<T>;
  readonly #limits: TurnLimitOptions;
  /** Aborted when the consumer leaves. */
  readonly #left = new AbortController();
  #turn: TransportTurn | undefined;
  #outcome:
    | { readonly turn: Turn<T> }
    | { readonly error: unknown }
    | undefined;

  /** Prepares a turn; nothing happens before its first event is asked for. */
  constructor(
    thread: ThreadState,
    transport: Transport,
    request: PendingRequest,
    output: StructuredOutput<T>,
    limits: TurnLimitOptions,
  ) {
    this.#thread = thread;
    this.#transport = transport;
    this.#request = request;
    this.#output = output;
    this.#limits = limits;
  }

  /** What the turn came to; nothing before its end, and after an early one. */
  get outcome():
    | { readonly turn: Turn<T> }
    | { readonly error: unknown }
    | undefined {
    return this.#outcome;
  }

  /** Takes the turn to its end. */
  async complete(): Promise<Turn<T>> {
    for await (const _ of this.#batches()) {
      // Each batch is folded into the turn as it passes.
    }
    if (this.#outcome === undefined || "error" in this.#outcome) {
      throw this.#outcome?.error;
    }
    return this.#outcome.turn;
  }

  /** The events, as the CLI prints them. */
  async *events(): AsyncGenerator<ThreadEvent, void, void> {
    for await (const batch of this.#batches()) yield* batch.events;
  }

  /** Ends the turn because nobody wants more of it, also while it waits for something. */
  leave(): void {
    this.#left.abort();
    this.#turn?.stop();
  }

  async *#batches(): AsyncGenerator<TurnBatch, void, void> {
    try {
      const next = await this.#enter();
      try {
        const turn = yield* this.#go();
        if (turn !== undefined) this.#outcome = { turn };
      } finally {
        next();
      }
    } catch (error) {
      if (this.#left.signal.aborted) return;
      this.#outcome = { error };
      throw error;
    }
  }

  /** Waits until the thread's turns before this one are over. */
  async #enter(): Promise<() => void> {
    const { signal } = this.#request;
    const left = this.#left.signal;
    try {
      return signal === undefined
        ? await this.#thread.queue.enter(left)
        : await this.#thread.queue.enter(signal, left);
    } catch (reason) {
      throw new CodexCancelledError(reason, {
        ...turnFacts(initialTurnState(), null),
        threadId: this.#thread.id,
      });
    }
  }

  /** Runs the turn; gives nothing if the consumer left. */
  async *#go(): AsyncGenerator<TurnBatch, Turn<T> | undefined, void> {
    // The consumer may leave at the moment in which the turn's place comes.
    if (this.#left.signal.aborted) return undefined;
    const thread = this.#thread;
    const threadId = thread.id;
    const transportTurn = this.#transport.startTurn({
      ...this.#request,
      threadId,
    });
    this.#turn = transportTurn;
    let state = initialTurnState({ threadId, usageBefore: thread.usage });
    const before = { id: threadId, usage: thread.usage };
    let opened = false;
    let begun = false;
    const limits = new TurnLimits(
      this.#limits,
      (cause) => void transportTurn.stop(cause),
    );
    try {
      limits.waiting();
      for await (const batch of transportTurn.batches) {
        limits.received(batch.events);
        for (const event of batch.events) {
          if (event.type === "thread.started") {
            await this.#checkThread(event.thread_id, threadId, state);
            thread.id = event.thread_id;
            opened = true;
          }
          begun ||= isOfTurn(event);
          state = reduceTurn(state, event);
        }
        for (const diagnostic of batch.diagnostics) {
          state = noteDiagnostic(state, diagnostic);
        }
        // Who has left gets no more, but what comes still tells how the turn ended.
        if (!this.#left.signal.aborted) yield batch;
        limits.waiting();
      }
      if (this.#left.signal.aborted) return undefined;
      return this.#finish(state, transportTurn.ending, threadId);
    } finally {
      limits.stop();
      if (opened && !begun) {
        // The CLI may not have written the thread down yet, and nothing was said on it.
        Object.assign(thread, before);
      } else if (opened) {
        // Until a turn is complete, what it has used is not known.
        thread.usage = state.status === "completed" ? state.usage : null;
      }
    }
  }

  /** Stops the turn if the CLI has opened another thread than the one asked for. */
  async #checkThread(
    opened: string,
    requested: string | null,
    state: TurnState,
  ): Promise<void> {
    if (
      requested === null || opened.toLowerCase() === requested.toLowerCase()
    ) return;
    await this.#turn?.stop();
    throw new CodexThreadNotFoundError(
      `Cannot resume thread ${requested}: the CLI opened thread ${opened} instead`,
      { requested, opened },
      turnFacts(state, null),
    );
  }

  #finish(
    state: TurnState,
    ending: TurnEnding | null,
    requested: string | null,
  ): Turn<T> {
    const outcome = finishTurn(
      state,
      ending ?? { type: "aborted", reason: undefined, process: null },
    );
    if (outcome.ok) return new Turn(outcome.result, this.#output);
    const { error } = outcome;
    if (
      requested !== null && error instanceof CodexExecError &&
      error.stderr.includes(NO_SUCH_THREAD)
    ) {
      throw new CodexThreadNotFoundError(
        `Cannot resume thread ${requested}: the CLI knows no such thread`,
        { requested, opened: null },
        error,
      );
    }
    throw error;
  }
}

/** Whether an event shows that the turn has begun; notices come before that too (facts F3). */
function isOfTurn(event: ThreadEvent): boolean {
  switch (event.type) {
    case "thread.started":
    case "error":
    case "unknown":
      return false;
    case "item.started":
    case "item.updated":
    case "item.completed":
      return event.item.type !== "error";
    default:
      return true;
  }
}
