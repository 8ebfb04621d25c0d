import { ExecTransport } from "./exec/transport.ts";
import {
  ownCodexOptions,
  ownResumeOptions,
  ownThreadOptions,
} from "./options/check.ts";
import { checkThreadId } from "./input/thread_id.ts";
import type {
  CodexOptions,
  ResumeOptions,
  ThreadOptions,
} from "./options/options.ts";
import { Thread } from "./thread/thread.ts";
import { ThreadTurns } from "./thread/thread_turns.ts";
import type { Transport } from "./transport/transport.ts";
import {
  forkedThread,
  lastThread,
  resumedThread,
  type ThreadFacts,
} from "./turn/thread_state.ts";
import { watchTransport } from "./turn/watched_transport.ts";

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
   * @param transport A way to the CLI of one's own, in place of `codex exec`; the options
   * are then checked, and but for `onEvent` and `onDiagnostic` have no effect.
   * @throws {CodexInputError} For an option that cannot be used.
   */
  constructor(options: CodexOptions = {}, transport?: Transport) {
    const own = ownCodexOptions(options);
    this.#transport = watchTransport(transport ?? new ExecTransport(own), own);
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
  resumeThread(id: string, options: ResumeOptions = {}): Thread {
    checkThreadId(id);
    const { usageBefore, ...own } = ownResumeOptions(options);
    return this.#thread(own, resumedThread(id, usageBefore));
  }

  /**
   * Makes a thread that begins as a copy of another one, as far as that has come by then:
   * the copy is made in its first turn, and its id is known from then on. The CLI
   * remembers no options of the other thread: give them again.
   *
   * A thread that is not there shows in the first turn, as a
   * {@linkcode CodexThreadNotFoundError}.
   *
   * @param id The id of the thread to copy.
   * @throws {CodexInputError} For an id that is no UUID. Likewise for an option.
   */
  forkThread(id: string, options: ThreadOptions = {}): Thread {
    checkThreadId(id, "fork");
    const own = ownThreadOptions(options);
    return this.#thread(own, forkedThread({ id, usage: null }));
  }

  /**
   * Resumes the thread that was used last in the working directory, whoever used it: the
   * CLI says which one it is in the first turn. Where there is none, that turn ends with a
   * {@linkcode CodexThreadNotFoundError}.
   *
   * @throws {CodexInputError} For an option that cannot be used.
   */
  resumeLast(options: ThreadOptions = {}): Thread {
    return this.#thread(ownThreadOptions(options), lastThread());
  }

  #thread(options: ThreadOptions, facts: ThreadFacts): Thread {
    const turns = new ThreadTurns(options, facts);
    return new Thread(this.#transport, options, turns);
  }
}
