import type { ProcessWatcher } from "../transport/process_watcher.ts";
import type { ChildProcess, ExitStatus } from "../runtime/types.ts";
import { describeArgs } from "./describe_args.ts";
import { WholeLines } from "./whole_lines.ts";

/** The watcher of a child. */
export interface ChildWatch {
  /** Receives the reports about the child. */
  readonly watcher: ProcessWatcher;
  /**
   * Removes secrets from a text, and also parts of secrets if its beginning was cut off
   * without a mark.
   */
  redact(text: string, isCut: boolean): string;
}

/** Reports to a watcher that a child was started, its output on stderr, and its exit. */
export class WatchedChild {
  readonly #watcher: ProcessWatcher;
  readonly #pid: number;
  readonly #stderr: WholeLines;
  #hasExited = false;

  /** Reports that the child was started, with its arguments. */
  constructor(
    { pid }: Pick<ChildProcess, "pid">,
    args: readonly string[],
    { watcher, redact }: ChildWatch,
  ) {
    this.#watcher = watcher;
    this.#pid = pid;
    this.#stderr = new WholeLines(redact);
    watcher.spawned({ pid, argv: describeArgs(args) });
  }

  /** Reports output on stderr. */
  wrote(bytes: Uint8Array): void {
    this.#report(this.#stderr.push(bytes));
  }

  /** Reports that the child has exited, once; its output is not reported after that. */
  exited(exit: ExitStatus): void {
    if (this.#hasExited) return;
    this.#report(this.#stderr.end());
    this.#hasExited = true;
    const { exitCode, signal } = exit;
    this.#watcher.exited({ pid: this.#pid, exitCode, signal });
  }

  #report(text: string): void {
    if (text === "" || this.#hasExited) return;
    this.#watcher.wrote(text, { pid: this.#pid });
  }
}
