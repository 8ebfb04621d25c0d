/**
 * Tells for each event of a slow turn how long it was on its way.
 *
 * @module
 */

import { clockOffset } from "./clock.ts";
import { type HostJob, openThread, readJob, report, takeAll } from "./host.ts";

/** What this program is told. */
export interface TrickleJob extends HostJob {
  /** The CLI of a short turn before. */
  readonly warmUpCli: string;
}

/** What came of it. */
export interface TrickleResult {
  /** The time from the CLI's write to the loop, for each event, in ms. */
  readonly latencies: readonly number[];
}

const job = readJob<TrickleJob>();
await takeAll(await openThread(job, job.warmUpCli));
const offset = clockOffset();
const latencies: number[] = [];
const { events } = await (await openThread(job)).runStreamed("bench");
for await (const { item } of events) {
  if (item?.sent !== undefined) {
    latencies.push(performance.now() + offset - item.sent);
  }
}
report({ latencies } satisfies TrickleResult);
