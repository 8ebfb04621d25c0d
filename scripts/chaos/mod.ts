/**
 * The chaos suite on every runtime: `deno task test:chaos [runtimes]`. It prints
 * the table of endings, what 1,000 aborts leave, and what a flood of stderr costs,
 * for each, and reads
 * 100,000 mutated streams. `CHAOS_SEED` repeats the aborts of another run, as far as the machine
 * lets time repeat.
 *
 * @module
 */

import { bundlePrograms } from "../conformance/bundle.ts";
import {
  installRuntime,
  RUNTIMES,
  versionOf,
} from "../conformance/runtimes.ts";
import { say } from "../print.ts";
import { listFiles } from "../project.ts";
import { runDeno } from "../run.ts";
import type { Measured } from "../../tests/chaos/support/ending.ts";
import { HOSTS, type Program, runHost } from "./hosts.ts";
import {
  type Aborts,
  type Flood,
  showAborts,
  showEndings,
  showFlood,
} from "./tables.ts";

/** How many turns are aborted. */
const CYCLES = 1_000;

/** How much a CLI writes to stderr, in bytes. */
const FLOOD_BYTES = 300_000_000;

/** How many mutated streams are read. */
const FUZZ_STREAMS = 100_000;

if (import.meta.main) Deno.exit(await main(Deno.args));

/** Runs the suite on the runtimes named, or on all, and returns the exit code. */
async function main(names: readonly string[]): Promise<number> {
  const runtimes = RUNTIMES.filter(({ name }) =>
    names.length === 0 || names.includes(name)
  );
  if (runtimes.length < names.length) {
    throw new Error(
      `There are the runtimes ${RUNTIMES.map(({ name }) => name).join(", ")}`,
    );
  }
  const seed = Number(
    Deno.env.get("CHAOS_SEED") ?? Math.floor(Math.random() * 2 ** 32),
  );
  const wrong: string[] = [];
  for (const runtime of runtimes) {
    const path = await installRuntime(runtime);
    const name = `${runtime.name} (${await versionOf(path)})`;
    const bundle = runtime.runsSources
      ? undefined
      : await bundlePrograms("chaos", await listFiles(HOSTS));
    wrong.push(...await tryOn({ name, path, bundle }, seed));
  }
  if (await fuzz() !== 0) wrong.push("The fuzz tests failed: see above");
  for (const what of wrong) say(`\n${what}`);
  say(`\nChaos: ${wrong.length === 0 ? "all held" : "not all held"}`);
  return wrong.length === 0 ? 0 : 1;
}

/** Runs the fuzz tests in full, on this Deno, and returns the exit code. */
function fuzz(): Promise<number> {
  say("\nFuzz");
  return runDeno(["test", "--allow-all", "--no-check", "tests/fuzz"], {
    FUZZ_STREAMS: String(FUZZ_STREAMS),
  });
}

/** Runs the three hosts on a runtime, and gives what is wrong. */
async function tryOn(program: Program, seed: number): Promise<string[]> {
  const { name } = program;
  return [
    ...showEndings(name, await runHost<Measured>(program, "endings", {})),
    ...showAborts(
      name,
      seed,
      await runHost<Aborts>(program, "aborts", { cycles: CYCLES, seed }),
    ),
    ...showFlood(
      name,
      await runHost<Flood>(program, "flood", { bytes: FLOOD_BYTES }),
    ),
  ];
}
