import type {
  ChildProcess,
  ExitStatus,
  Runtime,
  SpawnCommand,
} from "../runtime/types.ts";
import { withDeadline } from "./deadline.ts";
import { MARKER_NAME } from "./process_table.ts";
import {
  shutDown,
  SHUTDOWN_GRACE_MS,
  type ShutDownTarget,
  sweep,
} from "./shutdown.ts";
import { TailBuffer } from "./tail_buffer.ts";
import { Watchdog } from "./watchdog.ts";

/** How much of stderr is kept, in bytes. */
const STDERR_TAIL_BYTES = 64 * 1024;

/** How long the CLI may take to exit once its turn is decided or its stdout has ended, in ms. */
const LINGER_GRACE_MS = 2000;

/** How long output may still come once the CLI has exited, while somebody waits for it, in ms. */
const DRAIN_GRACE_MS = 500;

/** Options of {@linkcode CodexProcess.start}. */
export interface ProcessOptions {
  /**
   * How long each signal that ends it is given to work, in ms.
   *
   * @default {2000}
   */
  readonly graceMs?: number | undefined;
  /**
   * Whether it ends when the host does.
   *
   * @default {true}
   */
  readonly endWithHost?: boolean | undefined;
  /** Temporary folders to be removed when the host ends in the middle of the turn. */
  readonly folders?: readonly string[];
}

/**
 * The one owner of the CLI's process: it starts it, feeds its stdin, keeps the end
 * of its stderr, hands out its stdout as it is asked for, and ends it. Every way
 * out of a turn goes through {@linkcode CodexProcess.end}; nothing else kills.
 */
export class CodexProcess {
  readonly #child: ChildProcess;
  readonly #target: ShutDownTarget;
  readonly #stdout: ReadableStreamDefaultReader<Uint8Array>;
  readonly #stderr: StderrTail;
  readonly #stdin: StdinFeed;
  #exit: ExitStatus | undefined;
  #reading = false;
  #drainMs = DRAIN_GRACE_MS;
  #draining:
    | { timer: ReturnType<typeof setTimeout>; since: number }
    | undefined;
  #lingerTimer: ReturnType<typeof setTimeout> | undefined;
  #shutDown: Promise<void> | undefined;
  #finished: Promise<ExitStatus> | undefined;
  #watchdog: Promise<Watchdog | undefined> | undefined;

  /** Starts the CLI and feeds it the prompt; fails if it cannot be started. */
  static async start(
    runtime: Runtime,
    command: SpawnCommand,
    prompt: string,
    options: ProcessOptions = {},
  ): Promise<CodexProcess> {
    const { graceMs = SHUTDOWN_GRACE_MS, endWithHost = true, folders = [] } =
      options;
    // What the CLI starts inherits the marker, and is found by it wherever it goes.
    const marker = crypto.randomUUID();
    const set = { ...command.env.set, [MARKER_NAME]: marker };
    const env = { ...command.env, set };
    const child = await runtime.spawn({ ...command, env });
    const process = new CodexProcess(
      { runtime, child, marker, graceMs },
      prompt,
    );
    if (endWithHost) {
      const { pid } = child;
      const watched = { pid, marker, graceMs, folders };
      process.#watchdog = Watchdog.start(runtime, watched);
    }
    return process;
  }

  /** Takes a child over; {@linkcode CodexProcess.start} does. */
  constructor(target: ShutDownTarget, prompt: string) {
    this.#target = target;
    this.#child = target.child;
    this.#stdout = this.#child.stdout.getReader();
    this.#stderr = new StderrTail(this.#child.stderr);
    this.#child.exited.then((exit) => {
      this.#exit = exit;
      clearTimeout(this.#lingerTimer);
      // Somebody else may hold the pipe: a read that waits now waits on a deadline.
      if (this.#reading) this.#startDraining();
    });
    this.#stdin = new StdinFeed(this.#child.stdin, prompt);
  }

  /**
   * The next bytes of stdout; nothing at its end, or when the CLI has exited and
   * no more comes within the grace.
   */
  async read(): Promise<Uint8Array | undefined> {
    this.#reading = true;
    if (this.#exit !== undefined) this.#startDraining();
    try {
      return (await this.#stdout.read()).value;
    } catch {
      // A pipe that breaks has ended: how, the exit code tells.
      return undefined;
    } finally {
      this.#reading = false;
      this.#pauseDraining();
    }
  }

  /** Lets the CLI go: if it has not exited within the grace, it is ended. */
  letGo(): void {
    if (this.#exit !== undefined || this.#shutDown !== undefined) return;
    this.#lingerTimer ??= setTimeout(() => this.end(), LINGER_GRACE_MS);
  }

  /** Whether it was, or is being, ended from here. */
  get ended(): boolean {
    return this.#shutDown !== undefined;
  }

  /**
   * Waits until the CLI has exited by itself, or ends it after the grace, and
   * closes the pipes; waits for none that somebody else holds.
   */
  finish(): Promise<ExitStatus> {
    this.#finished ??= this.#finish();
    return this.#finished;
  }

  async #finish(): Promise<ExitStatus> {
    if (!await withDeadline(this.#child.exited, LINGER_GRACE_MS)) {
      await this.end();
    }
    // Being ended, it may be gone before all that came from it are.
    await this.#shutDown;
    clearTimeout(this.#lingerTimer);
    await this.#stdout.cancel().catch(() => {});
    await this.#stderr.close(DRAIN_GRACE_MS);
    await this.#stdin.close(DRAIN_GRACE_MS);
    return this.#exit ?? { exitCode: null, signal: null };
  }

  /** Ends the CLI and all that came from it in steps, if it has not exited; done when they are gone. */
  async end(): Promise<void> {
    clearTimeout(this.#lingerTimer);
    if (this.#exit !== undefined && this.#shutDown === undefined) return;
    this.#shutDown ??= this.#shutDownNow();
    await this.#shutDown;
  }

  /** Ends what the CLI has left behind, if it has exited by itself. */
  async sweep(): Promise<void> {
    if (this.#shutDown === undefined) await sweep(this.#target);
  }

  /** Ends the watch over the host: nothing is left that it would have to end. */
  async dismissWatchdog(): Promise<void> {
    await (await this.#watchdog)?.dismiss();
  }

  /** The end of stderr so far. */
  get stderr(): string {
    return this.#stderr.toString();
  }

  async #shutDownNow(): Promise<void> {
    await shutDown(this.#target);
    // A child that even SIGKILL does not end may hold its pipe for ever.
    if (this.#exit === undefined) await this.#stdout.cancel().catch(() => {});
  }

  #startDraining(): void {
    this.#draining ??= {
      timer: setTimeout(
        () => this.#stdout.cancel().catch(() => {}),
        this.#drainMs,
      ),
      since: Date.now(),
    };
  }

  /** Only waiting counts: a slow consumer loses nothing. */
  #pauseDraining(): void {
    if (this.#draining === undefined) return;
    clearTimeout(this.#draining.timer);
    this.#drainMs -= Math.min(this.#drainMs, Date.now() - this.#draining.since);
    this.#draining = undefined;
  }
}

/** Drains stderr from the start, so that the CLI never waits for it, and keeps its end. */
class StderrTail {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #tail = new TailBuffer(STDERR_TAIL_BYTES);
  readonly #drained: Promise<void>;

  constructor(stderr: ReadableStream<Uint8Array>) {
    this.#reader = stderr.getReader();
    this.#drained = this.#drain();
  }

  /** Waits for its end, but not longer than `ms`, and closes it. */
  async close(ms: number): Promise<void> {
    if (await withDeadline(this.#drained, ms)) return;
    await this.#reader.cancel().catch(() => {});
  }

  toString(): string {
    return this.#tail.toString();
  }

  async #drain(): Promise<void> {
    try {
      for (;;) {
        const { done, value } = await this.#reader.read();
        if (done) return;
        this.#tail.push(value);
      }
    } catch {
      // A pipe that breaks has ended.
    }
  }
}

/**
 * Writes the prompt and closes stdin: the CLI waits for its end (facts F1). A CLI
 * that is gone before it has read everything breaks the pipe; what the user
 * should know then is its exit code and its stderr, not that.
 */
class StdinFeed {
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #fed: Promise<void>;

  constructor(stdin: WritableStream<Uint8Array>, prompt: string) {
    this.#writer = stdin.getWriter();
    this.#fed = this.#feed(new TextEncoder().encode(prompt));
  }

  /** Gives up what nobody has read, and does not wait for it longer than `ms`. */
  async close(ms: number): Promise<void> {
    this.#writer.abort().catch(() => {});
    await withDeadline(this.#fed, ms);
  }

  async #feed(bytes: Uint8Array): Promise<void> {
    try {
      await this.#writer.write(bytes);
      await this.#writer.close();
    } catch {
      // See above.
    }
  }
}
