/**
 * The blocking client behind the asynchronous API. It runs in separate threads, the
 * drivers, and blocks them, because the behaviours' thread has to serve the model and
 * abort turns. The adapter invents nothing: behaviours get what the driver's client
 * returns and throws.
 *
 * @module
 */

import { pathToFileURL } from "node:url";
import { SHARE_ENV, Worker } from "node:worker_threads";
import type * as sdk from "@acodex/sdk";
import { CancelFlag, CodexSync, type ThreadSync } from "@acodex/sdk/sync";
import type {
  Call,
  CallAnswer,
  Step,
  StepOutcome,
  ThreadCall,
  TurnCallOptions,
} from "./calls.ts";
import { hostPath } from "./host.ts";
import { unpack } from "./packed.ts";
import { TYPES } from "./types.ts";

/** All drivers. They are reused, so that one worker runs many turns as in a real program. */
const drivers: Driver[] = [];

/** The most drivers, each with its own worker; further threads wait for one. */
const MOST_DRIVERS = 8;

/** The number of a turn's events that are requested one by one; later ones are requested 500 at a time, for speed. */
const ONE_BY_ONE = 500;

/** The last number that was given to a thread or turn. */
let lastNumber = 0;

/** A thread that is blocked by the blocking client. */
class Driver {
  readonly #worker: Worker = new Worker(pathToFileURL(hostPath("driver")), {
    env: SHARE_ENV,
  });
  readonly #waiting: {
    resolve(answer: CallAnswer): void;
    reject(error: unknown): void;
  }[] = [];
  /** The number of streamed turns that have not ended. */
  openTurns = 0;

  constructor() {
    this.#worker.unref();
    this.#worker.on("message", (answer: CallAnswer) => {
      this.#waiting.shift()?.resolve(answer);
      if (this.#waiting.length === 0) this.#worker.unref();
    });
    this.#worker.on("error", (error) => this.#fail(error));
    this.#worker.on("exit", () => this.#fail(new Error("A driver has ended")));
  }

  /** The number of calls and streamed turns in progress. */
  get load(): number {
    return this.#waiting.length + this.openTurns;
  }

  /** Sends a call, which the driver executes after all earlier ones. */
  ask(call: Call): Promise<CallAnswer> {
    return new Promise((resolve, reject) => {
      this.#worker.postMessage(call);
      this.#worker.ref();
      this.#waiting.push({ resolve, reject });
    });
  }

  /** Terminates the driver, even in the middle of a call. */
  async end(): Promise<void> {
    drop(this);
    await this.#worker.terminate();
  }

  #fail(error: unknown): void {
    drop(this);
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}

function drop(driver: Driver): void {
  const at = drivers.indexOf(driver);
  if (at !== -1) drivers.splice(at, 1);
}

/** Returns an idle driver, or the one with the lowest load. */
function freeDriver(): Driver {
  const [first] = drivers.toSorted((one, other) => one.load - other.load);
  if (first?.load === 0 || drivers.length === MOST_DRIVERS) {
    if (first !== undefined) return first;
  }
  const driver = new Driver();
  drivers.push(driver);
  return driver;
}

/** Ends the drivers that are still busy; idle ones are kept. */
export async function releaseDrivers(): Promise<void> {
  const busy = drivers.filter(({ load }) => load > 0);
  await Promise.all(busy.map((driver) => driver.end()));
}

/** A client. It is created on this thread too, so that its options are checked at once. */
class DrivenCodex {
  readonly #options: sdk.CodexOptions;
  readonly #own: CodexSync;

  constructor(options: sdk.CodexOptions = {}) {
    this.#options = options;
    this.#own = new CodexSync(options);
  }

  startThread(options: sdk.ThreadOptions = {}): DrivenThread {
    return new DrivenThread(this.#own.startThread(options), {
      ...{ codex: this.#options, options, id: null },
    });
  }

  resumeThread(id: string, options: sdk.ThreadOptions = {}): DrivenThread {
    return new DrivenThread(this.#own.resumeThread(id, options), {
      ...{ codex: this.#options, options, id },
    });
  }
}

/** A thread. All its turns run on the driver of its first turn. */
class DrivenThread {
  readonly #call: ThreadCall;
  #id: string | null;
  #driver: Driver | undefined;

  constructor(own: ThreadSync, call: Omit<ThreadCall, "number">) {
    this.#call = { ...call, number: lastNumber += 1 };
    this.#id = own.id;
  }

  get id(): string | null {
    return this.#id;
  }

  /** The driver that runs its turns. */
  get driver(): Driver {
    this.#driver ??= freeDriver();
    return this.#driver;
  }

  async run(
    input: sdk.Input,
    options: sdk.TurnOptions = {},
  ): Promise<unknown> {
    const { flag, callOptions } = prepare(options);
    try {
      const [step] = await this.ask({
        type: "run",
        thread: this.#call,
        turn: lastNumber += 1,
        input,
        options: callOptions,
      });
      const { turn, thrown } = readOutcome(step);
      if (thrown !== undefined) throw thrown.error;
      return turn;
    } finally {
      flag?.[Symbol.dispose]();
    }
  }

  async runStreamed(
    input: sdk.Input,
    options: sdk.TurnOptions = {},
  ): Promise<DrivenTurn> {
    const { flag, callOptions } = prepare(options);
    const turn = new DrivenTurn(this, lastNumber += 1, flag);
    await turn.ask({
      type: "runStreamed",
      thread: this.#call,
      turn: turn.number,
      input,
      options: callOptions,
    });
    return turn;
  }

  /** Sends a call to the driver and returns the result's steps. */
  async ask(call: Call): Promise<readonly Step[]> {
    const { threadId, steps } = await this.driver.ask(call);
    this.#id = threadId;
    return steps;
  }
}

/** A streamed turn, and its events. */
class DrivenTurn implements AsyncDisposable {
  /** Its number in calls. */
  readonly number: number;
  readonly events: DrivenEvents = new DrivenEvents(this);

  readonly #thread: DrivenThread;
  readonly #flag: CancelFlag | undefined;
  #result: StepOutcome["result"];
  #isOpen = true;

  constructor(
    thread: DrivenThread,
    number: number,
    flag: CancelFlag | undefined,
  ) {
    this.#thread = thread;
    this.number = number;
    this.#flag = flag;
    thread.driver.openTurns += 1;
  }

  [Symbol.asyncIterator](): DrivenEvents {
    return this.events;
  }

  get result(): unknown {
    if (this.#result === undefined) throw new Error("No result was told");
    if ("error" in this.#result) throw this.#result.error;
    return this.#result.turn;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.events.leave("dispose");
  }

  /** Sends a call about this turn to the driver. */
  async ask(call: Call): Promise<readonly Step[]> {
    try {
      const steps = await this.#thread.ask(call);
      if (call.type === "runStreamed") this.take(steps[0]);
      return steps;
    } catch (error) {
      this.end();
      throw error;
    }
  }

  /** Returns or throws the result of a step. */
  take(step: Step | undefined): IteratorResult<sdk.ThreadEvent, void> {
    const { result = this.#result, thrown } = readOutcome(step);
    this.#result = result;
    if (thrown !== undefined || step?.next?.done) this.end();
    if (thrown !== undefined) throw thrown.error;
    return step?.next ?? { done: true, value: undefined };
  }

  /** Releases what the turn holds while it runs. */
  end(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#flag?.[Symbol.dispose]();
    this.#thread.driver.openTurns -= 1;
  }
}

/** The events of a streamed turn. */
class DrivenEvents {
  readonly #turn: DrivenTurn;
  /** Steps that have arrived and are not yet consumed. */
  #ahead: Step[] = [];
  #taken = 0;

  constructor(turn: DrivenTurn) {
    this.#turn = turn;
  }

  async next(): Promise<IteratorResult<sdk.ThreadEvent, void>> {
    if (this.#ahead.length === 0) {
      this.#ahead.push(
        ...await this.#turn.ask({
          type: "next",
          turn: this.#turn.number,
          count: this.#taken < ONE_BY_ONE ? 1 : 500,
        }),
      );
    }
    this.#taken += 1;
    return this.#turn.take(this.#ahead.shift());
  }

  return(): Promise<IteratorResult<sdk.ThreadEvent, void>> {
    return this.leave("return");
  }

  async leave(
    type: "return" | "dispose",
  ): Promise<IteratorResult<sdk.ThreadEvent, void>> {
    this.#ahead = [];
    const [step] = await this.#turn.ask({ type, turn: this.#turn.number });
    this.#turn.end();
    return this.#turn.take(step);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

/** Unpacks the outcome of a step. */
function readOutcome(step: Step | undefined): StepOutcome {
  return step?.outcome === undefined ? {} : unpack(step.outcome) as StepOutcome;
}

/** Returns the part of a turn's options that can be sent, and a flag that follows its signal. */
function prepare(
  { signal, outputType, ...options }: sdk.TurnOptions,
): { flag: CancelFlag | undefined; callOptions: TurnCallOptions } {
  const typeName = Object.keys(TYPES).find((name) =>
    TYPES[name] === outputType
  );
  if (outputType !== undefined && typeName === undefined) {
    throw new Error("A type that behaviours use belongs into types.ts");
  }
  const flag = signal && CancelFlag.fromSignal(signal);
  return {
    flag,
    callOptions: {
      ...options,
      ...flag && { cancel: flag.buffer },
      ...typeName && { typeName },
    },
  };
}

/** The adapter's class, typed as the asynchronous client that it replaces. */
export const Codex: typeof sdk.Codex =
  DrivenCodex as unknown as typeof sdk.Codex;
