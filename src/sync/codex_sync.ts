import {
  ownCodexOptions,
  ownResumeOptions,
  ownThreadOptions,
} from "../options/check.ts";
import { checkThreadId } from "../input/thread_id.ts";
import type {
  CodexOptions,
  ResumeOptions,
  ThreadOptions,
} from "../options/options.ts";
import {
  forkedThread,
  lastThread,
  resumedThread,
} from "../turn/thread_state.ts";
import { SYNC_OPTION_TABLES } from "./plain_options.ts";
import { ThreadSync } from "./thread_sync.ts";
import { checkThreads } from "./turn_worker.ts";
import "./worker_program.ts";

/**
 * The agent, as a client whose calls block: for scripts, REPLs and build steps,
 * where nothing else is to be done meanwhile. It does what `Codex` does, on a worker
 * thread that the first turn starts and all clients share.
 *
 * @example Two turns on a thread
 * ```ts
 * import { CodexSync } from "@acodex/sdk/sync";
 *
 * const thread = new CodexSync().startThread({ workingDirectory: "." });
 * thread.run("Read the README");
 * console.log(thread.run("What is missing from it?").finalResponse);
 * ```
 */
export class CodexSync {
  readonly #options: CodexOptions;

  /**
   * Makes a client. Nothing is looked up, read or started before the first turn.
   *
   * @throws {CodexInputError} For an option that cannot be used.
   * @throws {CodexInternalError} Where there are no threads, or this one cannot be
   * blocked, as in a browser.
   * @throws {CodexEnvironmentError} In a release of Bun or Deno that is too old for it.
   */
  constructor(options: CodexOptions = {}) {
    this.#options = ownCodexOptions(options, SYNC_OPTION_TABLES);
    checkThreads();
  }

  /**
   * Starts a new thread; the CLI opens it in its first turn.
   *
   * @throws {CodexInputError} For an option that cannot be used.
   */
  startThread(options: ThreadOptions = {}): ThreadSync {
    return new ThreadSync(
      this.#options,
      ownThreadOptions(options, SYNC_OPTION_TABLES),
    );
  }

  /**
   * Resumes a thread where another run left off, also one of the asynchronous
   * client. The CLI keeps threads in `~/.codex/sessions`, and remembers none of their
   * options: give them again.
   *
   * A thread that is not there shows in the first turn, as a
   * {@linkcode CodexThreadNotFoundError}.
   *
   * @param id The thread's id, as {@linkcode ThreadSync.id} gave it.
   * @throws {CodexInputError} For an id that is no UUID, or an option that cannot be
   * used.
   */
  resumeThread(id: string, options: ResumeOptions = {}): ThreadSync {
    checkThreadId(id);
    const { usageBefore, ...own } = ownResumeOptions(
      options,
      SYNC_OPTION_TABLES,
    );
    return new ThreadSync(this.#options, own, resumedThread(id, usageBefore));
  }

  /**
   * Makes a thread that begins as a copy of another one, as far as that has come by then;
   * see `Codex.forkThread`.
   *
   * @param id The id of the thread to copy.
   * @throws {CodexInputError} For an id that is no UUID, or an option that cannot be
   * used.
   */
  forkThread(id: string, options: ThreadOptions = {}): ThreadSync {
    checkThreadId(id, "fork");
    return new ThreadSync(
      this.#options,
      ownThreadOptions(options, SYNC_OPTION_TABLES),
      forkedThread({ id, usage: null }),
    );
  }

  /**
   * Resumes the thread that was used last in the working directory, whoever used it; see
   * `Codex.resumeLast`.
   *
   * @throws {CodexInputError} For an option that cannot be used.
   */
  resumeLast(options: ThreadOptions = {}): ThreadSync {
    return new ThreadSync(
      this.#options,
      ownThreadOptions(options, SYNC_OPTION_TABLES),
      lastThread(),
    );
  }
}
