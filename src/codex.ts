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
 * A client that runs each turn in a `codex exec` process. Starts threads and resumes them;
 * there is nothing to close.
 *
 * @example Two turns on a thread
 * ```ts
 * import { Codex } from "@acodex/sdk";
 *
 * const thread = new Codex().startThread({ sandboxMode: "read-only" });
 * await thread.run("Read the README");
 * const turn = await thread.run("What is missing from it?");
 * console.log(turn.finalResponse);
 * ```
 */
export class Codex {
  readonly #transport: Transport;

  /**
   * Creates a client. Nothing is looked up, read or started before the first turn.
   *
   * @param transport Your own transport, which replaces `codex exec`. The options are then
   * checked, but only `onTurn`, `onEvent` and `onDiagnostic` have an effect.
   * @throws {CodexInputError} If an option cannot be used.
   */
  constructor(options: CodexOptions = {}, transport?: Transport) {
    const own = ownCodexOptions(options);
    this.#transport = watchTransport(transport ?? new ExecTransport(own), own);
  }

  /**
   * Starts a new thread; the CLI opens it in its first turn.
   *
   * @throws {CodexInputError} If an option cannot be used.
   */
  startThread(options: ThreadOptions = {}): Thread {
    return new Thread(this.#transport, ownThreadOptions(options));
  }

  /**
   * Resumes a thread of an earlier run. The CLI keeps threads in `~/.codex/sessions`
   * without their options: pass them again.
   *
   * If the thread does not exist, its first turn throws a
   * {@linkcode CodexThreadNotFoundError}.
   *
   * @param id The thread's id, from {@linkcode Thread.id}.
   * @throws {CodexInputError} If the id is not a UUID (the CLI would read it as a flag, or
   * open a new thread), or if an option cannot be used.
   */
  resumeThread(id: string, options: ResumeOptions = {}): Thread {
    checkThreadId(id);
    const { usageBefore, ...own } = ownResumeOptions(options);
    return this.#thread(own, resumedThread(id, usageBefore));
  }

  /**
   * Creates a thread that starts as a copy of another one. The CLI makes the copy in the
   * new thread's first turn, of the turns that the other thread has completed by then; the
   * copy's id is known from then on. The other thread's options are not copied: pass them
   * again.
   *
   * If the other thread does not exist, the first turn throws a
   * {@linkcode CodexThreadNotFoundError}.
   *
   * @param id The id of the thread to copy.
   * @throws {CodexInputError} If the id is not a UUID, or if an option cannot be used.
   */
  forkThread(id: string, options: ThreadOptions = {}): Thread {
    checkThreadId(id, "fork");
    const own = ownThreadOptions(options);
    return this.#thread(own, forkedThread({ id, usage: null }));
  }

  /**
   * Resumes the thread that was last used in the working directory, by any program; its
   * id is known from the first turn on. If there is no such thread, that turn throws a
   * {@linkcode CodexThreadNotFoundError}.
   *
   * @throws {CodexInputError} If an option cannot be used.
   */
  resumeLast(options: ThreadOptions = {}): Thread {
    return this.#thread(ownThreadOptions(options), lastThread());
  }

  #thread(options: ThreadOptions, facts: ThreadFacts): Thread {
    const turns = new ThreadTurns(options, facts);
    return new Thread(this.#transport, options, turns);
  }
}
