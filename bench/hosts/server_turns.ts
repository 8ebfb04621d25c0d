/**
 * Runs turns of one client, and tells how long each took, how long its first event, and
 * how much memory the CLI took meanwhile.
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

/** What this program is told. */
export interface ServerTurnsJob extends HostJob {
  /** The class to load from the entry. */
  readonly client: "Codex" | "CodexAppServer";
  /** How many turns are measured, one after the other. */
  readonly turns: number;
  /** How many are run before, on the same client. */
  readonly warmUp: number;
  /** How many are run at once, after those; 0 for none. */
  readonly atOnce: number;
  /** Says whether all of those are turns of one thread. */
  readonly isOneThread: boolean;
  /** The CLI's home: by it its processes are known. */
  readonly home: string;
  /** Options of the client. */
  readonly options: { readonly env?: { [name: string]: string } };
  /** Options of its threads. */
  readonly threadOptions: ThreadOptions;
}

/** What came of it. */
export interface ServerTurnsResult {
  /** How long the entry took to load, in ms. */
  readonly imported: number;
  /** How long each turn took, in ms. */
  readonly times: readonly number[];
  /** How long each turn took to its first event of the agent's, in ms. */
  readonly firsts: readonly number[];
  /** How long closing the client took, in ms. */
  readonly closing: number;
  /** How long those at once took together, in ms. */
  readonly together: number;
  /** The most memory that the CLI's processes took meanwhile, in MiB: shared pages by their share. */
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

/** Looks at the CLI's memory until all is over. */
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
      // It has gone since.
    }
  }
  return kib / 1024;
}
