/**
 * Runs many turns, one after another or concurrently, and reports the resources in use
 * meanwhile.
 *
 * @module
 */

import {
  type AnySdk,
  collectGarbage,
  type HostJob,
  readJob,
  report,
} from "./host.ts";
import { children, openHandles, residentBytes } from "./memory.ts";

/** The job of this program. */
export interface ManyTurnsJob extends HostJob {
  /** The number of rounds. */
  readonly rounds: number;
  /** The number of concurrent turns in each round. */
  readonly atOnce: number;
  /** The number of times that resources are counted. */
  readonly counts: number;
}

/** The result. */
export interface ManyTurnsResult {
  /** The counts after each part of the rounds. */
  readonly parts: readonly {
    readonly resident: number;
    readonly handles: number;
    readonly children: number;
  }[];
}

const job = readJob<ManyTurnsJob>();
const { Codex }: AnySdk = await import(job.entry);
const codex = new Codex({ codexPathOverride: job.cli });
const parts: ManyTurnsResult["parts"][number][] = [];
for (let round = 1; round <= job.rounds; round++) {
  await Promise.all(
    Array.from(
      { length: job.atOnce },
      () => codex.startThread({ skipGitRepoCheck: true }).run("bench"),
    ),
  );
  if (round % (job.rounds / job.counts) !== 0) continue;
  await collectGarbage();
  parts.push({
    resident: residentBytes(),
    handles: openHandles(),
    children: children(),
  });
}
report({ parts } satisfies ManyTurnsResult);
