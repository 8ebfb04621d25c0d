/**
 * Streams a very long turn, and reports the memory during it.
 *
 * @module
 */

import {
  collectGarbage,
  type HostJob,
  openThread,
  readJob,
  report,
} from "./host.ts";
import { residentBytes } from "./memory.ts";

/** The job of this program. */
export interface FloodJob extends HostJob {
  /** The number of events. */
  readonly events: number;
}

/** The result. */
export interface FloodResult {
  readonly events: number;
  readonly ms: number;
  /** The memory after each tenth of the events, in bytes. */
  readonly resident: readonly number[];
}

const job = readJob<FloodJob>();
const { events } = await (await openThread(job)).runStreamed("bench");
const resident: number[] = [];
const start = performance.now();
let count = 0;
for await (const _ of events) {
  count += 1;
  if (count % (job.events / 10) === 0) {
    await collectGarbage();
    resident.push(residentBytes());
  }
}
report(
  {
    events: count,
    ms: performance.now() - start,
    resident,
  } satisfies FloodResult,
);
