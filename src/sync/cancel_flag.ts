import { CodexInputError } from "../errors/codex_error.ts";
import { onAbort } from "../util/on_abort.ts";

/**
 * Cancels turns of the blocking client from another thread, since the blocked thread
 * runs nothing else. Send `buffer` to a worker and create a flag from it there; set either
 * flag, and pass the other one to a turn. A SIGINT handler, for example, can cancel a turn
 * that runs in a worker; on the blocked thread itself it would only run after the turn.
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
  /** The memory that the threads share, 4 bytes; post it to another thread. */
  readonly buffer: SharedArrayBuffer;
  readonly #cell: Int32Array;
  #stopListening: () => void = () => {};

  /**
   * Creates a new flag, or another thread's flag from its `buffer`.
   *
   * @throws {CodexInputError} If `buffer` is not that of a flag.
   */
  constructor(
    buffer: SharedArrayBuffer = new SharedArrayBuffer(
      Int32Array.BYTES_PER_ELEMENT,
    ),
  ) {
    // By its tag, which also fits buffers of another realm.
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
   * Creates a flag that is set when a signal is aborted. Call it on a thread that is not
   * blocked: the blocked thread's own signal is aborted too late. Disposing the flag
   * removes its listener from the signal.
   */
  static fromSignal(signal: AbortSignal): CancelFlag {
    const flag = new this();
    flag.#stopListening = onAbort(signal, () => flag.set());
    return flag;
  }

  /** `true` once any thread has set it. */
  get isSet(): boolean {
    return Atomics.load(this.#cell, 0) !== 0;
  }

  /** Sets it permanently. A running turn that has the flag is cancelled within 50 ms. */
  set(): void {
    Atomics.store(this.#cell, 0, 1);
  }

  /** Removes its listener from the signal, if {@linkcode CancelFlag.fromSignal} created it. */
  [Symbol.dispose](): void {
    this.#stopListening();
  }
}
