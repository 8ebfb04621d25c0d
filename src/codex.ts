import { ExecTransport } from "./exec/transport.ts";
import { ownCodexOptions, ownThreadOptions } from "./options/check.ts";
import { checkThreadId } from "./input/thread_id.ts";
import type { CodexOptions, ThreadOptions } from "./options/options.ts";
import { Thread } from "./thread/thread.ts";
import type { Transport } from "./transport/transport.ts";

/**
 * The agent, as a client: opens threads and resumes them.
 *
 * @example Two turns on a thread
 * ```ts
 * import { Codex } from "@acodex/sdk";
 *
 * const thread = new Codex().startThread({ workingDirectory: "." });
 * await thread.run("Read the README");
 * const turn = await thread.run("What is missing from it?");
 * console.log(turn.finalResponse);
 * ```
 */
export class Codex {
  readonly #transport: Transport;

  /**
   * Makes a client. Nothing is looked up, read or started before the first turn.
   *
   * @throws {CodexInputError} For an option that cannot be used.
   */
  constructor(options: CodexOptions = {}) {
    this.#transport = new ExecTransport(ownCodexOptions(options));
  }

  /**
   * Starts a new thread; the CLI opens it in its first turn.
   *
   * @throws {CodexInputError} For an option that cannot be used.
   */
  startThread(options: ThreadOptions = {}): Thread {
    return new Thread(this.#transport, ownThreadOptions(options));
  }

  /**
   * Resumes a thread where another run left off. The CLI keeps threads in
   * `~/.codex/sessions`, and remembers none of their options: give them again.
   *
   * A thread that is not there shows in the first turn, as a
   * {@linkcode CodexThreadNotFoundError}.
   *
   * @param id The thread's id, as {@linkcode Thread.id} gave it.
   * @throws {CodexInputError} For an id that is no UUID: the CLI would read it as a
   * flag, or open a new thread. Likewise for an option.
   */
  resumeThread(id: string, options: ThreadOptions = {}): Thread {
    checkThreadId(id);
    return new Thread(this.#transport, ownThreadOptions(options), id);
  }
}
