import { internalError } from "../errors/codex_error.ts";
import type { StructuredOutput } from "../output/structured_output.ts";
import type { ThreadEvent } from "../protocol/events.ts";
import { isSameThread, isThreadId } from "../input/thread_id.ts";
import { Repairs } from "./attempts.ts";
import { type RunOutcome, turnOf } from "./outcome.ts";
import { turnFacts } from "./finish.ts";
import { initialTurnState } from "./reduce.ts";
import { ListedTurnState, type TurnState } from "./state.ts";
import { TurnTally } from "./accumulate.ts";
import { quoted, shorten } from "../util/text.ts";
import type { ThreadState } from "./thread_state.ts";
import { type TurnLimitOptions, TurnLimits } from "./limits.ts";
import type {
  StopCause,
  Transport,
  TransportTurn,
  TurnEnding,
  TurnRequest,
} from "../transport/transport.ts";
import type { Turn } from "./turn.ts";
import {
  CodexCancelledError,
  CodexThreadNotFoundError,
  type CodexTurnError,
} from "../errors/turn_errors.ts";
import { NO_TURN_FACTS, type TurnFacts } from "../errors/turn_facts.ts";
import { CodexProtocolError } from "../errors/protocol_errors.ts";
import { turnResult } from "./turn_result.ts";

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
  /** Set when the turn's time is up. */
  #stopped: StopCause | undefined;
  #outcome: RunOutcome<T> | undefined;

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
  get outcome(): RunOutcome<T> | undefined {
    return this.#outcome;
  }

  /** Takes the turn to its end. */
  async complete(): Promise<Turn<T>> {
    for await (const _ of this.events()) {
      // Each batch is folded into the turn as it passes.
    }
    return turnOf(this.#outcome);
  }

  /** Ends the turn because nobody wants more of it, also while it waits for something. */
  leave(): void {
    this.#left.abort();
    this.#turn?.stop();
  }

  /** The events, as the CLI prints them: those together that came together. */
  async *events(): AsyncGenerator<readonly ThreadEvent[], void, void> {
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
    const facts = { ...NO_TURN_FACTS, threadId: this.#thread.id };
    let next: (() => void) | undefined;
    try {
      const signals = signal === undefined ? [left] : [signal, left];
      next = await this.#thread.queue.enter(...signals);
    } catch (error) {
      throw internalError("Cannot wait for the turn's place", error);
    }
    if (next !== undefined) return next;
    throw new CodexCancelledError(undefined, { cause: signal?.reason, facts });
  }

  /** Runs the turn, and its repairs; gives nothing if the consumer left. */
  async *#go(): AsyncGenerator<
    readonly ThreadEvent[],
    Turn<T> | undefined,
    void
  > {
    const thread = this.#thread;
    const { warnings = [] } = this.#output;
    const repairs = new Repairs(this.#output);
    const limits = new TurnLimits(this.#limits, (cause) => this.#stop(cause));
    let request: TurnRequest = { ...this.#request, threadId: thread.id };
    let state: TurnState = ListedTurnState.of(
      initialTurnState({ threadId: thread.id, usageBefore: thread.usage }),
    ).with({ warnings });
    try {
      // The consumer may leave at the moment in which the turn's place comes.
      while (!this.#left.signal.aborted) {
        const ended = yield* this.#attempt(request, state, limits);
        if (this.#left.signal.aborted) break;
        state = ended.state;
        const next = await repairs.after(
          turnResult(state, ended.ending, request),
        );
        if ("turn" in next) return next.turn;
        const { prompt } = next;
        request = { ...request, prompt, images: [], threadId: thread.id };
        state = ListedTurnState.of(state)
          .with({ status: "running", finalResponse: "", lastError: null });
      }
      return undefined;
    } finally {
      limits.stop();
    }
  }

  /** Ends the turn because its time is up. */
  #stop(cause: StopCause): void {
    this.#stopped = cause;
    void this.#turn?.stop(cause);
  }

  /** Runs the CLI once, and folds what it prints into the turn's state. */
  async *#attempt(
    request: TurnRequest,
    initial: TurnState,
    limits: TurnLimits,
  ): AsyncGenerator<
    readonly ThreadEvent[],
    { readonly state: TurnState; readonly ending: TurnEnding | null },
    void
  > {
    const thread = this.#thread;
    const { threadId } = request;
    const transportTurn = this.#transport.startTurn(request);
    this.#turn = transportTurn;
    if (this.#stopped !== undefined) void transportTurn.stop(this.#stopped);
    const state = new TurnTally(
      initial,
      (text) => transportTurn.redact(text),
    );
    const before = { id: threadId, usage: thread.usage };
    let opened = false;
    let begun = false;
    try {
      limits.waiting();
      for await (const batch of transportTurn.batches) {
        limits.received(batch.events);
        let events = batch.events;
        let wrongThread: CodexTurnError | undefined;
        for (const [index, event] of batch.events.entries()) {
          if (event.type === "thread.started") {
            // What is named after the turn's end is nobody's thread.
            if (state.status !== "running") continue;
            const expected = opened ? thread.id : threadId;
            wrongThread = wrongThreadError(event.thread_id, expected, {
              isFirst: !opened,
              shown: transportTurn.redact(event.thread_id),
              facts: turnFacts(state, null),
            });
            if (wrongThread !== undefined) {
              events = batch.events.slice(0, index);
              break;
            }
            thread.id = event.thread_id;
            opened = true;
          }
          begun ||= isOfTurn(event);
          state.take(event);
        }
        for (const diagnostic of batch.diagnostics) state.note(diagnostic);
        // Who has left gets no more, but what comes still tells how the turn ended.
        if (!this.#left.signal.aborted && events.length > 0) yield events;
        if (wrongThread !== undefined) {
          await transportTurn.stop();
          throw wrongThread;
        }
        limits.waiting();
      }
      limits.received([]);
      return { state, ending: transportTurn.ending };
    } finally {
      if (opened && !begun) {
        // The CLI may not have written the thread down yet, and nothing was said on it.
        Object.assign(thread, before);
      } else if (opened) {
        // Until a turn is complete, what it has used is not known.
        thread.usage = state.status === "completed" ? state.usage : null;
      }
    }
  }
}

/**
 * Makes the error for a thread that the CLI opened and that is not the turn's; gives
 * nothing for one that is. What can write to the CLI's stdout, as the agent's commands
 * under full access where it is a pipe, must not choose which words are said to whom.
 */
function wrongThreadError(
  opened: string,
  expected: string | null,
  { isFirst, shown, facts }: {
    readonly isFirst: boolean;
    readonly shown: string;
    readonly facts: TurnFacts;
  },
): CodexTurnError | undefined {
  if (!isThreadId(opened)) {
    return new CodexProtocolError(
      `Cannot take ${
        quoted(shorten(shown, 100))
      } for a thread's id: it is no UUID`,
      { code: "unexpected_event", lineNumber: null, facts },
    );
  }
  if (expected === null || isSameThread(opened, expected)) return undefined;
  return isFirst
    ? new CodexThreadNotFoundError(
      `Cannot resume thread ${expected}: the CLI opened thread ${opened} instead`,
      { requestedThreadId: expected, openedThreadId: opened, facts },
    )
    : new CodexProtocolError(
      `Cannot go on with thread ${expected}: the CLI names thread ${opened} in the same turn`,
      { code: "unexpected_event", lineNumber: null, facts },
    );
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
