/**
 * The chaos suite on Deno: the whole table of endings, and some of the aborts.
 * `deno task test:chaos` runs 1,000 aborts and the table on every runtime (`--filter "on
 * bun"` for one). That takes some minutes, so `deno task test` does not include it.
 */

import { assertEquals } from "@std/assert";
import {
  prepareProgram,
  type Program,
  type Ran,
  runHost,
} from "./support/run_host.ts";
import {
  type Aborts,
  type Flood,
  showAborts,
  showEndings,
  showFlood,
} from "./support/tables.ts";
import { RUNTIMES } from "../../scripts/conformance/runtimes.ts";
import type { Measured } from "./support/ending.ts";

/** The number of turns to abort; `CHAOS_CYCLES` sets another number. */
const CYCLES = Number(Deno.env.get("CHAOS_CYCLES") ?? 200);

/** The seed of the aborts; `CHAOS_SEED` repeats one, as far as timing is repeatable. */
const SEED = Number(
  Deno.env.get("CHAOS_SEED") ?? Math.floor(Math.random() * 2 ** 32),
);

/** The runtimes; `CHAOS_RUNTIMES` sets others. */
const NAMES = (Deno.env.get("CHAOS_RUNTIMES") ?? "deno").split(",");

for (const name of NAMES) {
  const runtime = RUNTIMES.find((each) => each.name === name);
  if (runtime === undefined) throw new Error(`There is no runtime ${name}`);
  let prepared: Promise<Program> | undefined;
  const run = async <T>(host: string, settings: unknown): Promise<Ran<T>> =>
    await runHost<T>(
      await (prepared ??= prepareProgram(runtime)),
      host,
      settings,
    );

  Deno.test(`Every ending of a turn on ${name} is in time and leaves nothing`, async () => {
    const ran = await run<Measured>("endings", {});
    assertEquals(showEndings(name, ran), []);
  });

  Deno.test(`${CYCLES} aborts at random moments on ${name} leave nothing`, async () => {
    const ran = await run<Aborts>("aborts", { cycles: CYCLES, seed: SEED });
    assertEquals(showAborts(name, SEED, ran), []);
  });

  // Facts R18.
  Deno.test(`300 MB of stderr on ${name} take less than 32 MB of memory`, async () => {
    const ran = await run<Flood>("flood", { bytes: 300_000_000 });
    assertEquals(showFlood(name, ran), []);
  });
}
