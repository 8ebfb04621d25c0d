import { giveBack } from "../util/detach_buffer.ts";
import { SerialQueue } from "../util/serial_queue.ts";
import type { ChildProcess, PipeReader, PipeWriter } from "../runtime/types.ts";
import { withDeadline } from "../util/deadline.ts";
import { TailBuffer } from "./tail_buffer.ts";

/** How much of stderr is kept, in bytes. */
const STDERR_TAIL_BYTES = 64 * 1024;

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

/** Drains stderr from the start, so that the CLI never waits for it, and keeps its end. */
export class StderrTail {
  readonly #stderr: PipeReader;
  readonly #tail = new TailBuffer(STDERR_TAIL_BYTES);
  readonly #drained: Promise<void>;
  readonly #ownsChunks: boolean;
  #held = false;

  /** Takes a child's stderr over. */
  constructor(child: Pick<ChildProcess, "stderr" | "ownsChunks">) {
    this.#stderr = child.stderr;
    this.#ownsChunks = child.ownsChunks;
    this.#drained = this.#drain();
  }

  /** Whether it was still open when the wait for its end was over. */
  get held(): boolean {
    return this.#held;
  }

  /** Waits for its end, but not longer than `ms`, and closes it. */
  async close(ms: number): Promise<void> {
    if (await withDeadline(this.#drained, ms)) return;
    this.#held = true;
    await this.#stderr.cancel().catch(() => {});
  }

  /** Its end so far. */
  toString(): string {
    return this.#tail.toString();
  }

  /** Whether what came before that end was cut off. */
  get isCut(): boolean {
    return this.#tail.isCut;
  }

  async #drain(): Promise<void> {
    try {
      for (;;) {
        const chunk = await this.#stderr.read();
        if (chunk === undefined) return;
        this.#tail.push(chunk);
        giveBackChunk(chunk, this.#ownsChunks);
      }
    } catch {
      // A pipe that breaks has ended.
    }
  }
}

/**
 * Writes the prompt and closes stdin: the CLI waits for its end (facts F1). A CLI
 * that is gone before it has read everything breaks the pipe; what the user
 * should know then is its exit code and its stderr, not that.
 */
export class StdinFeed {
  readonly #stdin: PipeWriter;
  /** Done when all of it is written, or nobody takes more. */
  readonly fed: Promise<void>;

  /** Takes a pipe over, and begins to feed it. */
  constructor(stdin: PipeWriter, prompt: string) {
    this.#stdin = stdin;
    this.fed = this.#feed(new TextEncoder().encode(prompt));
  }

  /** Gives up what nobody has read, and does not wait for it longer than `ms`. */
  async close(ms: number): Promise<void> {
    this.#stdin.abort().catch(() => {});
    await withDeadline(this.fed, ms);
  }

  async #feed(bytes: Uint8Array): Promise<void> {
    try {
      await this.#stdin.write(bytes);
      await this.#stdin.close();
    } catch {
      // See above.
    }
  }
}

/**
 * Frees the memory of a chunk that nobody needs any more: of a flood, 40 to 70 MB
 * would wait to be collected.
 */
export function giveBackChunk(
  { buffer, byteLength }: Uint8Array,
  ownsChunks: boolean,
): void {
  // What is part of something larger may hold the chunks of others.
  if (ownsChunks || buffer.byteLength === byteLength) giveBack(buffer);
}
