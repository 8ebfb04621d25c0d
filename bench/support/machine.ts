/**
 * The machine of the measurements, without anything that identifies it.
 *
 * @module
 */

import { availableParallelism, cpus, release, totalmem } from "node:os";
import type { Bench } from "./bench.ts";

/** A machine, and the versions that ran on it. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGib: number;
  readonly os: string;
  readonly runtimes: { readonly [name: string]: string };
  readonly officialSdk: string;
  /** The load averages over 1, 5 and 15 minutes before the first measurement. */
  readonly loadBefore: readonly number[];
}

/** Describes this machine. */
export function describeMachine({ runtimes, official }: Bench): Machine {
  return {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: availableParallelism(),
    memoryGib: Math.round(totalmem() / 2 ** 30),
    os: `${Deno.build.os} ${/^[\d.]+/.exec(release())?.[0]} ${Deno.build.arch}`,
    runtimes: Object.fromEntries(
      runtimes.map(({ name, version }) => [name, version]),
    ),
    officialSdk: official.version,
    loadBefore: Deno.loadavg(),
  };
}
