/**
 * The chaos suite on Deno: the whole table of endings, and a part of the aborts.
 * `deno task test:chaos` does 1,000 of them on every runtime, and the table too:
 * that takes some minutes, and is no part of `deno task test`.
 */

import { assertEquals } from "@std/assert";
import { type Program, runHost } from "../../scripts/chaos/hosts.ts";
import {
  type Aborts,
  type Flood,
  showAborts,
  showEndings,
  showFlood,
} from "../../scripts/chaos/tables.ts";
import type { Measured } from "./support/ending.ts";

/** How many turns are aborted here; `CHAOS_CYCLES` sets another number. */
const CYCLES = Number(Deno.env.get("CHAOS_CYCLES") ?? 200);

/** The seed of the aborts; `CHAOS_SEED` repeats one, as far as the machine lets time repeat. */
const SEED = Number(
  Deno.env.get("CHAOS_SEED") ?? Math.floor(Math.random() * 2 ** 32),
);

const DENO: Program = { name: "deno", path: Deno.execPath() };

Deno.test("Every ending of a turn is in time, and leaves nothing", async () => {
  const ran = await runHost<Measured>(DENO, "endings", {});
  assertEquals(showEndings("deno", ran), []);
});

Deno.test(`${CYCLES} aborts at random moments leave nothing`, async () => {
  const settings = { cycles: CYCLES, seed: SEED };
  const ran = await runHost<Aborts>(DENO, "aborts", settings);
  assertEquals(showAborts("deno", SEED, ran), []);
});

// Facts R18.
Deno.test("300 MB of stderr take less than 32 MB of memory", async () => {
  const ran = await runHost<Flood>(DENO, "flood", { bytes: 300_000_000 });
  assertEquals(showFlood("deno", ran), []);
});
