import { statSync } from "node:fs";
import { SHARE_ENV, Worker, type WorkerOptions } from "node:worker_threads";
import {
  CodexEnvironmentError,
  CodexInternalError,
  CodexPermissionError,
} from "../errors/codex_error.ts";
import { isMissing, workingDirectoryError } from "../errors/host_error.ts";
import { runtimeGlobals } from "../runtime/globals.ts";
import { findProgram, isDenied, startError } from "./find_program.ts";
import { runtimeProblem } from "./runtime_floor.ts";
import {
  STARTER_URL,
  type StarterData,
  starterMemory,
  type StartOutcome,
  waitForStart,
} from "./starter.ts";

/** This thread's worker, shared by all clients; `undefined` before the first turn. */
let current: Worker | undefined;

/**
 * Checks that this thread can be blocked and that there are worker threads.
 *
 * @throws {CodexInternalError} In a browser, and in a runtime without threads.
 * @throws {CodexEnvironmentError} If the release of Bun or Deno is too old.
 */
export function checkThreads(): void {
  const problem = runtimeProblem(runtimeGlobals().process?.versions ?? {});
  if (problem !== undefined) {
    throw new CodexEnvironmentError(
      `Cannot use the blocking client: ${problem}; use Codex of @acodex/sdk`,
      { path: "", systemCode: "" },
    );
  }
  try {
    if (typeof Worker !== "function") {
      throw new Error("Workers are not available");
    }
    const cell = new Int32Array(new SharedArrayBuffer(4));
    // On a browser's main thread, this throws.
    Atomics.wait(cell, 0, 0, 0);
  } catch (cause) {
    throw new CodexInternalError(
      "Cannot block this thread: the blocking client needs worker threads and Atomics.wait, which a browser's main thread does not have; use Codex of @acodex/sdk",
      { cause },
    );
  }
}

/**
 * Returns the worker; starts it on the first call.
 *
 * @throws {CodexPermissionError} If Deno may not read the package's own files, or Node
 * may not start workers.
 * @throws {CodexEnvironmentError} If the worker's program cannot be loaded, for example
 * because a bundler has omitted it; or if the program's working directory was removed.
 */
export function turnWorker(): Worker {
  current ??= startWorker();
  return current;
}

/** Terminates a worker that no longer answers; the next turn starts a new one. */
export function dropWorker(worker: Worker): void {
  if (current === worker) current = undefined;
  worker.terminate();
}

/**
 * Variables that are set later are shared, too (facts R20). Node's flags, such as `-e`, are
 * not inherited, as they do not fit a file.
 */
const OPTIONS: WorkerOptions = { env: SHARE_ENV, execArgv: [] };

/** Starts the worker, and blocks until it is ready. It does not keep the program running. */
function startWorker(): Worker {
  checkWorkingDirectory();
  const program = findProgram();
  const memory = starterMemory();
  const worker = newWorker({ program, memory });
  // So that it does not keep the program running (facts R21).
  worker.unref();
  // These events arrive once this thread is no longer blocked.
  for (const event of ["error", "exit"]) {
    worker.on(event, () => dropWorker(worker));
  }
  const outcome = waitForStart(memory);
  if (outcome.type === "ready") return worker;
  worker.terminate();
  const cause = outcome.type === "failed" ? outcome.error : undefined;
  throw startError(program, describe(outcome, program), cause);
}

/**
 * Checks that the working directory exists. If it was removed, a worker of Node or Deno dies
 * at its start (facts R25), which a blocked thread does not notice.
 */
function checkWorkingDirectory(): void {
  const { deno, process } = runtimeGlobals();
  if (process?.versions.bun !== undefined) return;
  let folder = ".";
  try {
    folder = (deno ?? process)?.cwd() ?? folder;
    // Node remembers the path of a folder that was removed; Deno asks the system each time.
    if (deno === undefined) statSync(folder);
  } catch (cause) {
    if (isMissing(cause)) throw workingDirectoryError(folder, cause);
  }
}

/** Creates the worker. Deno only accepts `file:` and `data:` URLs (facts R19); the starter is the latter. */
function newWorker(workerData: StarterData): Worker {
  try {
    return new Worker(STARTER_URL, { ...OPTIONS, workerData });
  } catch (cause) {
    if (!isDenied(cause)) throw cause;
    throw new CodexPermissionError(
      "Cannot start the worker thread: Node needs --allow-worker",
      { flag: "--allow-worker", cause },
    );
  }
}

/** Describes why a start has failed. */
function describe(
  outcome: Exclude<StartOutcome, { type: "ready" }>,
  program: string,
): string {
  switch (outcome.type) {
    case "created":
      return `it did not start within ${outcome.limitMs} ms`;
    case "begun":
      return `it did not load ${program} within ${outcome.limitMs} ms`;
    case "failed":
      return `it cannot load ${program} (${outcome.error})`;
  }
}
