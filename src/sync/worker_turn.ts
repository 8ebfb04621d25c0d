import type { Worker } from "node:worker_threads";
import { SyncMessagePort } from "sync-message-port";
import { CodexInputError, CodexInternalError } from "../errors/codex_error.ts";
import type {
  TurnAnswer,
  TurnBegin,
  TurnOrder,
  TurnQuestion,
} from "./messages.ts";
import { dropWorker, turnWorker } from "./turn_worker.ts";

/** How long is waited at a time, in ms, before the worker's pulse is felt. */
const LOOK_MS = 1000;

/** How long the worker may show no sign of life, in ms: it may be reading a line of 384 MiB. */
const STALLED_MS = 60_000;

/** How long the worker may take to begin, in ms. Measured: 5 to 50 ms. */
const START_MS = 30_000;

/** A turn that the worker runs, as the blocked thread sees it. */
export class OrderedTurn {
  readonly #worker: Worker = turnWorker();
  readonly #channel: SyncMessagePort;
  readonly #pulse: Int32Array;
  #isAlive = true;

  /**
   * Orders a turn.
   *
   * @throws {CodexInputError} For an option that no thread can send another.
   * @throws {CodexInternalError} Where there can be no worker.
   */
  constructor(order: TurnOrder) {
    const { port1, port2: port } = SyncMessagePort.createChannel();
    const pulse = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
    const begin: TurnBegin = { order, port, pulse };
    try {
      this.#worker.postMessage(begin, [port]);
    } catch (cause) {
      port1.close();
      throw new CodexInputError(
        "Cannot send the options to another thread: they must be plain data",
        { path: "options", cause },
      );
    }
    this.#pulse = new Int32Array(pulse);
    this.#channel = new SyncMessagePort(port1);
  }

  /**
   * Says something to the worker, and blocks until it answers.
   *
   * @throws {CodexInternalError} If the worker has died.
   */
  ask(question: TurnQuestion): TurnAnswer {
    this.#channel.postMessage(question);
    return this.hear();
  }

  /** Whether the worker has shown signs of life when it was last asked. */
  get isAlive(): boolean {
    return this.#isAlive;
  }

  /**
   * Blocks until the worker says something.
   *
   * @throws {CodexInternalError} If the worker has died.
   */
  hear(): TurnAnswer {
    let beats = 0;
    let beatenAt = Date.now();
    for (;;) {
      const answer = this.#channel.receiveMessage({
        timeout: LOOK_MS,
        timeoutValue: undefined,
      }) as TurnAnswer | undefined;
      if (answer !== undefined) return answer;
      const now = Atomics.load(this.#pulse, 0);
      if (now !== beats) {
        beats = now;
        beatenAt = Date.now();
        continue;
      }
      const limitMs = now === 0 ? START_MS : STALLED_MS;
      if (Date.now() - beatenAt < limitMs) continue;
      this.#isAlive = false;
      dropWorker(this.#worker);
      throw new CodexInternalError(
        `Cannot go on with the turn: its worker thread has shown no sign of life for ${limitMs} ms`,
      );
    }
  }

  /** Closes the channel; the turn has to have ended. */
  close(): void {
    this.#channel.close();
  }
}
