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

/** The worker of this thread, for all clients; none before the first turn. */
let current: Worker | undefined;

/**
 * Refuses to work where a thread cannot be blocked, or there are no threads.
 *
 * @throws {CodexInternalError} In a browser, and in a runtime without threads.
 * @throws {CodexEnvironmentError} In a release of Bun or Deno that is too old.
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
    // What a browser's main thread may not do, it says at once.
    Atomics.wait(cell, 0, 0, 0);
  } catch (cause) {
    throw new CodexInternalError(
      "Cannot block this thread: the blocking client needs worker threads and Atomics.wait, which a browser's main thread does not have; use Codex of @acodex/sdk",
      { cause },
    );
  }
}

/**
 * Gives the worker; it is started when it is first asked for.
 *
 * @throws {CodexPermissionError} If Deno may not read the package's own files, or Node
 * may start no workers.
 * @throws {CodexEnvironmentError} If the worker's program cannot be loaded, as where a
 * bundler has left it out; or the program's own working directory was removed.
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

/** Starts the worker, and blocks until it is ready; it does not keep the program running. */
function startWorker(): Worker {
  checkWorkingDirectory();
  const program = findProgram();
  const memory = starterMemory();
  const worker = newWorker({ program, memory });
  // It holds nothing up then (facts R21).
  worker.unref();
  // This thread hears of it when it is free again.
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

/** Makes the worker. Deno takes programs from files and data only (facts R19), which the starter is. */
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

/** Says why a start has not come to its end. */
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
