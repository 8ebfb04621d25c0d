/**
 * Measures the memory of a turn in addition to its items: the heap with the result of
 * `run()` against the heap with the same items from `JSON.parse`.
 *
 * @module
 */

import { readFileSync } from "node:fs";
import process from "node:process";
import {
  collectGarbage,
  type HostJob,
  openThread,
  readJob,
  report,
} from "./host.ts";

/** The job of this program. */
export interface KeptJob extends HostJob {
  /** The CLI of a short turn to warm up. */
  readonly warmUpCli: string;
  /** The file that the CLI prints. */
  readonly file: string;
}

/** The result, in bytes. */
export interface KeptResult {
  readonly run: number;
  readonly parsed: number;
  readonly items: number;
}

const job = readJob<KeptJob>();
await (await openThread(job, job.warmUpCli)).run("bench");
const kept: unknown[] = [];
const run = await growth(async () => {
  kept.push(await (await openThread(job)).run("bench"));
});
const parsed = await growth(() => {
  const values = readFileSync(job.file, "utf8").trim().split("\n")
    .map((line) => JSON.parse(line));
  kept.push(
    values.filter(({ type }) => type === "item.completed")
      .map(({ item }) => item),
  );
  return Promise.resolve();
});
const [turn] = kept as { items: unknown[] }[];
report(
  { run, parsed, items: turn?.items.length ?? 0 } satisfies KeptResult,
);

async function growth(fill: () => Promise<void>): Promise<number> {
  await collectGarbage();
  const before = process.memoryUsage().heapUsed;
  await fill();
  await collectGarbage();
  return process.memoryUsage().heapUsed - before;
}
