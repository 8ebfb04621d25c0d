/** The cell that counts the worker's signs of life. */
const HEARTBEATS = 0;

/** The cell that counts the worker's replies. */
const REPLIES = 1;

/**
 * Counts a worker's signs of life and replies in memory that two threads share: all that a
 * thread sees while it is blocked.
 */
export class TurnCounters {
  /** The memory, to be sent to the other thread. */
  readonly memory: SharedArrayBuffer;
  readonly #cells: Int32Array;

  /** Makes counters on new memory, or on that of the other thread. */
  constructor(
    memory: SharedArrayBuffer = new SharedArrayBuffer(
      2 * Int32Array.BYTES_PER_ELEMENT,
    ),
  ) {
    this.memory = memory;
    this.#cells = new Int32Array(memory);
  }

  /** The number of heartbeats so far. */
  get heartbeats(): number {
    return Atomics.load(this.#cells, HEARTBEATS);
  }

  /** Counts a heartbeat. */
  beat(): void {
    Atomics.add(this.#cells, HEARTBEATS, 1);
  }

  /** Counts a reply that has been posted, and wakes the thread that waits for it. */
  countReply(): void {
    Atomics.add(this.#cells, REPLIES, 1);
    Atomics.notify(this.#cells, REPLIES);
  }

  /**
   * Blocks until more replies have been posted than were received.
   *
   * @returns False if there is none after `timeoutMs`.
   */
  waitForReply(received: number, timeoutMs: number): boolean {
    return Atomics.wait(this.#cells, REPLIES, received, timeoutMs) !==
      "timed-out";
  }
}
