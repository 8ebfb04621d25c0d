import { internalError } from "../errors/codex_error.ts";
import {
  CodexCancelledError,
  type CodexTurnError,
} from "../errors/turn_errors.ts";
import type { StructuredOutput } from "../output/structured_output.ts";
import { isDelta, type StreamedEvent } from "../protocol/deltas.ts";
import type { ThreadEvent } from "../protocol/events.ts";
import type { StopCause, TurnEnding } from "../transport/ending.ts";
import type {
  Transport,
  TurnBatch,
  TurnRequest,
} from "../transport/transport.ts";
import { type AbortSignalLike, onAbort } from "../util/on_abort.ts";
import { unlessStopped } from "../util/unless_stopped.ts";
import { TurnAccumulator } from "./accumulate.ts";
import { Attempts } from "./attempts.ts";
import { finishTurn, turnError } from "./finish.ts";
import { TurnLimits } from "./limits.ts";
import { OpenedThread } from "./opened_thread.ts";
import { type RunOutcome, turnOrThrow } from "./outcome.ts";
import { initialTurnState, type TurnState } from "./state.ts";
import type { PlannedTurn } from "./plan_turn.ts";
import type { TurnProgress } from "./progress.ts";
import { nextBeginning, type ThreadState } from "./thread_state.ts";
import type { Turn } from "./turn.ts";
import { watchRun } from "./watch_run.ts";

/** Everything that a turn needs, before it reaches the head of the thread's queue. */
export interface TurnPlan<T, E extends StreamedEvent = ThreadEvent>
  extends PlannedTurn {
  /** The thread that the turn belongs to. */
  readonly thread: ThreadState;
  /** The transport that runs the turn. */
  readonly transport: Transport<E>;
  /** Reads the answer. */
  readonly output: StructuredOutput<T>;
  /** Cancels the turn. */
  readonly signal: AbortSignalLike | undefined;
}

/** The ending for a transport whose consumer has left; nothing reads it. */
const ABANDONED: TurnEnding = { type: "abandoned", process: null };

/**
 * One turn of a thread, from waiting in the queue to its outcome.
 *
 * Everything that stops it aborts one signal: the caller's signal, the limits, a consumer
 * that leaves, and a thread that is not the turn's. The first cause counts.
 */
export class TurnRun<T, E extends StreamedEvent = ThreadEvent> {
  readonly #plan: TurnPlan<T, E>;
  readonly #stop = new AbortController();
  readonly #attempts: Attempts<T>;
  #hasBegun = false;
  #isAbandoned = false;
  #turn: TurnAccumulator | undefined;
  #outcome: RunOutcome<T> | undefined;

  /** Prepares a turn; it starts when its first event is requested. */
  constructor(plan: TurnPlan<T, E>) {
    this.#plan = plan;
    this.#attempts = new Attempts(plan.output);
  }

  /** The outcome; `undefined` before the turn's end, and if it was abandoned. */
  get outcome(): RunOutcome<T> | undefined {
    return this.#outcome;
  }

  /** True once the turn has ended in any way. */
  get isOver(): boolean {
    return this.#outcome !== undefined || this.#isAbandoned;
  }

  /** True if the turn may be repaired after the current attempt. */
  get mayRepair(): boolean {
    return this.#attempts.mayRepair;
  }

  /** The progress of the turn. */
  get progress(): TurnProgress {
    const running = this.#hasBegun ? "running" : "not started";
    return {
      status: this.#isAbandoned ? "abandoned" : running,
      threadId: this.#turn?.state.threadId ?? this.#plan.thread.id,
      items: this.#turn?.state.items ?? [],
    };
  }

  /** Runs the turn to its end. */
  async complete(): Promise<Turn<T>> {
    for await (const _ of this.events()) {
      // Each batch is added to the turn as it passes.
    }
    return turnOrThrow(this.#outcome);
  }

  /** Ends the turn because its consumer has left, even while it is waiting. */
  abandon(): void {
    this.#isAbandoned = true;
    this.#stopWith({ type: "abandoned" });
  }

  /**
   * Ends the turn for a caller who continues with the thread; its events end with a
   * {@linkcode CodexInterruptedError}.
   */
  interrupt(): void {
    this.#stopWith({ type: "interrupted" });
  }

  /** Yields the events as the CLI prints them, in the batches in which they arrive. */
  async *events(): AsyncGenerator<readonly E[], void, void> {
    this.#hasBegun = true;
    const outcome = yield* this.#run();
    if (this.#isAbandoned) return;
    this.#outcome = outcome;
    if (!outcome.ok) throw outcome.error;
  }

  #stopWith(cause: StopCause): void {
    this.#stop.abort(cause);
  }

  /** Waits for the thread's earlier turns, runs the turn, and returns its outcome. */
  async *#run(): AsyncGenerator<readonly E[], RunOutcome<T>, void> {
    let stopListening: (() => void) | undefined;
    let leave: (() => void) | undefined;
    const { thread } = this.#plan;
    const { signal } = this.#stop;
    const state = initialTurnState({ threadId: thread.id });
    try {
      stopListening = this.#followSignal();
      leave = await thread.queue.enter(signal);
      if (leave !== undefined) return yield* this.#runWatched();
      return this.#stopped(state);
    } catch (error) {
      return { ok: false, error };
    } finally {
      leave?.();
      stopListening?.();
    }
  }

  /** Returns the outcome of a turn that is stopped while the CLI is not running. */
  #stopped(state: TurnState): RunOutcome<T> {
    const cause = this.#stop.signal.reason as StopCause;
    return { ok: false, error: turnError(state, { ...cause, process: null }) };
  }

  /**
   * Stops the turn when the caller's signal is aborted; returns a function that stops
   * listening.
   */
  #followSignal(): (() => void) | undefined {
    const { signal } = this.#plan;
    try {
      return signal && onAbort(
        signal,
        () => this.#stopWith({ type: "aborted", reason: signal.reason }),
      );
    } catch (error) {
      throw internalError("Cannot listen to the turn's signal", error);
    }
  }

  /** Runs the turn, and reports it to its watcher. */
  #runWatched(): AsyncGenerator<readonly E[], RunOutcome<T>, void> {
    const { thread, transport, request } = this.#plan;
    const watch = transport.watchTurn?.({
      threadId: thread.id,
      prompt: request.prompt,
      model: request.threadOptions.model ?? undefined,
    });
    const batches = this.#runAttempts();
    if (watch === undefined) return batches;
    return watchRun(batches, watch, () => {
      const state = this.#turn?.state ??
        initialTurnState({ threadId: thread.id });
      return turnError(state, ABANDONED);
    });
  }

  /** Runs the turn, including repairs. */
  async *#runAttempts(): AsyncGenerator<
    readonly E[],
    RunOutcome<T>,
    void
  > {
    const { thread, transport, output, ...plan } = this.#plan;
    const begun = performance.now();
    const limits = new TurnLimits(
      plan.limits,
      (cause) => this.#stopWith(cause),
    );
    const { origin, usage } = nextBeginning(thread);
    const turn = new TurnAccumulator(
      initialTurnState({ threadId: thread.id, usageBefore: usage }),
      (text) => transport.redact(text),
    );
    this.#turn = turn;
    turn.change({ warnings: output.warnings ?? [] });
    let asked: Pick<TurnRequest, "prompt" | "images" | "attempt"> =
      plan.request;
    try {
      for (;;) {
        if (this.#isAbandoned) throw new CodexCancelledError();
        const request: TurnRequest = {
          ...plan.request,
          ...asked,
          threadId: thread.id,
          origin,
          signal: this.#stop.signal,
        };
        const ending = yield* this.#attempt(request, turn, limits);
        const outcome = finishTurn(turn.state, ending, request);
        if (!outcome.ok) return outcome;
        // The type's own code may wait for something, which may never come.
        const after = await unlessStopped(
          this.#attempts.after(outcome.result, performance.now() - begun),
          this.#stop.signal,
        );
        if (after === undefined) return this.#stopped(turn.state);
        if (after.next === undefined) return { ok: true, turn: after.turn };
        const { prompt, event } = after.next;
        asked = { prompt, images: [], attempt: event };
        turn.change({ status: "running", finalResponse: "", lastError: null });
        // Every type of streamed event includes this one.
        yield [event as ThreadEvent as E];
      }
    } finally {
      limits.stop();
    }
  }

  /** Runs the CLI once, and adds its output to the turn. */
  async *#attempt(
    request: TurnRequest,
    turn: TurnAccumulator,
    limits: TurnLimits,
  ): AsyncGenerator<readonly E[], TurnEnding, void> {
    const { thread, transport } = this.#plan;
    const opened = new OpenedThread(thread, request);
    const batches = transport.runTurn(request);
    let rejected: CodexTurnError | undefined;
    try {
      for (;;) {
        limits.waiting();
        const next = await batches.next();
        limits.received(next.done ? [] : next.value.events);
        if (next.done) return rejectedOr(next.value, rejected);
        limits.setAsking(next.value.isAsking ?? false);
        // Anything after a thread that is not the turn's is ignored.
        if (rejected !== undefined) continue;
        const { events, error } = this.#add(next.value, turn, opened);
        if (error !== undefined) {
          rejected = error;
          this.#stopWith({ type: "failed", error });
        }
        // A consumer that has left gets no more events, but they still show how the turn
        // ended.
        if (events.length > 0 && !this.#isAbandoned) yield events;
      }
    } finally {
      try {
        await batches.return(ABANDONED);
      } finally {
        opened.settle(turn.state);
      }
    }
  }

  /**
   * Adds a batch to the turn: all of it, or the part before a thread that is not the
   * turn's.
   */
  #add(
    { events, diagnostics, warnings = [], usageBefore, usage }: TurnBatch<E>,
    turn: TurnAccumulator,
    opened: OpenedThread,
  ): {
    readonly events: readonly E[];
    readonly error: CodexTurnError | undefined;
  } {
    const redact = (text: string): string => this.#plan.transport.redact(text);
    let taken = events;
    let error: CodexTurnError | undefined;
    if (usageBefore !== undefined && turn.state.usageBefore === null) {
      turn.change({ usageBefore });
    }
    if (usage !== undefined && turn.state.status === "running") {
      turn.change({ usage });
    }
    for (const [index, each] of events.entries()) {
      const event: StreamedEvent = each;
      if (isDelta(event)) continue;
      if (event.type === "thread.started" && turn.state.status !== "running") {
        // A thread that is named after the turn's end is ignored.
        continue;
      }
      error = opened.note(event, redact);
      if (error !== undefined) {
        taken = events.slice(0, index);
        break;
      }
      turn.add(event);
      // The CLI reports zeros for a review (facts F5).
      if (event.type === "turn.completed" && this.#plan.request.review) {
        turn.change({ usage: null });
      }
    }
    for (const diagnostic of diagnostics) turn.addDiagnostic(diagnostic);
    // Another attempt at the same turn reports the same warnings.
    const fresh = warnings.filter((each) =>
      !turn.state.warnings.includes(each)
    );
    if (fresh.length > 0) {
      turn.change({ warnings: [...turn.state.warnings, ...fresh] });
    }
    return { events: taken, error };
  }
}

/**
 * Returns the ending of an attempt whose thread may have been rejected; an earlier stop
 * cause takes precedence.
 */
function rejectedOr(
  ending: TurnEnding,
  error: CodexTurnError | undefined,
): TurnEnding {
  switch (ending.type) {
    case "exited":
    case "protocol_error":
    case "failed":
      return error === undefined
        ? ending
        : { type: "failed", error, process: ending.process };
    default:
      return ending;
  }
}
