/**
 * Has a CLI flood its stderr, and reports how much the resident memory grows. It reads its
 * settings as JSON from its first argument, and prints one line of JSON.
 *
 * @module
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { Codex } from "@acodex/sdk";
import { FakeCli, type FakeStep, prints } from "../../../src/testing/fake.ts";
import { readOutcome } from "../support/ending.ts";
import { BEGIN, COMPLETED } from "../support/words.ts";

/** The interval at which the memory is measured, in ms. */
const LOOK_MS = 10;

const { bytes } = JSON.parse(process.argv[2] ?? "{}");
const folder = mkdtempSync(join(tmpdir(), "chaos-"));

// Runs plain turns first, so that loaded code and a turn's usual memory do not count as growth.
const plain = makeFake([]);
await turn(plain);
await turn(plain);
const flooding = makeFake([
  prints("\0", { to: "stderr", times: Number(bytes) }),
]);
const before = process.memoryUsage().rss;
let most = before;
const looking = setInterval(() => {
  most = Math.max(most, process.memoryUsage().rss);
}, LOOK_MS);
const begun = Date.now();
const outcome = await readOutcome(() => turn(flooding));
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

/** Creates a CLI that executes steps within its turn. */
function makeFake(steps: readonly FakeStep[]): FakeCli {
  const cli = mkdtempSync(join(folder, "cli-"));
  return new FakeCli(cli, [BEGIN, steps, COMPLETED]);
}

async function turn({ path }: FakeCli): Promise<string> {
  const codex = new Codex({
    codexPathOverride: path,
    env: { PATH: process.env.PATH },
  });
  await codex.startThread().run("Hi");
  return "completed";
}
