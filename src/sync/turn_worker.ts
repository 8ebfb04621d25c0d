import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { SHARE_ENV, Worker } from "node:worker_threads";
import { CodexInternalError } from "../errors.ts";

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
      cause,
    );
  }
}

/** The worker; it is started when it is first asked for. */
export function turnWorker(): Worker {
  current ??= startWorker();
  return current;
}

/** Gives a worker up that answers no more: the next turn gets a new one. */
export function dropWorker(worker: Worker): void {
  if (current === worker) current = undefined;
  worker.terminate();
}

/** Starts the worker; it does not keep the program running. */
function startWorker(): Worker {
  const worker = new Worker(workerUrl(), { env: SHARE_ENV });
  worker.unref();
  // This thread hears of it when it is free again.
  for (const event of ["error", "exit"]) {
    worker.on(event, () => dropWorker(worker));
  }
  return worker;
}

/** The worker's program: a file beside this one, or what loads it from where this one is. */
function workerUrl(): URL {
  const url = new URL("./worker.ts", import.meta.url);
  if (url.protocol !== "file:") {
    // Deno loads packages from the web, but takes workers from files and data only.
    return new URL(
      `data:text/javascript,import ${JSON.stringify(url.href)}`,
    );
  }
  if (!existsSync(fileURLToPath(url))) {
    throw new CodexInternalError(
      `Cannot start the worker thread: ${url.href} is not there; a bundler has to leave @acodex/sdk/sync out of the bundle`,
    );
  }
  return url;
}
