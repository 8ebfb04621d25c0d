/**
 * Measures acodex against the official SDK, on every runtime, and prints a table:
 * `deno task bench [--quick] [--only <rows>] [--runtime <names>] [--save]`.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { ROOT_URL } from "../scripts/project.ts";
import { say } from "../scripts/print.ts";
import { memory } from "./rows/memory.ts";
import { server } from "./rows/server.ts";
import { structuredOutput } from "./rows/structured_output.ts";
import { longLines, throughput } from "./rows/throughput.ts";
import { coldStart, trickle, turnOverhead } from "./rows/turns.ts";
import { type Bench, prepareBench } from "./support/bench.ts";
import { describeMachine } from "./support/machine.ts";
import { type Failure, isMet, type Row } from "./support/row.ts";
import { formatTable } from "./support/table.ts";

/** The measurements, by the number of the bar. */
const ROWS: Record<string, (bench: Bench) => AsyncGenerator<Row>> = {
  "1 throughput": throughput,
  "2 long-line": longLines,
  "3 trickle": trickle,
  "4 turn": turnOverhead,
  "5 cold-start": coldStart,
  "6 memory": memory,
  "7 structured-output": structuredOutput,
  "8 server": server,
};

/** The default runtimes. */
const USUAL = "deno,node24,bun";

if (import.meta.main) await main(Deno.args);

async function main(args: string[]): Promise<void> {
  if (Deno.build.os !== "linux") {
    say("The bench reads /proc and needs a POSIX shell: it runs on Linux.");
    return;
  }
  const { values } = parseArgs({
    args,
    options: {
      quick: { type: "boolean", default: false },
      save: { type: "boolean", default: false },
      only: { type: "string", default: "" },
      runtime: { type: "string", default: USUAL },
    },
  });
  const wanted = Object.entries(ROWS).filter(([name]) =>
    values.only.split(",").some((part) => name.includes(part))
  );
  const start = Date.now();
  const folder = await Deno.makeTempDir({ prefix: "acodex-bench-" });
  try {
    const names = values.runtime.split(",");
    const bench = await prepareBench(names, folder, values.quick);
    const machine = describeMachine(bench);
    say(JSON.stringify(machine, undefined, 2));
    const rows: Row[] = [];
    const failures: Failure[] = [];
    for (const [name, measure] of wanted) {
      say(`${name} …`);
      await collect(name, measure, bench, rows, failures);
    }
    for (const line of formatTable(rows, failures)) say(line);
    const seconds = Math.round((Date.now() - start) / 1000);
    say(`${seconds} s; ${verdict(rows, failures)}`);
    if (values.save) {
      const date = new Date().toISOString().slice(0, 10);
      await save({
        date,
        seconds,
        quick: values.quick,
        machine,
        rows,
        failures,
      });
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Measures on one runtime after another, so that a failure only loses the rows of one. */
async function collect(
  name: string,
  measure: (bench: Bench) => AsyncGenerator<Row>,
  bench: Bench,
  rows: Row[],
  failures: Failure[],
): Promise<void> {
  try {
    for await (const row of measure(bench)) {
      rows.push(row);
      say(formatTable([row])[2]);
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    say(`Failed: ${message}`);
    failures.push({
      bar: Number.parseInt(name),
      what: name,
      runtime: "",
      error: message.replaceAll(ROOT_URL.pathname, ""),
    });
  }
}

function verdict(rows: readonly Row[], failures: readonly Failure[]): string {
  const met = rows.filter((row) => isMet(row) === true).length;
  const missed = rows.filter((row) => isMet(row) === false).length;
  return `${met} bars met, ${missed} missed, ${failures.length} not measured`;
}

async function save(
  { rows, ...rest }: { rows: readonly Row[]; [key: string]: unknown },
): Promise<void> {
  const rounded = rows.map((row) => ({ ...row, met: isMet(row) ?? null }));
  const json = JSON.stringify(
    { ...rest, rows: rounded },
    (_, value) => typeof value === "number" ? round(value) : value,
    2,
  );
  await Deno.writeTextFile(
    new URL("bench/results.json", ROOT_URL),
    `${json}\n`,
  );
}

function round(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(4));
}
