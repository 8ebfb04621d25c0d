import { onAbort } from "../on_abort.ts";

/**
 * Cancels turns of the blocking client from another thread: while a turn is waited
 * for, nothing else runs on its own. A worker that is given `buffer` makes a flag
 * of it, and either sets it or gives it to a turn.
 *
 * @example Cancel a turn that runs in a worker
 * ```ts ignore
 * // The thread that is free:
 * const flag = new CancelFlag();
 * worker.postMessage({ prompt: "Fix the failing test", cancel: flag.buffer });
 * setTimeout(() => flag.set(), 60_000);
 *
 * // The worker:
 * const signal = new CancelFlag(message.cancel);
 * thread.run(message.prompt, { signal });
 * ```
 */
export class CancelFlag implements Disposable {
  /** What the threads share: 4 bytes, to be posted to another thread. */
  readonly buffer: SharedArrayBuffer;
  #stopListening: () => void = () => {};

  /**
   * Makes a flag, or another thread's flag of its buffer.
   *
   * @throws {RangeError} For a buffer of less than 4 bytes.
   */
  constructor(
    buffer: SharedArrayBuffer = new SharedArrayBuffer(
      Int32Array.BYTES_PER_ELEMENT,
    ),
  ) {
    this.buffer = buffer;
    // Fails at once for what is no such buffer.
    this.#cell();
  }

  /**
   * A flag that is set when a signal is aborted, on the thread that has the signal.
   * That thread has to be free for it: a signal of the blocked thread itself is
   * aborted too late. Disposing the flag takes its listener off the signal.
   */
  static fromSignal(signal: AbortSignal): CancelFlag {
    const flag = new CancelFlag();
    flag.#stopListening = onAbort(signal, () => flag.set());
    return flag;
  }

  /** Whether it has been set, by any thread. */
  get isSet(): boolean {
    return Atomics.load(this.#cell(), 0) !== 0;
  }

  /** Sets it, for good. A turn that has it ends within 50 ms of waiting. */
  set(): void {
    Atomics.store(this.#cell(), 0, 1);
  }

  /** Takes the listener off the signal that it was made from, if there is one. */
  [Symbol.dispose](): void {
    this.#stopListening();
  }

  #cell(): Int32Array {
    return new Int32Array(this.buffer, 0, 1);
  }
}
