import type { PipeReader } from "../runtime/types.ts";
import { SerialQueue } from "../util/serial_queue.ts";

/**
 * The time that a reader waits for more output after the CLI has exited, in milliseconds.
 */
export const DRAIN_GRACE_MS = 500;

/**
 * The maximum size of the output that is kept for a later reader, in bytes; a pipe holds
 * less.
 */
const MAX_DRAINED_BYTES = 4 * 1024 * 1024;

/**
 * Reads stdout on demand. After the CLI has exited, a process that inherited the pipe may
 * keep it open: from then on, waiting has a deadline.
 */
export class StdoutPipe {
  readonly #stdout: PipeReader;
  /** The chunks that {@linkcode StdoutPipe.drain} has read. */
  readonly #drained: Uint8Array[] = [];
  readonly #reads: SerialQueue = new SerialQueue();
  #exited = false;
  #inherited = false;
  #reading = false;
  #graceMs = DRAIN_GRACE_MS;
  #deadline:
    | { timer: ReturnType<typeof setTimeout>; since: number }
    | undefined;

  /** Takes ownership of a pipe. */
  constructor(stdout: PipeReader) {
    this.#stdout = stdout;
  }

  /** True if another process kept the pipe open past the deadline. */
  get inherited(): boolean {
    return this.#inherited;
  }

  /** Records that the CLI has exited. */
  exited(): void {
    this.#exited = true;
    if (this.#reading) this.#startDeadline();
  }

  /**
   * Reads the next bytes; returns `undefined` at the end, or if the CLI has exited and no
   * more output arrives within the grace period.
   */
  read(): Promise<Uint8Array | undefined> {
    return this.#reads.run(() => this.#next());
  }

  /**
   * Reads the rest of the pipe after the CLI has exited, so that the pipe is closed even
   * if nobody reads on. A later {@linkcode StdoutPipe.read} still returns it.
   */
  async drain(): Promise<void> {
    await this.#reads.run(() => this.#takeRest());
  }

  /** Closes the pipe; its remaining data is lost. */
  async close(): Promise<void> {
    await this.#stdout.cancel().catch(() => {});
  }

  #next(): Promise<Uint8Array | undefined> {
    const chunk = this.#drained.shift();
    return chunk === undefined ? this.#readPipe() : Promise.resolve(chunk);
  }

  async #takeRest(): Promise<void> {
    for (let size = 0; size < MAX_DRAINED_BYTES;) {
      const chunk = await this.#readPipe();
      if (chunk === undefined) return;
      this.#drained.push(chunk);
      size += chunk.length;
    }
  }

  async #readPipe(): Promise<Uint8Array | undefined> {
    this.#reading = true;
    if (this.#exited) this.#startDeadline();
    try {
      return await this.#stdout.read();
    } catch {
      // A broken pipe has ended; the exit code tells the reason.
      return undefined;
    } finally {
      this.#reading = false;
      this.#pauseDeadline();
    }
  }

  #startDeadline(): void {
    this.#deadline ??= {
      timer: setTimeout(() => {
        this.#inherited = true;
        this.close();
      }, this.#graceMs),
      since: Date.now(),
    };
  }

  /** Pauses the deadline: only waiting counts, so a slow consumer loses nothing. */
  #pauseDeadline(): void {
    if (this.#deadline === undefined) return;
    clearTimeout(this.#deadline.timer);
    this.#graceMs -= Math.min(this.#graceMs, Date.now() - this.#deadline.since);
    this.#deadline = undefined;
  }
}
