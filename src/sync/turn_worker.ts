import { existsSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { SHARE_ENV, Worker, type WorkerOptions } from "node:worker_threads";
import {
  CodexInternalError,
  CodexPermissionError,
} from "../errors/codex_error.ts";
import { isMissing, workingDirectoryError } from "../errors/host_error.ts";
import { runtimeGlobals } from "../runtime/globals.ts";

/** The worker of this thread, for all clients; none before the first turn. */
let current: Worker | undefined;

/**
 * Refuses to work where a thread cannot be blocked, or there are no threads.
 *
 * @throws {CodexInternalError} In a browser, and in a runtime without threads.
 */
export function checkThreads(): void {
  try {
    if (typeof Worker !== "function") throw new Error("There are no threads");
    const cell = new Int32Array(new SharedArrayBuffer(4));
    // What a browser's main thread may not do, it says at once.
    Atomics.wait(cell, 0, 0, 0);
  } catch (cause) {
    throw new CodexInternalError(
      "Cannot block this thread: the blocking client needs worker threads and Atomics.wait, as Deno, Node and Bun have them and a browser's main thread does not; use Codex of @acodex/sdk",
      { cause },
    );
  }
}

/**
 * The worker; it is started when it is first asked for.
 *
 * @throws {CodexPermissionError} If Deno may not read the package's own files, or Node
 * may start no workers.
 * @throws {CodexEnvironmentError} If the program's own working directory was removed.
 * @throws {CodexInternalError} If the worker's program is not where it should be.
 */
export function turnWorker(): Worker {
  current ??= startWorker();
  return current;
}

/** Gives a worker up that answers no more: the next turn gets a new one. */
export function dropWorker(worker: Worker): void {
  if (current === worker) current = undefined;
  worker.terminate();
}

/** A variable that is set later is seen too (facts R20); Node's own flags, such as those of `-e`, are not for a file. */
const OPTIONS: WorkerOptions = { env: SHARE_ENV, execArgv: [] };

/** Starts the worker; it does not keep the program running. */
function startWorker(): Worker {
  checkWorkingDirectory();
  const worker = newWorker(new URL("./worker.ts", import.meta.url));
  // It holds nothing up then (facts R21).
  worker.unref();
  // This thread hears of it when it is free again.
  for (const event of ["error", "exit"]) {
    worker.on(event, () => dropWorker(worker));
  }
  return worker;
}

/**
 * Checks the working directory: Node and Deno start no worker where the working directory was removed (facts R25):
 * it would die, and a thread that is blocked hears nothing of it.
 */
function checkWorkingDirectory(): void {
  const { deno, process } = runtimeGlobals();
  if (process?.versions.bun !== undefined) return;
  let folder = ".";
  try {
    folder = (deno ?? process)?.cwd() ?? folder;
    // Node remembers the name of a folder that is gone; Deno asks each time.
    if (deno === undefined) statSync(folder);
  } catch (cause) {
    if (isMissing(cause)) throw workingDirectoryError(folder, cause);
  }
}

function newWorker(program: URL): Worker {
  if (program.protocol !== "file:") {
    // Deno loads packages from the web, but takes workers from files and data only
    // (facts R19).
    const loader = `import ${JSON.stringify(program.href)}`;
    const data = `data:text/javascript,${encodeURIComponent(loader)}`;
    return new Worker(new URL(data), OPTIONS);
  }
  try {
    if (existsSync(program)) return new Worker(program, OPTIONS);
  } catch (cause) {
    if (Object(cause).code === "ERR_ACCESS_DENIED") {
      throw new CodexPermissionError(
        "Cannot start the worker thread: Node needs --allow-worker",
        { flag: "--allow-worker", cause },
      );
    }
    if (!(cause instanceof Error) || cause.name !== "NotCapable") throw cause;
    const flag = `--allow-read=${fileURLToPath(new URL("../..", program))}`;
    throw new CodexPermissionError(
      `Cannot start the worker thread: Deno loads it from a file that it may not read; grant it with ${flag}`,
      { flag, cause },
    );
  }
  throw new CodexInternalError(
    `Cannot start the worker thread: ${program.href} is not there; a bundler has to leave @acodex/sdk/sync out of its bundle`,
  );
}
