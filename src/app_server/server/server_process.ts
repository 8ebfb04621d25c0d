import { describeArgs } from "../../cli/describe_args.ts";
import { StderrTail } from "../../cli/stderr.ts";
import { DRAIN_GRACE_MS, StdoutPipe } from "../../cli/stdout.ts";
import {
  endOrphans,
  terminate,
  type TerminationTarget,
} from "../../cli/terminate/ladder.ts";
import { MARKER_NAME, randomMarker } from "../../cli/terminate/marker.ts";
import { type ChildWatch, WatchedChild } from "../../cli/watched_child.ts";
import { Watchdog } from "../../cli/terminate/watchdog.ts";
import type {
  ChildProcess,
  ExitStatus,
  Runtime,
  SpawnCommand,
} from "../../runtime/types.ts";
import { withDeadline } from "../../util/deadline.ts";
import { SerialQueue } from "../../util/serial_queue.ts";
import type { LinkEnd, LocalServer, ServerLink } from "./server_link.ts";

/** Options of {@linkcode ServerProcess.start}. */
export interface ServerProcessOptions {
  /** Milliseconds that each step of ending the server may take. */
  readonly graceMs: number;
  /** The observer of the process. */
  readonly watch?: ChildWatch | undefined;
}

/**
 * The sole owner of the server's process: starts it, writes its stdin, reads its stdout,
 * keeps the end of its stderr, and ends it. Nothing else kills the process.
 */
export class ServerProcess implements ServerLink, LocalServer {
  readonly #child: ChildProcess;
  readonly #target: TerminationTarget;
  readonly #argv: readonly string[];
  readonly #stdout: StdoutPipe;
  readonly #stderr: StderrTail;
  readonly #writes = new SerialQueue();
  readonly #watched: WatchedChild | undefined;
  readonly #watchdog: Promise<Watchdog | undefined>;
  #closed: Promise<LinkEnd> | undefined;

  /** Starts the server; rejects if it cannot be started. */
  static async start(
    runtime: Runtime,
    command: SpawnCommand,
    { graceMs, watch }: ServerProcessOptions,
  ): Promise<ServerProcess> {
    // Everything that the server starts inherits the marker, and can be found by it.
    const marker = randomMarker();
    const set = { ...command.env.set, [MARKER_NAME]: marker };
    const child = await runtime.spawn({
      ...command,
      env: { ...command.env, set },
    });
    return new ServerProcess(
      { runtime, child, marker, graceMs },
      command.args,
      watch && new WatchedChild(child, command.args, watch),
    );
  }

  /** Takes over a child process. Called by {@linkcode ServerProcess.start}. */
  constructor(
    target: TerminationTarget,
    args: readonly string[],
    watched?: WatchedChild,
  ) {
    const { child } = target;
    this.#watched = watched;
    this.#argv = describeArgs(args);
    this.#target = target;
    this.#child = child;
    this.#stdout = new StdoutPipe(child.stdout);
    this.#stderr = new StderrTail(child, watched);
    child.exited.then(() => this.#stdout.exited());
    this.#watchdog = this.guard([]);
  }

  /** Starts a watchdog, which also removes folders if the host ends first. */
  guard(folders: readonly string[]): Promise<Watchdog | undefined> {
    const { runtime, child, marker, graceMs } = this.#target;
    return Watchdog.start(runtime, {
      pid: child.pid,
      marker,
      graceMs,
      folders,
    });
  }

  /** The marker in the environment of everything that the server starts. */
  get marker(): string {
    return this.#target.marker;
  }

  /** This object, since the server runs on this machine. */
  get local(): LocalServer {
    return this;
  }

  /** Writes a line after the earlier ones. */
  write(line: string): Promise<void> {
    const bytes = new TextEncoder().encode(line);
    return this.#writes.run(() => this.#child.stdin.write(bytes));
  }

  /** Reads the next bytes of stdout; returns `undefined` at its end. */
  read(): Promise<Uint8Array | undefined> {
    return this.#stdout.read();
  }

  /**
   * Ends the server and everything that it started; returns how it ended. Repeated calls
   * return the same result. The server stops its commands and MCP servers and exits when its
   * stdin is closed; if it does not, or is stuck, the ladder follows.
   */
  close({ isStuck = false } = {}): Promise<LinkEnd> {
    this.#closed ??= this.#close(isStuck ? 0 : this.#target.graceMs);
    return this.#closed;
  }

  async #close(patienceMs: number): Promise<LinkEnd> {
    const { stdin } = this.#child;
    const closing = this.#writes.run(() => stdin.close()).catch(() => {});
    if (await withDeadline(this.#child.exited, patienceMs)) {
      await endOrphans(this.#target);
    } else {
      await terminate(this.#target, ["SIGTERM", "SIGKILL"]);
    }
    await stdin.abort().catch(() => {});
    // On Node and Bun, a broken pipe may never report that it is closed.
    await withDeadline(closing, DRAIN_GRACE_MS);
    await this.#stdout.close();
    await this.#stderr.close(DRAIN_GRACE_MS);
    await (await this.#watchdog)?.dismiss();
    // A child that survives even SIGKILL has no exit status.
    const none: ExitStatus = { exitCode: null, signal: null };
    const exit = await Promise.race([
      this.#child.exited,
      Promise.resolve().then(() => none),
    ]);
    if (exit !== none) this.#watched?.exited(exit);
    return {
      type: "exited",
      process: {
        ...exit,
        stderr: this.#stderr.toString(),
        argv: this.#argv,
      },
      isStderrCut: this.#stderr.isCut,
    };
  }
}
