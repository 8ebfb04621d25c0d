import type { PipeReader } from "../runtime/types.ts";
import { SerialQueue } from "../util/serial_queue.ts";

/** How long output may still come once the CLI has exited, while somebody waits for it, in ms. */
export const DRAIN_GRACE_MS = 500;

/** How much of stdout is taken for a reader who comes later, in bytes; a pipe holds less. */
const MAX_DRAINED_BYTES = 4 * 1024 * 1024;

/**
 * Hands stdout out as it is asked for. Once the CLI has exited, somebody else may
 * hold the pipe: from then on waiting for it has a deadline.
 */
export class StdoutPipe {
  readonly #stdout: PipeReader;
  /** What was taken before anybody asked for it. */
  readonly #drained: Uint8Array[] = [];
  readonly #reads: SerialQueue = new SerialQueue();
  #exited = false;
  #inherited = false;
  #reading = false;
  #graceMs = DRAIN_GRACE_MS;
  #deadline:
    | { timer: ReturnType<typeof setTimeout>; since: number }
    | undefined;

  /** Takes a pipe over. */
  constructor(stdout: PipeReader) {
    this.#stdout = stdout;
  }

  /** Whether it was still open when the wait for its end was over. */
  get inherited(): boolean {
    return this.#inherited;
  }

  /** The CLI has exited. */
  exited(): void {
    this.#exited = true;
    if (this.#reading) this.#startDeadline();
  }

  /** The next bytes; nothing at the end, or when the CLI has exited and no more comes within the grace. */
  read(): Promise<Uint8Array | undefined> {
    return this.#reads.run(() => this.#next());
  }

  /**
   * Takes what is left in the pipe once the CLI is gone, so that it is closed also
   * when nobody reads on. Who does gets it all the same.
   */
  async drain(): Promise<void> {
    await this.#reads.run(() => this.#takeRest());
  }

  /** Closes it; what is left in it is lost. */
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
      // A pipe that breaks has ended: how, the exit code tells.
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

  /** Only waiting counts: a slow consumer loses nothing. */
  #pauseDeadline(): void {
    if (this.#deadline === undefined) return;
    clearTimeout(this.#deadline.timer);
    this.#graceMs -= Math.min(this.#graceMs, Date.now() - this.#deadline.since);
    this.#deadline = undefined;
  }
}
