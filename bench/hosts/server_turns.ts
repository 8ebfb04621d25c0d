/**
 * Runs turns of one client, and reports the duration of each, the time to its first event,
 * and the CLI's memory meanwhile.
 *
 * @module
 */

import { readdirSync, readFileSync } from "node:fs";
import process from "node:process";
import type { ThreadOptions } from "../../mod.ts";
import {
  type AnySdk,
  type AnyThread,
  type HostJob,
  readJob,
  report,
} from "./host.ts";

/** The job of this program. */
export interface ServerTurnsJob extends HostJob {
  /** The class to load from the entry. */
  readonly client: "Codex" | "CodexAppServer";
  /** The number of turns to measure, one after the other. */
  readonly turns: number;
  /** The number of turns before these, on the same client. */
  readonly warmUp: number;
  /** The number of concurrent turns after these; 0 for none. */
  readonly atOnce: number;
  /** `true` if all turns are on one thread. */
  readonly isOneThread: boolean;
  /** The CLI's home, which identifies its processes. */
  readonly home: string;
  /** Options of the client. */
  readonly options: { readonly env?: { [name: string]: string } };
  /** Options of its threads. */
  readonly threadOptions: ThreadOptions;
}

/** The result. */
export interface ServerTurnsResult {
  /** The time to load the entry, in ms. */
  readonly imported: number;
  /** The duration of each turn, in ms. */
  readonly times: readonly number[];
  /** The time of each turn to the agent's first event, in ms. */
  readonly firsts: readonly number[];
  /** The time to close the client, in ms. */
  readonly closing: number;
  /** The total duration of the concurrent turns, in ms. */
  readonly together: number;
  /** The peak memory of the CLI's processes meanwhile, in MiB; shared pages count by their share. */
  readonly peakMib: number;
}

type Client = InstanceType<AnySdk["Codex"]> & { close?(): Promise<void> };

const job = readJob<ServerTurnsJob>();
const start = performance.now();
const module = await import(job.entry);
const imported = performance.now() - start;
const client: Client = new module[job.client]({
  codexPathOverride: job.cli,
  ...job.options,
});

let thread: AnyThread | undefined;
const times: number[] = [];
const firsts: number[] = [];
for (let index = -job.warmUp; index < job.turns; index++) {
  const { time, first } = await runTurn();
  if (index < 0) continue;
  times.push(time);
  firsts.push(first);
}
let peakMib = 0;
const began = performance.now();
let isOver = job.atOnce === 0;
const watching = watchMemory();
await Promise.all(Array.from({ length: job.atOnce }, runTurn));
const together = performance.now() - began;
isOver = true;
await watching;
const closed = performance.now();
await client.close?.();
const closing = performance.now() - closed;
report(
  {
    ...{ imported, times, firsts, closing, together, peakMib },
  } satisfies ServerTurnsResult,
);

async function runTurn(): Promise<{ time: number; first: number }> {
  const start = performance.now();
  const own = thread ?? client.startThread(job.threadOptions);
  if (job.isOneThread) thread = own;
  const { events } = await own.runStreamed("bench");
  let first = NaN;
  for await (const event of events) {
    if (Number.isNaN(first) && event.type.startsWith("item.")) {
      first = performance.now() - start;
    }
  }
  return { time: performance.now() - start, first };
}

/** Measures the CLI's memory until the turns are over. */
async function watchMemory(): Promise<void> {
  while (!isOver) {
    peakMib = Math.max(peakMib, memoryOfCli());
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Adds up the memory of the processes that have the home in their environment, in MiB. */
function memoryOfCli(): number {
  let kib = 0;
  for (const pid of readdirSync("/proc")) {
    if (!/^\d+$/.test(pid) || pid === String(process.pid)) continue;
    try {
      if (!readFileSync(`/proc/${pid}/environ`, "utf8").includes(job.home)) {
        continue;
      }
      const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
      kib += Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0);
    } catch {
      // The process has ended.
    }
  }
  return kib / 1024;
}
