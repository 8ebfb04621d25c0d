/**
 * Aborts turns at random moments, several at a time, some of them by a shared signal, and
 * reports what all of them have left. It reads its settings as JSON from its first
 * argument, and prints one line of JSON.
 *
 * @module
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { Codex } from "@acodex/sdk";
import {
  type CountedController,
  countedController,
} from "../../../src/testing/counted_signal.ts";
import { FakeCli, type FakeSteps, prints } from "../../../src/testing/fake.ts";
import { findProcesses } from "../../../src/testing/processes.ts";
import {
  count,
  KINDS,
  leftOver,
  lookOutForSignals,
  openFiles,
  watchTimers,
} from "../support/counts.ts";
import { readOutcome } from "../support/ending.ts";
import { randomNumbers } from "../../../src/testing/random_numbers.ts";
import { BEGIN, CHATTER, COMPLETED, FAILED, ITEM } from "../support/words.ts";

/** The latest moment of an abort, in ms after the start. Most CLIs still run then. */
const LATEST_MS = 120;

/** The number of turns that run at the same time; every other group shares a signal. */
const GROUP = 8;

/** The grace for each signal, in ms; a CLI that ignores signals takes two of them. */
const GRACE_MS = 100;

/** The scripts of the CLIs. */
const PLANS: readonly FakeSteps[] = [
  [BEGIN, ITEM, COMPLETED],
  ["read", BEGIN, "sleep 0.05", ITEM, COMPLETED],
  ["read", BEGIN, ITEM, "stay"],
  [BEGIN, ITEM, "stay"],
  ["read", BEGIN, CHATTER],
  ["ignore INT", BEGIN, ITEM, "stay"],
  ["ignore INT", "ignore TERM", BEGIN, ITEM, "stay"],
  ["hold both", BEGIN, ITEM, "stay"],
  ["spawn tree", BEGIN, ITEM, "stay"],
  ["spawn daemon", BEGIN, ITEM, "stay"],
  [
    prints("\0", { to: "stderr", times: 200_000 }),
    BEGIN,
    "sleep 0.02",
    prints("no event\n", { times: 22_222 }),
    "stay",
  ],
  [BEGIN, FAILED, "exit 1"],
  ["sleep 0.03", BEGIN, "die TERM"],
];

const { cycles, seed } = JSON.parse(process.argv[2] ?? "{}");
const random = randomNumbers(seed);
const folder = mkdtempSync(join(tmpdir(), "chaos-"));
const programs = PLANS.map((steps, plan) =>
  new FakeCli(join(folder, `cli-${plan}`), steps).path
);
const outcomes: Record<string, number> = {};
const watched: CountedController[] = [];

watchTimers();
await lookOutForSignals();
// Runs some turns first, because what a runtime opens once for its first children is not a leak.
await group([0, 1, 2, 3].map((plan) => plan % PLANS.length), true);
await leftOver(count(folder, () => 0), folder, () => 0);

const listeners = (): number =>
  watched.reduce((sum, each) => sum + each.listeners(), 0);
const before = count(folder, listeners);
const open = openFiles();
const begun = Date.now();
for (let done = 0; done < cycles; done += GROUP) {
  const plans = Array.from(
    { length: Math.min(GROUP, cycles - done) },
    () => random(PLANS.length),
  );
  await group(plans, done / GROUP % 2 === 0);
}
const ms = Date.now() - begun;
const left = await leftOver(before, folder, listeners);
const problems = KINDS.filter((kind) => left[kind] > 0)
  .map((kind) => `${left[kind]} ${kind} left`);
if (left.processes > 0) {
  problems.push(...findProcesses(folder).map((each) => each.command));
}
if (left.fds > 0) {
  problems.push(...openFiles().filter((file) => !open.includes(file)));
}
const after = count(folder, listeners);
process.stdout.write(
  `${
    JSON.stringify({ cycles, ms, outcomes, before, after, left, problems })
  }\n`,
);
rmSync(folder, { recursive: true, force: true });

/** Runs turns at the same time, and aborts each at a random moment, or all at the same one. */
async function group(plans: readonly number[], shared: boolean): Promise<void> {
  const one = shared ? watch() : undefined;
  const timer = one &&
    setTimeout(() => one.controller.abort(), random(LATEST_MS));
  const moments = plans.map(() => random(LATEST_MS));
  await Promise.all(plans.map(async (plan, index) => {
    const own = one ?? watch();
    const ownTimer = one === undefined
      ? setTimeout(() => own.controller.abort(), moments[index])
      : undefined;
    const outcome = await readOutcome(() => turn(plan, own.signal));
    clearTimeout(ownTimer);
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  }));
  clearTimeout(timer);
}

/** Runs one turn of a CLI with a plan. */
async function turn(plan: number, signal: AbortSignal): Promise<string> {
  const codex = new Codex({
    codexPathOverride: programs[plan],
    env: { PATH: process.env.PATH, CHAOS_MARK: folder },
    shutdownGraceMs: GRACE_MS,
  });
  const options = {
    signal,
    outputSchema: { type: "object", properties: {}, required: [] },
  };
  const prompt = "x".repeat(plan % 2 === 0 ? 10 : 300_000);
  if (plan % 3 === 0) {
    const streamed = await codex.startThread().runStreamed(prompt, options);
    for await (const _ of streamed.events) {
      // Every third plan reads the events one by one.
    }
  } else {
    await codex.startThread().run(prompt, options);
  }
  return "completed";
}

function watch(): CountedController {
  const controller = countedController();
  watched.push(controller);
  return controller;
}
