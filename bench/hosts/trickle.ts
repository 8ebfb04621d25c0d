/**
 * Measures the latency of each event of a slow turn.
 *
 * @module
 */

import { clockOffset } from "./clock.ts";
import { type HostJob, openThread, readJob, report, takeAll } from "./host.ts";

/** The job of this program. */
export interface TrickleJob extends HostJob {
  /** The CLI of a short turn to warm up. */
  readonly warmUpCli: string;
}

/** The result. */
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
