import type { Worker } from "node:worker_threads";
import { SyncMessagePort } from "sync-message-port";
import { CodexInputError, CodexInternalError } from "../errors/codex_error.ts";
import type {
  TurnBegin,
  TurnJob,
  WorkerReply,
  WorkerRequest,
} from "./messages.ts";
import { dropWorker, turnWorker } from "./turn_worker.ts";

/** The time of one wait, in ms, after which the worker's heartbeat is checked. */
const POLL_MS = 1000;

/** The longest time without a heartbeat, in ms: the worker may be reading a line of 384 MiB. */
const STALLED_MS = 60_000;

/** The longest time until the first heartbeat, in ms. Measured: 5 to 50 ms. */
const START_MS = 30_000;

/** A turn that the worker runs, as the blocked thread sees it. */
export class WorkerTurn {
  readonly #worker: Worker = turnWorker();
  readonly #channel: SyncMessagePort;
  readonly #heartbeat: Int32Array;
  #isAlive = true;

  /**
   * Sends a turn to the worker.
   *
   * @throws {CodexInputError} For an option that no thread can send another.
   * @throws {CodexInternalError} Where there can be no worker.
   */
  constructor(job: TurnJob) {
    // A blocked thread can be sent messages, on every runtime (facts R10).
    const { port1, port2: port } = SyncMessagePort.createChannel();
    const heartbeat = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
    const begin: TurnBegin = { job, port, heartbeat };
    try {
      this.#worker.postMessage(begin, [port]);
    } catch (cause) {
      port1.close();
      throw new CodexInputError(
        "Cannot send the options to another thread: they must be plain data",
        { path: "options", cause },
      );
    }
    this.#heartbeat = new Int32Array(heartbeat);
    this.#channel = new SyncMessagePort(port1);
  }

  /**
   * Says something to the worker, and blocks until it answers.
   *
   * @throws {CodexInternalError} If the worker has died.
   */
  ask(request: WorkerRequest): WorkerReply {
    this.#channel.postMessage(request);
    return this.receive();
  }

  /** False once the worker's heartbeat has stopped. */
  get isAlive(): boolean {
    return this.#isAlive;
  }

  /**
   * Blocks until the worker says something.
   *
   * @throws {CodexInternalError} If the worker has died.
   */
  receive(): WorkerReply {
    let beats = 0;
    let beatenAt = Date.now();
    for (;;) {
      const reply = this.#channel.receiveMessage({
        timeout: POLL_MS,
        timeoutValue: undefined,
      }) as WorkerReply | undefined;
      if (reply !== undefined) return reply;
      const now = Atomics.load(this.#heartbeat, 0);
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
