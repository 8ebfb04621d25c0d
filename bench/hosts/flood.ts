/**
 * Streams a very long turn, and tells the memory along the way.
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

/** What this program is told. */
export interface FloodJob extends HostJob {
  /** How many events there will be. */
  readonly events: number;
}

/** What came of it. */
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
