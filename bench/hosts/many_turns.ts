/**
 * Runs many turns, one after another or at once, and tells what is in use along
 * the way.
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

/** What this program is told. */
export interface ManyTurnsJob extends HostJob {
  /** How often turns are run. */
  readonly rounds: number;
  /** How many turns run at once. */
  readonly atOnce: number;
  /** How often the counts are taken. */
  readonly counts: number;
}

/** What came of it. */
export interface ManyTurnsResult {
  /** After each part of the rounds. */
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
