import type {
  ChildProcess,
  ExitStatus,
  Runtime,
  SpawnCommand,
} from "../runtime/types.ts";
import { withDeadline } from "../util/deadline.ts";
import { detachChunk } from "../util/detach_buffer.ts";
import { StderrTail } from "../cli/stderr.ts";
import { StdinFeed } from "../cli/stdin.ts";
import { type ChildWatch, WatchedChild } from "../cli/watched_child.ts";
import { DRAIN_GRACE_MS, StdoutPipe } from "../cli/stdout.ts";
import type { TurnFiles } from "../cli/temp_files.ts";
import { randomMarker, withMarker } from "../cli/terminate/marker.ts";
import {
  endOrphans,
  SHUTDOWN_GRACE_MS,
  terminate,
  type TerminationTarget,
} from "../cli/terminate/ladder.ts";
import { Watchdog } from "../cli/terminate/watchdog.ts";

/** The time that the CLI has to exit once its turn is decided or its stdout has ended, in ms. */
const LINGER_GRACE_MS = 2000;

/** Options of {@linkcode CodexProcess.start}. */
export interface ProcessOptions {
  /**
   * The time that each signal which ends it is given to work, in ms.
   *
   * @default {2000}
   */
  readonly graceMs?: number | undefined;
  /**
   * Says whether it ends when the host does.
   *
   * @default {true}
   */
  readonly endWithHost?: boolean | undefined;
  /** Who watches it. */
  readonly watch?: ChildWatch | undefined;
  /** The turn's temporary files: removed when the process is closed, or the host ends. */
  readonly files?: TurnFiles | undefined;
}

/**
 * The one owner of the CLI's process: it starts it, feeds its stdin, keeps the end
 * of its stderr, hands out its stdout as it is asked for, ends it, and owns the order
 * in which all that goes with it is taken down. Every way out of a turn goes through
 * {@linkcode CodexProcess.end} and {@linkcode CodexProcess.close}; nothing else kills.
 */
export class CodexProcess {
  readonly #child: ChildProcess;
  readonly #target: TerminationTarget;
  readonly #stdout: StdoutPipe;
  readonly #stderr: StderrTail;
  readonly #stdin: StdinFeed;
  readonly #watched: WatchedChild | undefined;
  #exit: ExitStatus | undefined;
  #lingerTimer: ReturnType<typeof setTimeout> | undefined;
  #terminated: Promise<void> | undefined;
  #exiting: Promise<void> | undefined;
  #finished: Promise<ExitStatus> | undefined;
  #closed: Promise<void> | undefined;
  #watchdog: Promise<Watchdog | undefined> | undefined;
  #files: TurnFiles | undefined;

  /** Starts the CLI and feeds it the prompt; fails if it cannot be started. */
  static async start(
    runtime: Runtime,
    command: SpawnCommand,
    prompt: string,
    options: ProcessOptions = {},
  ): Promise<CodexProcess> {
    const { graceMs = SHUTDOWN_GRACE_MS, endWithHost = true, files } = options;
    const folders = files?.folders ?? [];
    // What the CLI starts inherits the marker, and is found by it wherever it goes.
    const marker = randomMarker();
    const env = withMarker(command.env, marker);
    const child = await runtime.spawn({ ...command, env });
    // Before the prompt is written: a host that is killed until then leaves a CLI with
    // an empty prompt, which exits (facts F1).
    const watchdog = endWithHost
      ? Watchdog.start(runtime, {
        ...{ pid: child.pid, marker, graceMs, folders },
        cwd: command.cwd,
      })
      : undefined;
    const { watch } = options;
    const process = new CodexProcess(
      { runtime, child, marker, graceMs },
      prompt,
      watch && new WatchedChild(child, command.args, watch),
    );
    process.#watchdog = watchdog;
    process.#files = files;
    return process;
  }

  /** Takes a child over; {@linkcode CodexProcess.start} does. */
  constructor(
    target: TerminationTarget,
    prompt: string,
    watched?: WatchedChild,
  ) {
    this.#target = target;
    this.#child = target.child;
    this.#watched = watched;
    this.#stdout = new StdoutPipe(this.#child.stdout);
    this.#stderr = new StderrTail(this.#child, watched);
    this.#child.exited.then((exit) => {
      this.#exit = exit;
      clearTimeout(this.#lingerTimer);
      this.#stdout.exited();
    });
    this.#stdin = new StdinFeed(this.#child.stdin, prompt);
  }

  /**
   * Reads the next bytes of stdout; gives nothing at its end, or when the CLI has exited and
   * no more comes within the grace.
   */
  read(): Promise<Uint8Array | undefined> {
    return this.#stdout.read();
  }

  /** Done when the CLI has its prompt; it may take its time to read a long one. */
  get promptWritten(): Promise<void> {
    return this.#stdin.written;
  }

  /** Frees the memory of bytes that {@linkcode CodexProcess.read} gave and nobody looks at any more. */
  freeChunk(bytes: Uint8Array): void {
    detachChunk(bytes, this.#child.chunksOwnBuffer);
  }

  /** Expects the CLI to exit: if it has not within the grace, it is ended. */
  expectExit(): void {
    if (this.#exit !== undefined || this.#terminated !== undefined) return;
    // It takes 8 to 36 ms (facts F26).
    this.#lingerTimer ??= setTimeout(() => this.end(), LINGER_GRACE_MS);
  }

  /** True if it was, or is being, ended from here. */
  get wasEnded(): boolean {
    return this.#terminated !== undefined;
  }

  /**
   * Waits until the CLI has exited by itself, or ends it after the grace, and
   * closes the pipes; waits for none that somebody else holds.
   */
  finish(): Promise<ExitStatus> {
    this.#finished ??= this.#finish();
    return this.#finished;
  }

  /** Waits until it has exited, or ends it after the grace. */
  #waitForExit(): Promise<void> {
    this.#exiting ??= this.#waitForExitNow();
    return this.#exiting;
  }

  async #waitForExitNow(): Promise<void> {
    if (!await withDeadline(this.#child.exited, LINGER_GRACE_MS)) {
      await this.end();
    }
    // Being ended, it may be gone before all that came from it are.
    await this.#terminated;
    clearTimeout(this.#lingerTimer);
  }

  async #finish(): Promise<ExitStatus> {
    await this.#waitForExit();
    await this.#stdout.close();
    await this.#stderr.close(DRAIN_GRACE_MS);
    await this.#stdin.close(DRAIN_GRACE_MS);
    if (this.#exit !== undefined) this.#watched?.exited(this.#exit);
    return this.#exit ?? { exitCode: null, signal: null };
  }

  /** Ends the CLI and all that came from it in steps, if it has not exited; done when they are gone. */
  async end(): Promise<void> {
    clearTimeout(this.#lingerTimer);
    if (this.#exit !== undefined && this.#terminated === undefined) return;
    this.#terminated ??= this.#terminateNow();
    await this.#terminated;
  }

  /**
   * Leaves nothing of the process behind, once it has exited or been ended; once,
   * whoever asks for it first.
   *
   * In order: what is left of stdout is taken, for a reader who comes later, or never;
   * the pipes are closed; what the CLI has left running is ended; the temporary files
   * are removed; and the watch over the host ends, since nothing is left that it would
   * have to end.
   *
   * @param options.orphans Says whether what the CLI has left running is ended, or kept
   * unless it holds the CLI's pipes.
   */
  close(options: { readonly orphans: "end" | "keep" }): Promise<void> {
    this.#closed ??= this.#close(options);
    return this.#closed;
  }

  async #close(
    { orphans }: { readonly orphans: "end" | "keep" },
  ): Promise<void> {
    await this.#waitForExit();
    if (this.#exit !== undefined) await this.#stdout.drain();
    await this.finish();
    const pipesInherited = this.#stdout.inherited || this.#stderr.inherited;
    // What has been ended from here has taken all that came from it along.
    if (
      this.#terminated === undefined && (orphans === "end" || pipesInherited)
    ) {
      await endOrphans(this.#target);
    }
    await this.#files?.remove();
    await (await this.#watchdog)?.dismiss();
  }

  /** The end of stderr so far. */
  get stderr(): string {
    return this.#stderr.toString();
  }

  /** True if what came before that end was cut off. */
  get isStderrCut(): boolean {
    return this.#stderr.isCut;
  }

  async #terminateNow(): Promise<void> {
    await terminate(this.#target);
    // A child that even SIGKILL does not end may hold its pipe for ever.
    if (this.#exit === undefined) await this.#stdout.close();
  }
}
