/** The cell that counts the worker's heartbeats. */
const HEARTBEATS = 0;

/** The cell that counts the worker's replies. */
const REPLIES = 1;

/**
 * Counts a worker's heartbeats and replies in memory that two threads share: a blocked
 * thread can see nothing else.
 */
export class TurnCounters {
  /** The memory; send it to the other thread. */
  readonly memory: SharedArrayBuffer;
  readonly #cells: Int32Array;

  /** Creates counters in new memory, or in that of the other thread. */
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
   * @returns `false` if no further reply has come within `timeoutMs`.
   */
  waitForReply(received: number, timeoutMs: number): boolean {
    return Atomics.wait(this.#cells, REPLIES, received, timeoutMs) !==
      "timed-out";
  }
}
