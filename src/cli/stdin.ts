import type { PipeWriter } from "../runtime/types.ts";
import { withDeadline } from "../util/deadline.ts";

/**
 * Writes the prompt and closes stdin: the CLI waits for its end (facts F1). A CLI
 * that is gone before it has read everything breaks the pipe; the user then needs its
 * exit code and its stderr, not the broken pipe.
 */
export class StdinFeed {
  readonly #stdin: PipeWriter;
  /** Resolves when all of it is written, or the pipe is broken. */
  readonly written: Promise<void>;

  /** Takes over a pipe, and begins to write. */
  constructor(stdin: PipeWriter, prompt: string) {
    this.#stdin = stdin;
    this.written = this.#feed(new TextEncoder().encode(prompt));
  }

  /** Drops what has not been read, and waits at most `ms` for the write to end. */
  async close(ms: number): Promise<void> {
    this.#stdin.abort().catch(() => {});
    await withDeadline(this.written, ms);
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
