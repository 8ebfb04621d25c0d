import type { Diagnostic } from "../protocol/diagnostics.ts";
import { ExecTransport } from "../exec/transport.ts";
import type { ThreadEvent } from "../protocol/events.ts";
import type { ThreadItem } from "../protocol/items.ts";
import type { RunOutcome } from "../turn/outcome.ts";
import { NEW_THREAD } from "../transport/origin.ts";
import type { ThreadState } from "../turn/thread_state.ts";
import { shorten } from "../util/text.ts";
import { CodexTurnError } from "../errors/turn_errors.ts";
import { NO_TURN_FACTS, recordIn } from "../errors/turn_facts.ts";
import { CodexProtocolError } from "../errors/protocol_errors.ts";
import { TurnRun } from "../turn/run_turn.ts";
import { SerialQueue } from "../util/serial_queue.ts";
import { CancelFlag } from "./cancel_flag.ts";
import {
  canCross,
  itemWithoutDepth,
  usageWithoutDepth,
  withoutDepth,
} from "./crossing.ts";
import type {
  SentThreadFacts,
  SerializedOutcome,
  TurnBegin,
  TurnJob,
  WorkerReply,
  WorkerRequest,
} from "./messages.ts";
import {
  deserializeError,
  type SerializedError,
  serializeError,
} from "./serialize_error.ts";
import { TurnCounters } from "./turn_counters.ts";
import { thrownMessage } from "../util/thrown_message.ts";

/** The time between two checks of a turn's flag, in ms. */
const POLL_MS = 20;

/** The most diagnostics that are kept about parts that could not be sent. */
const MAX_LEFT_BEHIND = 100;

/** The time between two heartbeats of a turn without a flag, in ms. */
const HEARTBEAT_MS = 1000;

/** Runs a turn for a blocked thread, on the worker's thread. */
export function serveTurn({ job, port, counters: memory }: TurnBegin): void {
  const counters = new TurnCounters(memory);
  const turn = new ServedTurn(job, (reply) => {
    port.postMessage(reply);
    counters.countReply();
  });
  const beat = (): void => {
    counters.beat();
    turn.checkFlag();
  };
  beat();
  const timer = setInterval(
    beat,
    job.cancel === undefined ? HEARTBEAT_MS : POLL_MS,
  );
  port.on("message", (request: WorkerRequest) => turn.take(request));
  port.on("close", () => clearInterval(timer));
}

/**
 * One turn that is driven by requests. It is the asynchronous client's
 * {@linkcode TurnRun} on the same transport, so it behaves the same.
 */
class ServedTurn {
  readonly #thread: ThreadState;
  readonly #run: TurnRun<null>;
  readonly #events: AsyncGenerator<readonly ThreadEvent[], void, void>;
  readonly #reply: (message: WorkerReply) => void;
  readonly #flag: CancelFlag | undefined;
  readonly #cancelled = new AbortController();
  #judged: (error: SerializedError | undefined) => void = () => {};
  #itemsSent = 0;
  /** Diagnostics about parts of events that could not be sent. */
  readonly #leftBehind: Diagnostic[] = [];

  constructor(job: TurnJob, reply: (message: WorkerReply) => void) {
    this.#reply = reply;
    this.#flag = job.cancel && new CancelFlag(job.cancel);
    const { id, usage, beginning } = job.thread;
    this.#thread = {
      id,
      usage,
      begin: () => beginning ?? { origin: NEW_THREAD, usage },
      queue: new SerialQueue(),
    };
    this.#run = new TurnRun({
      thread: this.#thread,
      transport: new ExecTransport(job.options, job.programFile),
      request: job.request,
      output: { ...job.output, read: (text) => this.#judge(text) },
      limits: job.limits,
      signal: this.#cancelled.signal,
    });
    this.#events = this.#run.events();
  }

  /** Cancels the turn if its flag has been set. */
  checkFlag(): void {
    if (!this.#flag?.isSet || this.#cancelled.signal.aborted) return;
    this.#cancelled.abort(new Error("The CancelFlag has been set"));
  }

  /** Handles a request of the blocked thread. */
  take(request: WorkerRequest): void {
    switch (request.type) {
      case "next":
        this.checkFlag();
        return void this.#next();
      case "leave":
        return void this.#abandon();
      case "verdict":
        return this.#judged(request.error);
    }
  }

  async #next(): Promise<void> {
    const given = await this.#nextEvents();
    if (given === undefined) return this.#end();
    const events = given.map((event) => this.#crossing(event));
    try {
      this.#reply({ type: "events", events, threadId: this.#thread.id });
      this.#itemsSent += events.filter(isItem).length;
    } catch (cause) {
      await this.#endRun();
      this.#fail(cause);
    }
  }

  /** Returns the event in a form that can be sent; adds a diagnostic if parts are omitted. */
  #crossing(event: ThreadEvent): ThreadEvent {
    if (canCross(event)) return event;
    if (this.#leftBehind.length < MAX_LEFT_BEHIND) {
      this.#leftBehind.push({
        kind: "invalid",
        lineNumber: null,
        path: "item" in event ? "/item" : "",
        message:
          "nested too deeply to be sent to the blocked thread; it was left out",
      });
    }
    return withoutDepth(event);
  }

  /** Returns the next events; `undefined` at the end of the turn, whose outcome says why it ended. */
  async #nextEvents(): Promise<readonly ThreadEvent[] | undefined> {
    try {
      const { done, value } = await this.#events.next();
      return done ? undefined : value;
    } catch {
      return undefined;
    }
  }

  async #abandon(): Promise<void> {
    await this.#endRun();
    this.#end();
  }

  /** Ends the turn at any point; resolves when nothing of it is left. */
  async #endRun(): Promise<void> {
    this.#run.abandon();
    await this.#events.return().catch(() => {});
  }

  #end(): void {
    const { outcome } = this.#run;
    try {
      this.#reply({
        type: "ended",
        thread: this.#facts(),
        outcome: outcome && serializeOutcome(outcome, this.#leftBehind),
        lateItems: collectItems(outcome).slice(this.#itemsSent)
          .map(itemWithoutDepth),
      });
    } catch (cause) {
      this.#fail(cause);
    }
  }

  /** Replies that the turn has ended because a part of it cannot be sent. */
  #fail(cause: unknown): void {
    const reason = thrownMessage(cause);
    const error = new CodexProtocolError(
      `Cannot send the turn to the blocked thread: ${shorten(reason, 200)}`,
      {
        code: "unexpected_event",
        lineNumber: null,
        facts: { ...NO_TURN_FACTS, threadId: this.#thread.id },
      },
    );
    const packed = serializeError(error);
    this.#reply({
      type: "ended",
      // Only strings and numbers of our own, as sending this must not fail as well.
      thread: { id: this.#thread.id, usage: null },
      // The items that were sent before are the turn's items.
      outcome: {
        ok: false,
        error: {
          ...packed,
          facts: packed.facts &&
            { ...packed.facts, itemCount: this.#itemsSent },
        },
      },
      lateItems: [],
    });
  }

  #facts(): SentThreadFacts {
    const { id, usage } = this.#thread;
    return { id, usage: usageWithoutDepth(usage) };
  }

  /** Requests a verdict on an answer from the blocked thread, which has the caller's type. */
  #judge(text: string): Promise<null> {
    this.#reply({ type: "judge", text });
    return new Promise((resolve, reject) => {
      this.#judged = (error) =>
        error === undefined
          ? resolve(null)
          : reject(deserializeError(error, []));
    });
  }
}

function isItem(event: ThreadEvent): boolean {
  return event.type === "item.completed";
}

function collectItems(
  outcome: RunOutcome<null> | undefined,
): readonly ThreadItem[] {
  if (outcome === undefined) return [];
  if (outcome.ok) return outcome.turn.items;
  return outcome.error instanceof CodexTurnError ? outcome.error.items : [];
}

function serializeOutcome(
  outcome: RunOutcome<null>,
  leftBehind: readonly Diagnostic[],
): SerializedOutcome {
  if (!outcome.ok) {
    const error = serializeError(outcome.error);
    const { facts } = error;
    if (facts === undefined) return { ok: false, error };
    const diagnostics = withLeftBehind(facts.diagnostics, leftBehind);
    const usage = usageWithoutDepth(facts.usage);
    return {
      ok: false,
      error: { ...error, facts: { ...facts, usage, diagnostics } },
    };
  }
  const { items: _, ...record } = recordIn(outcome.turn);
  const { finalResponse, turnUsage, attempts, durationMs } = outcome.turn;
  return {
    ok: true,
    result: {
      ...{ ...record, finalResponse, turnUsage },
      usage: usageWithoutDepth(record.usage),
      diagnostics: withLeftBehind(record.diagnostics, leftBehind),
    },
    durationMs,
    attempts: attempts.map(({ items, error, ...attempt }) => ({
      ...attempt,
      itemCount: items.length,
      error: error && serializeError(error),
    })),
  };
}

/** Puts the diagnostics about omitted parts before those of a turn; keeps at most 100. */
function withLeftBehind(
  diagnostics: readonly Diagnostic[],
  leftBehind: readonly Diagnostic[],
): readonly Diagnostic[] {
  return [...leftBehind, ...diagnostics].slice(0, MAX_LEFT_BEHIND);
}
