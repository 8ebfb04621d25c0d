/**
 * Bars 1 and 2: the throughput of events, and the cost of a very long line.
 *
 * @module
 */

import type { StreamJob, StreamResult } from "../hosts/stream.ts";
import type { Bench, BenchRuntime } from "../support/bench.ts";
import { longLine, mixedEvents } from "../support/events.ts";
import { writePrinter } from "../support/fake_cli.ts";
import { interleave } from "../support/interleave.ts";
import type { Row } from "../support/row.ts";
import { median, pairedRatio, summarize } from "../support/statistics.ts";

const MIB = 2 ** 20;
const CONTENDERS = ["acodex", "cores", "official", "bare"] as const;

type Contender = typeof CONTENDERS[number];

/** Streams one turn of a fake CLI with one of the contenders. */
type Stream = (
  runtime: BenchRuntime,
  contender: Contender,
  cli: string,
  memory?: boolean,
) => Promise<StreamResult>;

/** Measures many events of all kinds. */
export async function* throughput(bench: Bench): AsyncGenerator<Row> {
  const count = bench.isQuick ? 55_000 : 275_000;
  const { cli, bytes } = await writePrinter(
    bench.folder,
    "mixed",
    mixedEvents(count),
  );
  const stream = await streamer(bench);
  const what = `${count} events, ${Math.round(bytes / 1e6)} MB`;
  for (const runtime of bench.runtimes) {
    const times = await interleave(
      CONTENDERS,
      bench.isQuick ? 3 : 5,
      async (contender) => {
        const { ms, events } = await stream(runtime, contender, cli);
        if (events !== count) throw new Error(`${contender}: ${events} events`);
        return ms;
      },
    );
    const compare = (
      [ours, title]: readonly ["acodex" | "cores", string],
      theirs: "official" | "bare",
      limit: number,
    ): Row => ({
      bar: 1,
      what: `${what}${title}`,
      runtime: runtime.name,
      unit: "ms",
      acodex: summarize(times[ours]),
      against: { name: theirs, ...summarize(times[theirs]) },
      value: pairedRatio(times[ours], times[theirs]),
      limit,
    });
    for (
      const ours of [
        ["acodex", ""],
        ["cores", ", not validated"],
      ] as const
    ) {
      yield compare(ours, "official", 1);
      yield compare(ours, "bare", 1.25);
    }
  }
}

/** Measures one line of 64 MiB, and one of 256 MiB. */
export async function* longLines(bench: Bench): AsyncGenerator<Row> {
  const short = await writePrinter(
    bench.folder,
    "line64",
    longLine(64 * MIB),
  );
  const long = await writePrinter(
    bench.folder,
    "line256",
    longLine(256 * MIB),
  );
  const stream = await streamer(bench);
  for (const runtime of bench.runtimes) {
    const rounds = bench.isQuick ? 2 : 3;
    const of64 = await interleave(
      ["acodex", "official"],
      rounds,
      (contender) => stream(runtime, contender, short.cli, true),
    );
    const ours = of64.acodex.map(({ ms }) => ms);
    const theirs = of64.official.map(({ ms }) => ms);
    const memory = of64.acodex.map(({ bytes }) => bytes / MIB);
    const base = { bar: 2, runtime: runtime.name };
    yield {
      ...base,
      what: "one line of 64 MiB",
      unit: "ms",
      acodex: summarize(ours),
      against: { name: "official", ...summarize(theirs) },
      value: pairedRatio(ours, theirs),
      limit: 1,
    };
    yield {
      ...base,
      what: "one line of 64 MiB, peak memory",
      unit: "MiB",
      acodex: summarize(memory),
      against: {
        name: "official",
        ...summarize(of64.official.map(({ bytes }) => bytes / MIB)),
      },
      value: median(memory) / 64,
      of: "of the line",
      limit: 4,
    };
    const of256 = await interleave(
      ["acodex"],
      bench.isQuick ? 1 : rounds,
      (contender) => stream(runtime, contender, long.cli, true),
    );
    const longTimes = of256.acodex.map(({ ms }) => ms);
    const longMemory = of256.acodex.map(({ bytes }) => bytes / MIB);
    yield {
      ...base,
      what: "one line of 256 MiB",
      unit: "ms",
      acodex: summarize(longTimes),
      value: median(longTimes) / median(ours),
      of: "of 64 MiB",
      // Four times as much, and a quarter more for the runtime's garbage collector.
      limit: 5,
    };
    yield {
      ...base,
      what: "one line of 256 MiB, peak memory",
      unit: "MiB",
      acodex: summarize(longMemory),
      value: median(longMemory) / 256,
      of: "of the line",
      limit: 4,
    };
  }
}

async function streamer(bench: Bench): Promise<Stream> {
  const warmUp = await writePrinter(
    bench.folder,
    "warm-up",
    mixedEvents(2_000),
  );
  return (runtime, contender, cli, memory = false) => {
    const { acodex } = runtime;
    const job: StreamJob = {
      entry: contender === "official" ? bench.official.entry : acodex.entry,
      cli,
      warmUpCli: warmUp.cli,
      reader: contender === "acodex" || contender === "official"
        ? "package"
        : contender,
      inside: {
        decoder: acodex.inside("stream/jsonl_decoder"),
        state: acodex.inside("turn/state"),
        accumulate: acodex.inside("turn/accumulate"),
      },
      memory,
    };
    return bench.run(runtime, "stream", job);
  };
}
