/**
 * Not a host, but the program of a worker of the `blocking` host. It sets a flag while the
 * host's main thread is blocked.
 *
 * @module
 */

import { existsSync } from "node:fs";
import { workerData } from "node:worker_threads";
import { CancelFlag } from "@acodex/sdk/sync";

const { flag, setAt, awaited } = workerData ?? {};

const timer = setInterval(() => {
  if (!existsSync(awaited)) return;
  clearInterval(timer);
  // By then the turn waits for an event that does not come.
  setTimeout(() => {
    new Float64Array(setAt)[0] = Date.now();
    new CancelFlag(flag).set();
  }, 100);
}, 10);
