/**
 * Runs turns one after another, and tells how long each took.
 *
 * @module
 */

import { spawn } from "node:child_process";
import type { ThreadOptions } from "../../mod.ts";
import { type AnySdk, type HostJob, readJob, report } from "./host.ts";

/** What this program is told. */
export interface TurnsJob extends HostJob {
  /** How many turns of each contender are measured. */
  readonly turns: number;
  /** How many are run before. */
  readonly warmUp: number;
  /** Options of the client and its threads. */
  readonly options: {
    readonly config?: unknown;
    readonly env?: { [name: string]: string };
  };
  readonly threadOptions: ThreadOptions;
  /**
   * The CLI's arguments: then it is started by itself as well, with no package, in
   * turns with the package, so that what slows the process slows both.
   */
  readonly bare?: readonly string[];
}

/** What came of it. */
export interface TurnsResult {
  /** How long each turn took, in ms. */
  readonly times: readonly number[];
  /** How long the CLI by itself took, in ms. */
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

/** The CLI's own time: from its start until its exit, its output read and thrown away. */
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
