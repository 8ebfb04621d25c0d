import {
  MessageChannel,
  type MessagePort,
  receiveMessageOnPort,
  type Worker,
} from "node:worker_threads";
import { CodexInputError, CodexInternalError } from "../errors/codex_error.ts";
import type {
  TurnBegin,
  TurnJob,
  WorkerReply,
  WorkerRequest,
} from "./messages.ts";
import { TurnCounters } from "./turn_counters.ts";
import { dropWorker, turnWorker } from "./turn_worker.ts";

/** The time of one wait, in ms, after which the worker's heartbeat is checked. */
const POLL_MS = 1000;

/** The longest time without a heartbeat, in ms; the worker may be parsing a line of 384 MiB. */
const STALLED_MS = 60_000;

/** The longest time until the first heartbeat, in ms. Measured: 5 to 50 ms. */
const START_MS = 30_000;

/** The blocked thread's side of a turn that the worker runs. */
export class WorkerTurn {
  readonly #worker: Worker = turnWorker();
  readonly #port: MessagePort;
  readonly #counters = new TurnCounters();
  #received = 0;
  #isAlive = true;

  /**
   * Sends a turn to the worker.
   *
   * @throws {CodexInputError} For an option that cannot be sent to another thread.
   * @throws {CodexPermissionError} If the worker cannot be started; see `turnWorker`.
   * @throws {CodexEnvironmentError} Likewise.
   */
  constructor(job: TurnJob) {
    // A blocked thread can receive messages on every runtime (facts R10).
    const { port1, port2: port } = new MessageChannel();
    const begin: TurnBegin = { job, port, counters: this.#counters.memory };
    try {
      this.#worker.postMessage(begin, [port]);
    } catch (cause) {
      port1.close();
      throw new CodexInputError(
        "Cannot send the options to another thread: they must be plain data",
        { path: "options", cause },
      );
    }
    this.#port = port1;
  }

  /**
   * Sends a request to the worker, and blocks until it replies.
   *
   * @throws {CodexInternalError} If the worker has died.
   */
  ask(request: WorkerRequest): WorkerReply {
    this.#port.postMessage(request);
    return this.receive();
  }

  /** `false` once the worker's heartbeat has stopped. */
  get isAlive(): boolean {
    return this.#isAlive;
  }

  /**
   * Blocks until the worker replies.
   *
   * @throws {CodexInternalError} If the worker has died.
   */
  receive(): WorkerReply {
    let beats = 0;
    let beatenAt = Date.now();
    while (!this.#counters.waitForReply(this.#received, POLL_MS)) {
      const now = this.#counters.heartbeats;
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
        `Cannot continue the turn: its worker thread has not responded for ${limitMs} ms`,
      );
    }
    this.#received += 1;
    const received = receiveMessageOnPort(this.#port);
    if (received !== undefined) return received.message;
    throw new CodexInternalError(
      "Cannot continue the turn: its worker thread sent a message that cannot be read",
    );
  }

  /** Closes the channel; the turn has to have ended. */
  close(): void {
    this.#port.close();
  }
}
