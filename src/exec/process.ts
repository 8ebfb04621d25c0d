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

/**
 * The time that the CLI has to exit after its turn is decided or its stdout has ended, in
 * milliseconds.
 */
const LINGER_GRACE_MS = 2000;

/** Options of {@linkcode CodexProcess.start}. */
export interface ProcessOptions {
  /**
   * The time that each signal has to end the CLI, in milliseconds.
   *
   * @default {2000}
   */
  readonly graceMs?: number | undefined;
  /**
   * True if the CLI ends when the host does.
   *
   * @default {true}
   */
  readonly endWithHost?: boolean | undefined;
  /** The watcher of the process. */
  readonly watch?: ChildWatch | undefined;
  /** The turn's temporary files: removed when the process is closed, or the host ends. */
  readonly files?: TurnFiles | undefined;
}

/**
 * The only owner of the CLI's process: it starts the process, writes its stdin, keeps the
 * end of its stderr, returns its stdout on request, ends it, and releases its resources
 * in order. Every exit from a turn goes through {@linkcode CodexProcess.end} and
 * {@linkcode CodexProcess.close}; no other code ends the process.
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

  /** Starts the CLI and writes the prompt; rejects if the CLI cannot be started. */
  static async start(
    runtime: Runtime,
    command: SpawnCommand,
    prompt: string,
    options: ProcessOptions = {},
  ): Promise<CodexProcess> {
    const { graceMs = SHUTDOWN_GRACE_MS, endWithHost = true, files } = options;
    const folders = files?.folders ?? [];
    // Processes that the CLI starts inherit the marker, and are found by it.
    const marker = randomMarker();
    const env = withMarker(command.env, marker);
    const child = await runtime.spawn({ ...command, env });
    // Before the prompt is written: if the host is killed until then, the CLI gets an
    // empty prompt and exits (facts F1).
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

  /** Takes ownership of a child process; {@linkcode CodexProcess.start} calls this. */
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
   * Reads the next bytes of stdout; returns `undefined` at its end, or when the CLI has
   * exited and no more output arrives within the grace period.
   */
  read(): Promise<Uint8Array | undefined> {
    return this.#stdout.read();
  }

  /** Resolves when the prompt is written; the CLI may take a while to read a long one. */
  get promptWritten(): Promise<void> {
    return this.#stdin.written;
  }

  /**
   * Frees the memory of bytes that {@linkcode CodexProcess.read} returned and that are no
   * longer needed.
   */
  freeChunk(bytes: Uint8Array): void {
    detachChunk(bytes, this.#child.chunksOwnBuffer);
  }

  /** Expects the CLI to exit: if it does not within the grace period, it is ended. */
  expectExit(): void {
    if (this.#exit !== undefined || this.#terminated !== undefined) return;
    // An exit takes 8 to 36 ms (facts F26).
    this.#lingerTimer ??= setTimeout(() => this.end(), LINGER_GRACE_MS);
  }

  /** True if the client has ended the process, or is ending it. */
  get wasEnded(): boolean {
    return this.#terminated !== undefined;
  }

  /**
   * Waits until the CLI has exited, or ends it after the grace period, and closes the
   * pipes without waiting for pipes that other processes hold open.
   */
  finish(): Promise<ExitStatus> {
    this.#finished ??= this.#finish();
    return this.#finished;
  }

  /** Waits until the CLI has exited, or ends it after the grace period. */
  #waitForExit(): Promise<void> {
    this.#exiting ??= this.#waitForExitNow();
    return this.#exiting;
  }

  async #waitForExitNow(): Promise<void> {
    if (!await withDeadline(this.#child.exited, LINGER_GRACE_MS)) {
      await this.end();
    }
    // A CLI that is being ended may exit before its descendants do.
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

  /**
   * Ends the CLI and its descendants in steps, if it has not exited; resolves when they
   * are gone.
   */
  async end(): Promise<void> {
    clearTimeout(this.#lingerTimer);
    if (this.#exit !== undefined && this.#terminated === undefined) return;
    this.#terminated ??= this.#terminateNow();
    await this.#terminated;
  }

  /**
   * Releases everything that belongs to the process, after it has exited or been ended.
   * Only the first call has an effect.
   *
   * In order: the rest of stdout is read, for a reader that comes later, if any; the
   * pipes are closed; processes that the CLI has left running are ended; the temporary
   * files are removed; and the watchdog ends, since nothing is left for it to end.
   *
   * @param options.orphans Says whether to end processes that the CLI has left running,
   * or to keep those that do not hold the CLI's pipes.
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
    // Ending the CLI has also ended its descendants.
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

  /** True if the beginning of stderr was cut off. */
  get isStderrCut(): boolean {
    return this.#stderr.isCut;
  }

  async #terminateNow(): Promise<void> {
    await terminate(this.#target);
    // A child that survives SIGKILL may hold its pipe forever.
    if (this.#exit === undefined) await this.#stdout.close();
  }
}
