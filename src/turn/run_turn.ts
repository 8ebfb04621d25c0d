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
import { TurnAccumulator } from "./accumulate.ts";
import { Attempts } from "./attempts.ts";
import { finishTurn, turnError } from "./finish.ts";
import { TurnLimits } from "./limits.ts";
import { OpenedThread } from "./opened_thread.ts";
import { type RunOutcome, turnOrThrow } from "./outcome.ts";
import { initialTurnState } from "./state.ts";
import type { PlannedTurn } from "./plan_turn.ts";
import type { TurnProgress } from "./progress.ts";
import { nextBeginning, type ThreadState } from "./thread_state.ts";
import type { Turn } from "./turn.ts";
import { watchRun } from "./watch_run.ts";

/** Everything that decides a turn, before its place in the queue has come. */
export interface TurnPlan<T, E extends StreamedEvent = ThreadEvent>
  extends PlannedTurn {
  /** The thread that it is a turn of. */
  readonly thread: ThreadState;
  /** The way to the CLI. */
  readonly transport: Transport<E>;
  /** Reads the answer. */
  readonly output: StructuredOutput<T>;
  /** Cancels the turn. */
  readonly signal: AbortSignalLike | undefined;
}

/** The ending that the transport returns to a consumer that left; nobody looks at it. */
const ABANDONED: TurnEnding = { type: "abandoned", process: null };

/**
 * One turn of a thread, from waiting for its place to its outcome.
 *
 * All ways of stopping it abort one signal: the caller's signal, the limits, a consumer
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

  /** Prepares a turn; nothing happens before its first event is asked for. */
  constructor(plan: TurnPlan<T, E>) {
    this.#plan = plan;
    this.#attempts = new Attempts(plan.output);
  }

  /** The outcome of the turn; nothing before its end, and after an early one. */
  get outcome(): RunOutcome<T> | undefined {
    return this.#outcome;
  }

  /** True once the turn has ended, in any way. */
  get isOver(): boolean {
    return this.#outcome !== undefined || this.#isAbandoned;
  }

  /** True if the turn may be repaired after what runs now. */
  get mayRepair(): boolean {
    return this.#attempts.mayRepair;
  }

  /** Tells how far the turn has come. */
  get progress(): TurnProgress {
    const running = this.#hasBegun ? "running" : "not started";
    return {
      status: this.#isAbandoned ? "left" : running,
      threadId: this.#turn?.state.threadId ?? this.#plan.thread.id,
      items: this.#turn?.state.items ?? [],
    };
  }

  /** Takes the turn to its end. */
  async complete(): Promise<Turn<T>> {
    for await (const _ of this.events()) {
      // Each batch is folded into the turn as it passes.
    }
    return turnOrThrow(this.#outcome);
  }

  /** Ends the turn because nobody wants more of it, also while it waits for something. */
  abandon(): void {
    this.#isAbandoned = true;
    this.#stopWith({ type: "abandoned" });
  }

  /** Ends the turn for a caller who goes on with the thread; its events end with an error that says so. */
  interrupt(): void {
    this.#stopWith({ type: "interrupted" });
  }

  /** Yields the events, as the CLI prints them: those together that came together. */
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

  /** Waits for the thread's turns before it, runs the turn, and returns what it comes to. */
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
      const cause = signal.reason as StopCause;
      return {
        ok: false,
        error: turnError(state, { ...cause, process: null }),
      };
    } catch (error) {
      return { ok: false, error };
    } finally {
      leave?.();
      stopListening?.();
    }
  }

  /** Stops the turn when the caller's signal is aborted; gives the function that ends that. */
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

  /** Runs the turn, and tells who watches it. */
  #runWatched(): AsyncGenerator<readonly E[], RunOutcome<T>, void> {
    const { thread, transport, request } = this.#plan;
    const watch = transport.watchTurn?.({
      threadId: thread.id,
      prompt: request.prompt,
      model: request.threadOptions.model ?? undefined,
    });
    const batches = this.#runAttempts();
    return watch === undefined ? batches : watchRun(batches, watch);
  }

  /** Runs the turn, and its repairs. */
  async *#runAttempts(): AsyncGenerator<
    readonly E[],
    RunOutcome<T>,
    void
  > {
    const { thread, transport, output, ...plan } = this.#plan;
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
        const after = await this.#attempts.after(outcome.result);
        if (after.next === undefined) return { ok: true, turn: after.turn };
        const { prompt, event } = after.next;
        asked = { prompt, images: [], attempt: event };
        turn.change({ status: "running", finalResponse: "", lastError: null });
        // It may be streamed, whatever else E allows.
        yield [event as ThreadEvent as E];
      }
    } finally {
      limits.stop();
    }
  }

  /** Runs the CLI once, and adds what it prints to the turn. */
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
        limits.asking(next.value.isAsking ?? false);
        // What comes after a thread that is not the turn's is nobody's.
        if (rejected !== undefined) continue;
        const { events, error } = this.#add(next.value, turn, opened);
        if (error !== undefined) {
          rejected = error;
          this.#stopWith({ type: "failed", error });
        }
        // Who has left gets no more, but what comes still tells how the turn ended.
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

  /** Adds a batch to the turn: all of it, or what comes before a thread that is not the turn's. */
  #add(
    { events, diagnostics, warnings = [], usageBefore }: TurnBatch<E>,
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
    for (const [index, each] of events.entries()) {
      const event: StreamedEvent = each;
      if (isDelta(event)) continue;
      if (event.type === "thread.started" && turn.state.status !== "running") {
        // What is named after the turn's end is nobody's thread.
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
    // Another attempt at the same turn has the same.
    const fresh = warnings.filter((each) =>
      !turn.state.warnings.includes(each)
    );
    if (fresh.length > 0) {
      turn.change({ warnings: [...turn.state.warnings, ...fresh] });
    }
    return { events: taken, error };
  }
}

/** Gives the ending of an attempt whose thread may have been rejected; what stopped it before counts. */
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
