import type { ProcessWatcher } from "../transport/process_watcher.ts";
import type { ChildProcess, ExitStatus } from "../runtime/types.ts";
import { describeArgs } from "./describe_args.ts";
import { WholeLines } from "./whole_lines.ts";

/** What a child is watched with. */
export interface ChildWatch {
  /** Who is told. */
  readonly watcher: ProcessWatcher;
  /** Takes secrets out of a text; of one whose beginning was cut off without a mark, parts too. */
  redact(text: string, isCut: boolean): string;
}

/** Tells who watches a child that it was started, what it writes to stderr, and its end. */
export class WatchedChild {
  readonly #watcher: ProcessWatcher;
  readonly #pid: number;
  readonly #stderr: WholeLines;
  #hasExited = false;

  /** Tells that it was started, with these arguments. */
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

  /** Tells what it has written to stderr. */
  wrote(bytes: Uint8Array): void {
    this.#tell(this.#stderr.push(bytes));
  }

  /** Tells that it has ended, once; nothing of what it has written comes after that. */
  exited(exit: ExitStatus): void {
    if (this.#hasExited) return;
    this.#tell(this.#stderr.end());
    this.#hasExited = true;
    const { exitCode, signal } = exit;
    this.#watcher.exited({ pid: this.#pid, exitCode, signal });
  }

  #tell(text: string): void {
    if (text === "" || this.#hasExited) return;
    this.#watcher.wrote(text, { pid: this.#pid });
  }
}
