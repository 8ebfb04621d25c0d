import { SyncMessagePort } from "sync-message-port";
import type { Diagnostic } from "../protocol/diagnostics.ts";
import { ExecTransport } from "../exec/transport.ts";
import type { ThreadEvent } from "../protocol/events.ts";
import type { ThreadItem } from "../protocol/items.ts";
import type { RunOutcome } from "../turn/outcome.ts";
import type { ThreadState } from "../turn/thread_state.ts";
import { shorten } from "../util/text.ts";
import { CodexTurnError } from "../errors/turn_errors.ts";
import { NO_TURN_FACTS } from "../errors/turn_facts.ts";
import { CodexProtocolError } from "../errors/protocol_errors.ts";
import { TurnQueue } from "../turn/queue.ts";
import { TurnRun } from "../turn/run_turn.ts";
import { CancelFlag } from "./cancel_flag.ts";
import {
  canCross,
  itemWithoutDepth,
  usageWithoutDepth,
  withoutDepth,
} from "./crossing.ts";
import type {
  PackedOutcome,
  ThreadFacts,
  TurnAnswer,
  TurnBegin,
  TurnOrder,
  TurnQuestion,
} from "./messages.ts";
import {
  deserializeError,
  type SerializedError,
  serializeError,
} from "./serialize_error.ts";

/** How often a turn's flag is looked at, in ms. */
const LOOK_MS = 20;

/** How many diagnostics of what was left behind are kept. */
const MAX_LEFT_BEHIND = 100;

/** How often the pulse of a turn without a flag is counted up, in ms. */
const PULSE_MS = 1000;

/** Runs a turn for a blocked thread, on the worker's. */
export function serveTurn({ order, port, pulse }: TurnBegin): void {
  const channel = new SyncMessagePort(port);
  const turn = new ServedTurn(order, (answer) => channel.postMessage(answer));
  const counter = new Int32Array(pulse);
  const beat = (): void => {
    Atomics.add(counter, 0, 1);
    turn.lookAtFlag();
  };
  beat();
  const timer = setInterval(
    beat,
    order.cancel === undefined ? PULSE_MS : LOOK_MS,
  );
  channel.on("message", (question: TurnQuestion) => turn.take(question));
  channel.on("close", () => clearInterval(timer));
}

/**
 * One turn of the asynchronous client, taken by questions. It is the same
 * {@linkcode TurnRun} over the same transport, so that all that holds for a turn
 * there holds here.
 */
class ServedTurn {
  readonly #thread: ThreadState;
  readonly #run: TurnRun<null>;
  readonly #events: AsyncGenerator<readonly ThreadEvent[], void, void>;
  readonly #say: (answer: TurnAnswer) => void;
  readonly #flag: CancelFlag | undefined;
  readonly #cancelled = new AbortController();
  #judged: (error: SerializedError | undefined) => void = () => {};
  #itemsSaid = 0;
  /** What was left out of events, since it could not cross. */
  readonly #leftBehind: Diagnostic[] = [];

  constructor(order: TurnOrder, say: (answer: TurnAnswer) => void) {
    this.#say = say;
    this.#flag = order.cancel && new CancelFlag(order.cancel);
    this.#thread = { ...order.thread, queue: new TurnQueue() };
    this.#run = new TurnRun(
      this.#thread,
      new ExecTransport(order.options, order.programFile),
      { ...order.request, signal: this.#cancelled.signal },
      { ...order.output, read: (text) => this.#judge(text) },
      order.limits,
    );
    this.#events = this.#run.events();
  }

  /** Cancels the turn if its flag has been set. */
  lookAtFlag(): void {
    if (!this.#flag?.isSet || this.#cancelled.signal.aborted) return;
    this.#cancelled.abort(new Error("The CancelFlag has been set"));
  }

  /** Does what the blocked thread asks for. */
  take(question: TurnQuestion): void {
    switch (question.type) {
      case "next":
        this.lookAtFlag();
        return void this.#next();
      case "leave":
        return void this.#leave();
      case "verdict":
        return this.#judged(question.error);
    }
  }

  async #next(): Promise<void> {
    const given = await this.#nextEvents();
    if (given === undefined) return this.#end();
    const events = given.map((event) => this.#crossing(event));
    try {
      this.#say({ type: "events", events, threadId: this.#thread.id });
      this.#itemsSaid += events.filter(isItem).length;
    } catch (cause) {
      await this.#endRun();
      this.#fail(cause);
    }
  }

  /** The event as it can cross to the blocked thread; what has to stay behind is told. */
  #crossing(event: ThreadEvent): ThreadEvent {
    if (canCross(event)) return event;
    if (this.#leftBehind.length < MAX_LEFT_BEHIND) {
      this.#leftBehind.push({
        kind: "invalid",
        lineNumber: null,
        path: "item" in event ? "/item" : "",
        message:
          "nested too deeply to be handed to the blocked thread; it was left out",
      });
    }
    return withoutDepth(event);
  }

  /** The next events; nothing at the end of the turn: what ended it is the outcome. */
  async #nextEvents(): Promise<readonly ThreadEvent[] | undefined> {
    try {
      const { done, value } = await this.#events.next();
      return done ? undefined : value;
    } catch {
      return undefined;
    }
  }

  async #leave(): Promise<void> {
    await this.#endRun();
    this.#end();
  }

  /** Ends the turn, whatever it does; done when nothing of it is left. */
  async #endRun(): Promise<void> {
    this.#run.leave();
    await this.#events.return().catch(() => {});
  }

  #end(): void {
    const { outcome } = this.#run;
    try {
      this.#say({
        type: "ended",
        thread: this.#facts(),
        outcome: outcome && packOutcome(outcome, this.#leftBehind),
        lateItems: itemsOf(outcome).slice(this.#itemsSaid)
          .map(itemWithoutDepth),
      });
    } catch (cause) {
      this.#fail(cause);
    }
  }

  /** Tells that the turn has ended because something of it cannot cross to another thread. */
  #fail(cause: unknown): void {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const error = new CodexProtocolError(
      `Cannot hand the turn on to the blocked thread: ${shorten(reason, 200)}`,
      {
        code: "unexpected_event",
        lineNumber: null,
        facts: { ...NO_TURN_FACTS, threadId: this.#thread.id },
      },
    );
    const packed = serializeError(error);
    this.#say({
      type: "ended",
      // Nothing but words and numbers of our own: this must not fail as well.
      thread: { id: this.#thread.id, usage: null },
      // Those that have crossed before are the turn's items.
      outcome: {
        error: {
          ...packed,
          facts: packed.facts &&
            { ...packed.facts, itemCount: this.#itemsSaid },
        },
      },
      lateItems: [],
    });
  }

  #facts(): ThreadFacts {
    const { id, usage } = this.#thread;
    return { id, usage: usageWithoutDepth(usage) };
  }

  /** Has an answer judged on the thread where the caller's type is. */
  #judge(text: string): Promise<null> {
    this.#say({ type: "judge", text });
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

function itemsOf(outcome: RunOutcome<null> | undefined): readonly ThreadItem[] {
  if (outcome === undefined) return [];
  if ("turn" in outcome) return outcome.turn.items;
  return outcome.error instanceof CodexTurnError ? outcome.error.items : [];
}

function packOutcome(
  outcome: RunOutcome<null>,
  leftBehind: readonly Diagnostic[],
): PackedOutcome {
  if ("error" in outcome) {
    const error = serializeError(outcome.error);
    const { facts } = error;
    if (facts === undefined) return { error };
    const diagnostics = withLeftBehind(facts.diagnostics, leftBehind);
    const usage = usageWithoutDepth(facts.usage);
    return { error: { ...error, facts: { ...facts, usage, diagnostics } } };
  }
  const { threadId, finalResponse, turnUsage } = outcome.turn;
  const { warnings, attempts } = outcome.turn;
  const usage = usageWithoutDepth(outcome.turn.usage);
  const diagnostics = withLeftBehind(outcome.turn.diagnostics, leftBehind);
  return {
    result: {
      ...{ threadId, finalResponse, usage, turnUsage },
      ...{ warnings, diagnostics },
    },
    attempts: attempts.map(({ items, error, ...attempt }) => ({
      ...attempt,
      itemCount: items.length,
      error: error && serializeError(error),
    })),
  };
}

/** A turn's diagnostics with those of what was left behind: as many as a turn keeps. */
function withLeftBehind(
  diagnostics: readonly Diagnostic[],
  leftBehind: readonly Diagnostic[],
): readonly Diagnostic[] {
  return [...leftBehind, ...diagnostics].slice(0, MAX_LEFT_BEHIND);
}
