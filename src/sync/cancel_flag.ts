import { CodexInputError } from "../errors/codex_error.ts";
import { onAbort } from "../util/on_abort.ts";

/**
 * Cancels turns of the blocking client from another thread: while a turn is waited
 * for, nothing else runs on its own. A worker that is given `buffer` makes a flag
 * of it, and either sets it or gives it to a turn. So a handler for SIGINT cancels a turn
 * that runs in a worker; one of the blocked thread itself would run after the turn.
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
  /** The memory that the threads share: 4 bytes, to be posted to another thread. */
  readonly buffer: SharedArrayBuffer;
  readonly #cell: Int32Array;
  #stopListening: () => void = () => {};

  /**
   * Makes a flag, or another thread's flag of its buffer.
   *
   * @throws {CodexInputError} For what is no flag's buffer.
   */
  constructor(
    buffer: SharedArrayBuffer = new SharedArrayBuffer(
      Int32Array.BYTES_PER_ELEMENT,
    ),
  ) {
    // By its tag: one of another realm is one too.
    const tag = Object.prototype.toString.call(buffer);
    if (
      tag !== "[object SharedArrayBuffer]" ||
      buffer.byteLength < Int32Array.BYTES_PER_ELEMENT
    ) {
      throw new CodexInputError(
        "buffer must be the buffer of a CancelFlag: a SharedArrayBuffer of 4 bytes",
        { path: "buffer" },
      );
    }
    this.buffer = buffer;
    this.#cell = new Int32Array(buffer, 0, 1);
  }

  /**
   * Makes a flag that is set when a signal is aborted, on the thread that has the signal.
   * That thread has to be free for it: a signal of the blocked thread itself is
   * aborted too late. Disposing the flag takes its listener off the signal.
   */
  static fromSignal(signal: AbortSignal): CancelFlag {
    const flag = new this();
    flag.#stopListening = onAbort(signal, () => flag.set());
    return flag;
  }

  /** True if it has been set, by any thread. */
  get isSet(): boolean {
    return Atomics.load(this.#cell, 0) !== 0;
  }

  /** Sets it, for good. A turn that has it ends within 50 ms of waiting. */
  set(): void {
    Atomics.store(this.#cell, 0, 1);
  }

  /** Takes the listener off the signal that it was made from, if there is one. */
  [Symbol.dispose](): void {
    this.#stopListening();
  }
}
