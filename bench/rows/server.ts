/**
 * Bar 8: the savings and the cost of a warm server, with the real CLI.
 *
 * @module
 */

import { locateCodex } from "../../src/cli/locate/locate.ts";
import { currentRuntime } from "../../src/runtime/current.ts";
import { modelAnswer, modelCommand, modelMessage } from "../../testing.ts";
import { startRealCli } from "../../src/testing/real_cli.ts";
import type {
  ServerTurnsJob,
  ServerTurnsResult,
} from "../hosts/server_turns.ts";
import type { Bench, BenchRuntime } from "../support/bench.ts";
import { interleave } from "../support/interleave.ts";
import type { Row } from "../support/row.ts";
import { median, pairedRatio, summarize } from "../support/statistics.ts";

const CONTENDERS = ["server", "exec", "official"] as const;

type Contender = typeof CONTENDERS[number];

/** The number of concurrent turns. */
const AT_ONCE = 32;

/** Measures turns on a warm server against those of `codex exec` and of the official SDK. */
export async function* server(bench: Bench): AsyncGenerator<Row> {
  const { program } = await locateCodex(currentRuntime(), undefined);
  for (const runtime of bench.runtimes) {
    for (const { what, hasCommand, isOneThread, limit } of WARM) {
      const results = await measure(bench, runtime, program, hasCommand, {
        turns: 8,
        warmUp: 1,
        atOnce: 0,
        isOneThread,
      }, bench.isQuick ? 2 : 5);
      for (const against of ["official", "exec"] as const) {
        yield row(
          `${what}, warm server`,
          runtime,
          against,
          results.server.map(({ times }) => median(times)),
          results[against].map(({ times }) => median(times)),
          against === "official" ? limit : undefined,
        );
      }
      if (hasCommand || isOneThread) continue;
      yield row(
        "its first item",
        runtime,
        "exec",
        results.server.map(({ firsts }) => median(firsts)),
        results.exec.map(({ firsts }) => median(firsts)),
      );
      yield {
        ...row(
          "import of ./app-server, beside that of .",
          runtime,
          "exec",
          results.server.map(({ imported }) => imported),
          results.exec.map(({ imported }) => imported),
        ),
      };
    }
    yield* cold(bench, runtime, program);
    yield* atOnce(bench, runtime, program);
  }
}

/** Turns on a warm server, with the limit of their duration as a share of the official SDK's. */
const WARM: readonly {
  readonly what: string;
  readonly hasCommand: boolean;
  readonly isOneThread: boolean;
  readonly limit: number;
}[] = [
  {
    what: "a plain turn of a new thread",
    hasCommand: false,
    isOneThread: false,
    limit: 1 / 4,
  },
  {
    what: "the next plain turn of a thread",
    hasCommand: false,
    isOneThread: true,
    limit: 1 / 4,
  },
  {
    what: "a turn with a command",
    hasCommand: true,
    isOneThread: false,
    limit: 1 / 2.5,
  },
];

/** Measures a single turn of a program that starts and closes the server for it, which is slower. */
async function* cold(
  bench: Bench,
  runtime: BenchRuntime,
  program: string,
): AsyncGenerator<Row> {
  const results = await measure(bench, runtime, program, false, {
    turns: 1,
    warmUp: 0,
    atOnce: 0,
    isOneThread: false,
  }, bench.isQuick ? 3 : 7);
  yield row(
    "a single turn, cold server, and its end",
    runtime,
    "exec",
    results.server.map(({ times, closing }) => (times[0] ?? NaN) + closing),
    results.exec.map(({ times }) => times[0] ?? NaN),
  );
}

/** Measures many concurrent turns: their duration, and the CLI's memory. */
async function* atOnce(
  bench: Bench,
  runtime: BenchRuntime,
  program: string,
): AsyncGenerator<Row> {
  const results = await measure(bench, runtime, program, false, {
    turns: 0,
    warmUp: 1,
    atOnce: AT_ONCE,
    isOneThread: false,
  }, bench.isQuick ? 1 : 3);
  yield row(
    `${AT_ONCE} turns at once`,
    runtime,
    "exec",
    results.server.map(({ together }) => together),
    results.exec.map(({ together }) => together),
  );
  yield {
    ...row(
      `the CLI's memory in ${AT_ONCE} turns at once`,
      runtime,
      "exec",
      results.server.map(({ peakMib }) => peakMib),
      results.exec.map(({ peakMib }) => peakMib),
      1 / 3,
    ),
    unit: "MiB",
  };
}

function measure(
  bench: Bench,
  runtime: BenchRuntime,
  cli: string,
  hasCommand: boolean,
  counts: Pick<ServerTurnsJob, "turns" | "warmUp" | "atOnce" | "isOneThread">,
  rounds: number,
): Promise<{ [C in Contender]: ServerTurnsResult[] }> {
  return interleave(CONTENDERS, rounds, async (contender) => {
    // A new home each time, so that threads of an earlier round do not cost time.
    await using real = await startRealCli(
      ({ toolOutputs }) =>
        hasCommand && toolOutputs.length === 0
          ? modelAnswer(modelCommand("echo bench"))
          : modelAnswer(modelMessage("Done.")),
      { parent: bench.folder },
    );
    const job: ServerTurnsJob = {
      ...counts,
      cli,
      home: real.home,
      entry: findEntry(bench, runtime, contender),
      client: contender === "server" ? "CodexAppServer" : "Codex",
      options: real.codexOptions,
      threadOptions: real.inRepo,
    };
    return await bench.run<ServerTurnsResult>(runtime, "server_turns", job);
  });
}

function findEntry(
  { official }: Bench,
  { acodex }: BenchRuntime,
  contender: Contender,
): string {
  switch (contender) {
    case "server":
      return acodex.server;
    case "exec":
      return acodex.entry;
    case "official":
      return official.entry;
  }
}

function row(
  what: string,
  runtime: BenchRuntime,
  against: "exec" | "official",
  ours: number[],
  theirs: number[],
  limit?: number,
): Row {
  return {
    bar: 8,
    what,
    runtime: runtime.name,
    unit: "ms",
    acodex: summarize(ours),
    against: { name: against, ...summarize(theirs) },
    value: pairedRatio(ours, theirs),
    limit,
  };
}
