import type { PipeReader } from "../runtime/types.ts";
import { SerialQueue } from "../util/serial_queue.ts";

/** How long output may still come once the CLI has exited, while somebody waits for it, in ms. */
export const DRAIN_GRACE_MS = 500;

/** How much of stdout is taken for a reader who comes later, in bytes; a pipe holds less. */
const READ_AHEAD_BYTES = 4 * 1024 * 1024;

/**
 * Hands stdout out as it is asked for. Once the CLI has exited, somebody else may
 * hold the pipe: from then on waiting for it has a deadline.
 */
export class StdoutPipe {
  readonly #stdout: PipeReader;
  /** What was taken before anybody asked for it. */
  readonly #ahead: Uint8Array[] = [];
  readonly #reads: SerialQueue = new SerialQueue();
  #exited = false;
  #held = false;
  #reading = false;
  #drainMs = DRAIN_GRACE_MS;
  #draining:
    | { timer: ReturnType<typeof setTimeout>; since: number }
    | undefined;

  /** Takes a pipe over. */
  constructor(stdout: PipeReader) {
    this.#stdout = stdout;
  }

  /** Whether it was still open when the wait for its end was over. */
  get held(): boolean {
    return this.#held;
  }

  /** The CLI has exited. */
  exited(): void {
    this.#exited = true;
    if (this.#reading) this.#startDraining();
  }

  /** The next bytes; nothing at the end, or when the CLI has exited and no more comes within the grace. */
  read(): Promise<Uint8Array | undefined> {
    return this.#reads.run(() => this.#next());
  }

  /**
   * Takes what is left in the pipe once the CLI is gone, so that it is closed also
   * when nobody reads on. Who does gets it all the same.
   */
  async readAhead(): Promise<void> {
    await this.#reads.run(() => this.#takeRest());
  }

  /** Closes it; what is left in it is lost. */
  async close(): Promise<void> {
    await this.#stdout.cancel().catch(() => {});
  }

  #next(): Promise<Uint8Array | undefined> {
    const chunk = this.#ahead.shift();
    return chunk === undefined ? this.#readNow() : Promise.resolve(chunk);
  }

  async #takeRest(): Promise<void> {
    for (let size = 0; size < READ_AHEAD_BYTES;) {
      const chunk = await this.#readNow();
      if (chunk === undefined) return;
      this.#ahead.push(chunk);
      size += chunk.length;
    }
  }

  async #readNow(): Promise<Uint8Array | undefined> {
    this.#reading = true;
    if (this.#exited) this.#startDraining();
    try {
      return await this.#stdout.read();
    } catch {
      // A pipe that breaks has ended: how, the exit code tells.
      return undefined;
    } finally {
      this.#reading = false;
      this.#pauseDraining();
    }
  }

  #startDraining(): void {
    this.#draining ??= {
      timer: setTimeout(() => {
        this.#held = true;
        this.close();
      }, this.#drainMs),
      since: Date.now(),
    };
  }

  /** Only waiting counts: a slow consumer loses nothing. */
  #pauseDraining(): void {
    if (this.#draining === undefined) return;
    clearTimeout(this.#draining.timer);
    this.#drainMs -= Math.min(this.#drainMs, Date.now() - this.#draining.since);
    this.#draining = undefined;
  }
}
