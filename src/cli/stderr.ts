import type { ChildProcess, PipeReader } from "../runtime/types.ts";
import { withDeadline } from "../util/deadline.ts";
import { detachChunk } from "../util/detach_buffer.ts";
import { TailBuffer } from "./tail_buffer.ts";
import type { WatchedChild } from "./watched_child.ts";

/** The size of the part of stderr that is kept, in bytes. */
const MAX_STDERR_BYTES = 64 * 1024;

/** Reads stderr from the start, so that the CLI never waits for it, and keeps its end. */
export class StderrTail {
  readonly #stderr: PipeReader;
  readonly #tail = new TailBuffer(MAX_STDERR_BYTES);
  readonly #drained: Promise<void>;
  readonly #chunksOwnBuffer: boolean;
  readonly #watched: WatchedChild | undefined;
  #inherited = false;

  /**
   * Takes ownership of a child's stderr, and starts to read it.
   *
   * @param watched Receives the output.
   */
  constructor(
    child: Pick<ChildProcess, "stderr" | "chunksOwnBuffer">,
    watched?: WatchedChild,
  ) {
    this.#stderr = child.stderr;
    this.#chunksOwnBuffer = child.chunksOwnBuffer;
    this.#watched = watched;
    this.#drained = this.#drain();
  }

  /** True if another process kept the pipe open past the deadline. */
  get inherited(): boolean {
    return this.#inherited;
  }

  /** Waits for the end of stderr, at most `ms`, and closes it. */
  async close(ms: number): Promise<void> {
    if (await withDeadline(this.#drained, ms)) return;
    this.#inherited = true;
    await this.#stderr.cancel().catch(() => {});
  }

  /** Returns the end of stderr so far as text. */
  toString(): string {
    return this.#tail.toString();
  }

  /** True if the beginning was cut off. */
  get isCut(): boolean {
    return this.#tail.isCut;
  }

  async #drain(): Promise<void> {
    try {
      for (;;) {
        const chunk = await this.#stderr.read();
        if (chunk === undefined) return;
        this.#tail.push(chunk);
        this.#watched?.wrote(chunk);
        detachChunk(chunk, this.#chunksOwnBuffer);
      }
    } catch {
      // A broken pipe has ended.
    }
  }
}
