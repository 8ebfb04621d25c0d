/**
 * Has a CLI flood its stderr, and tells how much the resident memory grows. It gets
 * its settings as JSON in its first argument, and prints one line of JSON.
 *
 * @module
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { Codex } from "@acodex/sdk";
import { writeChaosCli } from "../support/chaos_cli.ts";
import { outcomeOf } from "../support/ending.ts";

/** How often the memory is looked at, in ms. */
const LOOK_MS = 10;

const { bytes } = JSON.parse(process.argv[2] ?? "{}");
const folder = mkdtempSync(join(tmpdir(), "chaos-"));
const program = writeChaosCli(folder);

// The code and what a turn needs at all are no part of the growth.
await turn("begin completed");
await turn("begin completed");
const before = process.memoryUsage().rss;
let most = before;
const looking = setInterval(() => {
  most = Math.max(most, process.memoryUsage().rss);
}, LOOK_MS);
const begun = Date.now();
const outcome = await outcomeOf(() => turn(`begin flood:${bytes} completed`));
clearInterval(looking);
process.stdout.write(
  `${
    JSON.stringify({
      bytes,
      outcome,
      ms: Date.now() - begun,
      grownBytes: Math.max(most, process.memoryUsage().rss) - before,
    })
  }\n`,
);
rmSync(folder, { recursive: true, force: true });

async function turn(steps: string): Promise<string> {
  const codex = new Codex({
    codexPathOverride: program,
    env: { PATH: process.env.PATH, CHAOS: steps },
  });
  await codex.startThread().run("Hi");
  return "completed";
}
