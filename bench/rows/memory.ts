/**
 * Bar 6: the memory that remains in use.
 *
 * @module
 */

import type { FloodJob, FloodResult } from "../hosts/flood.ts";
import type { KeptJob, KeptResult } from "../hosts/kept.ts";
import type { ManyTurnsJob, ManyTurnsResult } from "../hosts/many_turns.ts";
import type { Bench, BenchRuntime } from "../support/bench.ts";
import {
  CLOSING,
  mixedEvents,
  OPENING,
  SHORT_TURN,
  UPDATE,
} from "../support/events.ts";
import { FakeCli, prints } from "../../src/testing/fake.ts";
import { writeInput, writePrinter } from "../support/fake_cli.ts";
import type { Row } from "../support/row.ts";
import { summarize } from "../support/statistics.ts";

const MIB = 2 ** 20;

/** The memory that the garbage collector may not have freed yet, in MiB. */
const SLACK_MIB = 16;

/** Measures long turns, many turns, and the memory that `run()` keeps. */
export async function* memory(bench: Bench): AsyncGenerator<Row> {
  // No times are measured here, so the runtimes may run concurrently.
  const rows = await Promise.all(
    bench.runtimes.map(async (runtime) => [
      ...await flood(bench, runtime),
      ...await manyTurns(bench, runtime, "one after another"),
      ...await manyTurns(bench, runtime, "64 at once"),
      ...await kept(bench, runtime),
    ]),
  );
  yield* rows.flat();
}

/**
 * Measures the growth during a long turn, in its second half and with half of the limit: in
 * the first half, V8 enlarges its young generation once, by 30 MiB.
 */
async function flood(bench: Bench, runtime: BenchRuntime): Promise<Row[]> {
  const events = bench.isQuick ? 500_000 : 10_000_000;
  const { folder } = bench;
  const tag = runtime.name;
  const opening = await writeInput(folder, `${tag}-opening.jsonl`, OPENING);
  const closing = await writeInput(folder, `${tag}-closing.jsonl`, [CLOSING]);
  const updates = events - OPENING.length - 1;
  const { path: cli } = new FakeCli(`${folder}/${tag}-flood`, [
    "read",
    `file ${opening.path}`,
    prints(UPDATE, { times: updates }),
    `file ${closing.path}`,
  ]);
  const job: FloodJob = { entry: runtime.acodex.entry, cli, events };
  const result = await bench.run<FloodResult>(runtime, "flood", job, {
    exposeGc: true,
  });
  if (result.events !== events) throw new Error(`${result.events} events`);
  const settled = result.resident.slice(result.resident.length / 2);
  return [{
    ...growth(runtime, `${events} events streamed`, settled),
    limit: SLACK_MIB / 2,
  }];
}

async function manyTurns(
  bench: Bench,
  runtime: BenchRuntime,
  how: "one after another" | "64 at once",
): Promise<Row[]> {
  const { cli } = await writePrinter(
    bench.folder,
    `${runtime.name}-${how.replaceAll(" ", "-")}`,
    [SHORT_TURN],
  );
  const job: ManyTurnsJob = {
    entry: runtime.acodex.entry,
    cli,
    ...how === "64 at once"
      ? { atOnce: 64, rounds: 5, counts: 5 }
      : { atOnce: 1, rounds: bench.isQuick ? 100 : 1000, counts: 5 },
  };
  const { parts } = await bench.run<ManyTurnsResult>(
    runtime,
    "many_turns",
    job,
    { exposeGc: true },
  );
  const what = `${job.rounds * job.atOnce} turns, ${how}`;
  const [first, ...later] = parts;
  const last = later.at(-1);
  const left = (last?.handles ?? NaN) - (first?.handles ?? NaN) +
    (last?.children ?? NaN);
  return [
    growth(runtime, what, parts.map(({ resident }) => resident)),
    {
      bar: 6,
      what: `${what}: handles and children`,
      runtime: runtime.name,
      unit: "",
      acodex: summarize(later.map(({ handles }) => handles)),
      value: left,
      of: "more",
      limit: 0,
    },
  ];
}

async function kept(bench: Bench, runtime: BenchRuntime): Promise<Row[]> {
  const tag = runtime.name;
  const short = await writePrinter(bench.folder, `${tag}-short`, [SHORT_TURN]);
  const { cli, path } = await writePrinter(
    bench.folder,
    `${tag}-kept`,
    mixedEvents(30_000),
  );
  const job: KeptJob = {
    entry: runtime.acodex.entry,
    cli,
    warmUpCli: short.cli,
    file: path,
  };
  const { run, parsed, items } = await bench.run<KeptResult>(
    runtime,
    "kept",
    job,
    { exposeGc: true },
  );
  return [{
    bar: 6,
    what: `the heap that run() keeps for ${items} items`,
    runtime: runtime.name,
    unit: "MiB",
    acodex: summarize([run / MIB]),
    against: { name: "JSON.parse", ...summarize([parsed / MIB]) },
    value: run / parsed,
    limit: 1.1,
  }];
}

/** Computes how much more memory is in use at the end than after the first part. */
function growth(
  runtime: BenchRuntime,
  what: string,
  resident: readonly number[],
): Row {
  const [first = NaN, ...later] = resident.map((bytes) => bytes / MIB);
  return {
    bar: 6,
    what: `${what}: memory`,
    runtime: runtime.name,
    unit: "MiB",
    acodex: summarize(later),
    value: (later.at(-1) ?? NaN) - first,
    of: "MiB more",
    limit: SLACK_MIB,
  };
}
