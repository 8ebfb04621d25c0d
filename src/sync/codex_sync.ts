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
 * A client whose calls block, for scripts, REPLs and build steps that have nothing else
 * to do meanwhile. It does the same as `Codex`, on a worker thread that the first turn
 * starts and all clients share.
 *
 * @example Two turns on a thread
 * ```ts
 * import { CodexSync } from "@acodex/sdk/sync";
 *
 * const thread = new CodexSync().startThread({ sandboxMode: "read-only" });
 * thread.run("Read the README");
 * console.log(thread.run("What is missing from it?").finalResponse);
 * ```
 */
export class CodexSync {
  readonly #options: CodexOptions;

  /**
   * Creates a client. Nothing is looked up, read or started before the first turn.
   *
   * @throws {CodexInputError} For an invalid option.
   * @throws {CodexInternalError} If the runtime has no worker threads, or this thread
   * cannot be blocked, as in a browser.
   * @throws {CodexEnvironmentError} If the release of Bun or Deno is too old; the message
   * names the first one that works.
   */
  constructor(options: CodexOptions = {}) {
    this.#options = ownCodexOptions(options, SYNC_OPTION_TABLES);
    checkThreads();
  }

  /**
   * Starts a new thread, which the CLI opens in its first turn.
   *
   * @throws {CodexInputError} For an invalid option.
   */
  startThread(options: ThreadOptions = {}): ThreadSync {
    return new ThreadSync(
      this.#options,
      ownThreadOptions(options, SYNC_OPTION_TABLES),
    );
  }

  /**
   * Resumes a thread of an earlier run, including one of the asynchronous client. The CLI
   * keeps threads in `~/.codex/sessions` without their options: pass them again.
   *
   * If the thread does not exist, the first turn throws a
   * {@linkcode CodexThreadNotFoundError}.
   *
   * @param id The thread's id, from {@linkcode ThreadSync.id}.
   * @throws {CodexInputError} If the id is not a UUID, or for an invalid option.
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
   * Creates a thread that begins as a copy of another one, as it is at the first turn; see
   * `Codex.forkThread`.
   *
   * @param id The id of the thread to copy.
   * @throws {CodexInputError} If the id is not a UUID, or for an invalid option.
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
   * Resumes the thread that was used last in the working directory, by any program; see
   * `Codex.resumeLast`.
   *
   * @throws {CodexInputError} For an invalid option.
   */
  resumeLast(options: ThreadOptions = {}): ThreadSync {
    return new ThreadSync(
      this.#options,
      ownThreadOptions(options, SYNC_OPTION_TABLES),
      lastThread(),
    );
  }
}
