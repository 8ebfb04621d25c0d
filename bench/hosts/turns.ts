/**
 * Runs turns one after another, and reports the duration of each.
 *
 * @module
 */

import { spawn } from "node:child_process";
import type { ThreadOptions } from "../../mod.ts";
import { type AnySdk, type HostJob, readJob, report } from "./host.ts";

/** The job of this program. */
export interface TurnsJob extends HostJob {
  /** The number of turns to measure for each contender. */
  readonly turns: number;
  /** The number of turns before these. */
  readonly warmUp: number;
  /** Options of the client and its threads. */
  readonly options: {
    readonly config?: unknown;
    readonly env?: { [name: string]: string };
  };
  readonly threadOptions: ThreadOptions;
  /**
   * The CLI's arguments. With them, the CLI is also started without a package, alternating
   * with the package, so that anything that slows down the process slows down both.
   */
  readonly bare?: readonly string[];
}

/** The result. */
export interface TurnsResult {
  /** The duration of each turn, in ms. */
  readonly times: readonly number[];
  /** The duration of each run of the CLI alone, in ms. */
  readonly bareTimes: readonly number[];
}

const job = readJob<TurnsJob>();
const turn = await packageTurn();
const times: number[] = [];
const bareTimes: number[] = [];
for (let index = -job.warmUp; index < job.turns; index++) {
  if (job.bare !== undefined) {
    const time = await timed(bareTurn(job.bare));
    if (index >= 0) bareTimes.push(time);
  }
  const time = await timed(turn);
  if (index >= 0) times.push(time);
}
report({ times, bareTimes } satisfies TurnsResult);

async function timed(task: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await task();
  return performance.now() - start;
}

async function packageTurn(): Promise<() => Promise<unknown>> {
  const { Codex }: AnySdk = await import(job.entry);
  const codex = new Codex({ codexPathOverride: job.cli, ...job.options });
  return () => codex.startThread(job.threadOptions).run("bench");
}

/** Creates a function that runs the CLI alone, from its start to its exit, and discards its output. */
function bareTurn(args: readonly string[]): () => Promise<unknown> {
  return () =>
    new Promise((resolve, reject) => {
      const child = spawn(job.cli, args, { env: job.options.env });
      child.on("error", reject);
      child.on("close", (code) =>
        code === 0 ? resolve(code) : reject(new Error(`exit code ${code}`)));
      child.stdout.resume();
      child.stderr.resume();
      child.stdin.end("bench");
    });
}
