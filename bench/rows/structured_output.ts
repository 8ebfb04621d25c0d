/**
 * Bar 7: the cost of a typed answer.
 *
 * @module
 */

import type {
  StructuredOutputJob,
  StructuredOutputResult,
  Timing,
} from "../hosts/structured_output.ts";
import type { Bench } from "../support/bench.ts";
import type { Row } from "../support/row.ts";
import type { Summary } from "../support/statistics.ts";

/** Measures converting a new and a known schema, and parsing an answer. */
export async function* structuredOutput(bench: Bench): AsyncGenerator<Row> {
  for (const runtime of bench.runtimes) {
    const { acodex } = runtime;
    const zod = await findZod(bench, runtime.name);
    const job: StructuredOutputJob = {
      entry: acodex.entry,
      cli: "",
      modules: {
        mitata: `file://${bench.tools}/node_modules/mitata/src/main.mjs`,
        zod,
        structuredOutput: acodex.inside("output/structured_output"),
      },
    };
    const { fresh, again, read, parse } = await bench.run<
      StructuredOutputResult
    >(runtime, "structured_output", job);
    const base = { bar: 7, runtime: runtime.name, unit: "µs" };
    yield {
      ...base,
      what: "a schema that was seen before",
      acodex: summary(again),
      against: { name: "a new one", ...summary(fresh) },
      value: again.median / fresh.median,
      limit: 0.1,
    };
    yield {
      ...base,
      what: "reading an answer of 20 findings",
      acodex: summary(read),
      against: { name: "JSON.parse", ...summary(parse) },
      value: read.median / parse.median,
    };
  }
}

/** Finds the zod that the package itself loads. */
async function findZod(bench: Bench, runtime: string): Promise<string> {
  if (runtime === "deno") return import.meta.resolve("zod");
  const folder = await Deno.realPath(`${bench.installed}/../../zod`);
  return `file://${folder}/index.js`;
}

function summary({ median, low, high }: Timing): Summary {
  return { median, low, high, samples: 1 };
}
