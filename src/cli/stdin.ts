import type { PipeWriter } from "../runtime/types.ts";
import { withDeadline } from "../util/deadline.ts";

/**
 * Writes the prompt and closes stdin, since the CLI waits for its end (facts F1). A CLI
 * that exits before it has read everything breaks the pipe. The caller then needs the
 * CLI's exit code and stderr, not an error about the pipe.
 */
export class StdinFeed {
  readonly #stdin: PipeWriter;
  /** Resolves when everything is written, or the pipe is broken. */
  readonly written: Promise<void>;

  /** Takes ownership of a pipe, and starts to write. */
  constructor(stdin: PipeWriter, prompt: string) {
    this.#stdin = stdin;
    this.written = this.#feed(new TextEncoder().encode(prompt));
  }

  /**
   * Discards data that has not been read, and waits at most `ms` for the write to end.
   */
  async close(ms: number): Promise<void> {
    this.#stdin.abort().catch(() => {});
    await withDeadline(this.written, ms);
  }

  async #feed(bytes: Uint8Array): Promise<void> {
    try {
      await this.#stdin.write(bytes);
      await this.#stdin.close();
    } catch {
      // A broken pipe: see above.
    }
  }
}
