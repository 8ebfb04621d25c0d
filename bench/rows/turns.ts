/**
 * Bars 3 to 5: the latency of an event, the overhead of a turn, and the time until the
 * first turn starts.
 *
 * @module
 */

import { Codex } from "../../mod.ts";
import { locateCodex } from "../../src/cli/locate/locate.ts";
import type { CodexOptions, ThreadOptions } from "../../src/options/options.ts";
import { currentRuntime } from "../../src/runtime/current.ts";
import { FakeCli, script } from "../../src/testing/fake.ts";
import { modelAnswer, modelMessage } from "../../testing.ts";
import { startRealCli } from "../../src/testing/real_cli.ts";
import type { ColdStartResult } from "../hosts/cold_start.ts";
import type { TrickleJob, TrickleResult } from "../hosts/trickle.ts";
import type { TurnsJob, TurnsResult } from "../hosts/turns.ts";
import { type Bench, type BenchRuntime, hostPath } from "../support/bench.ts";
import { SHORT_TURN } from "../support/events.ts";
import { writeInput, writePrinter } from "../support/fake_cli.ts";
import { interleave } from "../support/interleave.ts";
import type { Row } from "../support/row.ts";
import {
  median,
  pairedRatio,
  quantile,
  summarize,
} from "../support/statistics.ts";

const BOTH = ["acodex", "official"] as const;

/** Measures the latency of events that come slowly. */
export async function* trickle(bench: Bench): AsyncGenerator<Row> {
  const warmUp = await writePrinter(bench.folder, "short", [SHORT_TURN]);
  const writer = hostPath(bench.folder, { name: "deno" }, "trickle_cli");
  const { path: cli } = new FakeCli(`${bench.folder}/trickle`, [
    "read",
    script(
      `exec '${Deno.execPath()}' run --no-check --allow-all '${writer}' ${
        bench.isQuick ? 200 : 1500
      } 2`,
    ),
  ]);
  for (const runtime of bench.runtimes) {
    const results = await interleave(
      BOTH,
      bench.isQuick ? 3 : 7,
      async (contender) => {
        const job: TrickleJob = {
          entry: findEntry(bench, runtime, contender),
          cli,
          warmUpCli: warmUp.cli,
        };
        const { latencies } = await bench.run<TrickleResult>(
          runtime,
          "trickle",
          job,
        );
        return {
          middle: median(latencies),
          late: quantile(latencies, 0.99),
        };
      },
    );
    for (
      const [key, what, limit] of [
        ["middle", "median", undefined],
        ["late", "99th percentile", 1],
      ] as const
    ) {
      const ours = results.acodex.map((each) => each[key]);
      const theirs = results.official.map((each) => each[key]);
      yield {
        bar: 3,
        what: `an event on its way, ${what}`,
        runtime: runtime.name,
        unit: "ms",
        acodex: summarize(ours),
        against: { name: "official", ...summarize(theirs) },
        value: pairedRatio(ours, theirs),
        limit,
      };
    }
  }
}

/** Measures a turn's overhead, with a fake CLI and with the real one. */
export async function* turnOverhead(bench: Bench): AsyncGenerator<Row> {
  const { cli } = await writePrinter(bench.folder, "at-once", [SHORT_TURN]);
  const threadOptions: ThreadOptions = { skipGitRepoCheck: true };
  for (const runtime of bench.runtimes) {
    const turns = await interleave(
      BOTH,
      bench.isQuick ? 3 : 11,
      async (contender) => {
        const job: TurnsJob = {
          entry: findEntry(bench, runtime, contender),
          cli,
          turns: 50,
          warmUp: 10,
          options: {},
          threadOptions,
        };
        return median(
          (await bench.run<TurnsResult>(runtime, "turns", job)).times,
        );
      },
    );
    yield {
      bar: 4,
      what: "a turn of a CLI that exits at once",
      runtime: runtime.name,
      unit: "ms",
      acodex: summarize(turns.acodex),
      against: { name: "official", ...summarize(turns.official) },
      value: pairedRatio(turns.acodex, turns.official),
      limit: 1,
    };
  }
  yield* realTurns(bench);
}

/** Measures the time that is added to the real CLI's own. */
async function* realTurns(bench: Bench): AsyncGenerator<Row> {
  await using real = await startRealCli(
    () => modelAnswer(modelMessage("Done.")),
    { parent: bench.folder },
  );
  const { codexOptions: options, inRepo: threadOptions } = real;
  const { program } = await locateCodex(currentRuntime(), undefined);
  const bare = await recordArguments(bench, options, threadOptions);
  for (const runtime of bench.runtimes) {
    const results = await interleave(
      BOTH,
      bench.isQuick ? 2 : 7,
      async (contender) => {
        const job: TurnsJob = {
          entry: findEntry(bench, runtime, contender),
          cli: program,
          turns: 8,
          warmUp: 1,
          options,
          threadOptions,
          bare,
        };
        const { times, bareTimes } = await bench.run<TurnsResult>(
          runtime,
          "turns",
          job,
        );
        return { own: median(times), bare: median(bareTimes) };
      },
    );
    for (
      const [contender, limit] of [["acodex", 0.03], [
        "official",
        undefined,
      ]] as const
    ) {
      const own = results[contender].map((each) => each.own);
      const alone = results[contender].map((each) => each.bare);
      yield {
        bar: 4,
        what: contender === "acodex"
          ? "a turn of the real CLI, share added"
          : "the same by the official SDK",
        runtime: runtime.name,
        unit: "ms",
        acodex: summarize(own),
        against: { name: "the CLI alone", ...summarize(alone) },
        value: pairedRatio(own, alone) - 1,
        limit,
      };
    }
  }
}

/** Records the arguments that the CLI gets for a turn, by a fake CLI. */
async function recordArguments(
  { folder }: Bench,
  options: CodexOptions,
  threadOptions: ThreadOptions,
): Promise<string[]> {
  const { path } = await writeInput(folder, "recorder.jsonl", [SHORT_TURN]);
  const recorder = new FakeCli(`${folder}/recorder`, [
    "record",
    "read",
    `file ${path}`,
  ]);
  await new Codex({ ...options, codexPathOverride: recorder.path })
    .startThread(threadOptions)
    .run("bench");
  return [...recorder.requests[0]?.argv ?? []];
}

/** Measures the start of a program. */
export async function* coldStart(bench: Bench): AsyncGenerator<Row> {
  // The real CLI needs 200 to 400 ms until its first output.
  const { path } = await writeInput(bench.folder, "slow.jsonl", [SHORT_TURN]);
  const started = `${bench.folder}/started`;
  const { path: cli } = new FakeCli(`${bench.folder}/slow`, [
    script(`date +%s%N > '${started}'`),
    "read",
    "sleep 0.2",
    `file ${path}`,
  ]);
  for (const runtime of bench.runtimes) {
    const starts = await interleave(
      BOTH,
      bench.isQuick ? 5 : 15,
      async (contender) => {
        const job = { entry: findEntry(bench, runtime, contender), cli };
        const before = performance.timeOrigin + performance.now();
        const result = await bench.run<ColdStartResult>(
          runtime,
          "cold_start",
          job,
        );
        const spawned = Number(await Deno.readTextFile(started)) / 1e6;
        return {
          imported: result.imported - result.began,
          spawned: spawned - result.began,
          whole: result.first - before,
        };
      },
    );
    const row = (
      what: string,
      key: "imported" | "spawned" | "whole",
      limit?: number,
    ): Row => {
      const ours = starts.acodex.map((start) => start[key]);
      const theirs = starts.official.map((start) => start[key]);
      return {
        bar: 5,
        what,
        runtime: runtime.name,
        unit: "ms",
        acodex: summarize(ours),
        against: { name: "official", ...summarize(theirs) },
        value: median(
          ours.map((value, index) => value - (theirs[index] ?? NaN)),
        ),
        of: "ms more",
        limit,
      };
    };
    yield row("import", "imported");
    yield row("import and first spawn", "spawned", 5);
    yield row("a quickstart's start to its first event", "whole", 5);
  }
  yield* packageSize(bench);
}

/** Measures the bytes of code that users install. */
async function* packageSize(bench: Bench): AsyncGenerator<Row> {
  const ours = await codeBytes(bench.installed);
  const theirs = await codeBytes(
    `${bench.tools}/node_modules/@openai/codex-sdk`,
  );
  yield {
    bar: 5,
    what: "code of the npm package, without zod",
    runtime: "npm",
    unit: "kB",
    acodex: summarize([ours / 1000]),
    against: { name: "official", ...summarize([theirs / 1000]) },
    value: ours / theirs,
  };
}

async function codeBytes(folder: string): Promise<number> {
  let bytes = 0;
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory && name !== "node_modules") bytes += await codeBytes(path);
    else if (name.endsWith(".js")) bytes += (await Deno.stat(path)).size;
  }
  return bytes;
}

function findEntry(
  { official }: Bench,
  { acodex }: BenchRuntime,
  contender: string,
): string {
  return contender === "official" ? official.entry : acodex.entry;
}
