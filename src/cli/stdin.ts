import type { PipeWriter } from "../runtime/types.ts";
import { withDeadline } from "../util/deadline.ts";

/**
 * Writes the prompt and closes stdin: the CLI waits for its end (facts F1). A CLI
 * that is gone before it has read everything breaks the pipe; what the user
 * should know then is its exit code and its stderr, not that.
 */
export class StdinFeed {
  readonly #stdin: PipeWriter;
  /** Done when all of it is written, or nobody takes more. */
  readonly written: Promise<void>;

  /** Takes a pipe over, and begins to feed it. */
  constructor(stdin: PipeWriter, prompt: string) {
    this.#stdin = stdin;
    this.written = this.#feed(new TextEncoder().encode(prompt));
  }

  /** Gives up what nobody has read, and does not wait for it longer than `ms`. */
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
