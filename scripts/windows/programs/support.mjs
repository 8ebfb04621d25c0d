/** What the programs of the scenarios share. @module */

import { existsSync, readFileSync, rmSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { Codex } from "@acodex/sdk";

/** The folder that all lies in, and what the scenario says besides. */
export const setting = JSON.parse(process.argv[2] ?? "{}");

/** The path of something in the folder, given by its names. */
export function at(...names) {
  return join(setting.root, ...names);
}

/** The fake CLI, the file that it writes what it got into, and those that show that it runs. */
export const FAKE = at("fake", "codex.exe");
export const DUMP = at("dump.json");
export const BEAT = at("beat");

/** A client of the fake CLI. */
export function fakeClient({ env, ...options } = {}) {
  return new Codex({
    codexPathOverride: FAKE,
    envMode: "merge",
    ...options,
    env: { FAKE_DUMP: DUMP, FAKE_BEAT: BEAT, ...env },
  });
}

/** Runs a turn of the fake CLI, and gives what came of it, and what the CLI got. */
export async function attempt(run) {
  rmSync(DUMP, { force: true });
  const outcome = await Promise.resolve().then(run).then(
    (turn) => ({ answer: turn.finalResponse }),
    show,
  );
  const got = existsSync(DUMP)
    ? JSON.parse(readFileSync(DUMP, "utf8"))
    : undefined;
  return { ...outcome, got };
}

/** Gives what a test looks at of an error. */
export function show({ name, code, message, exitCode, signal }) {
  return { name, code, message, exitCode, signal };
}

/** How much a process that stays has written. */
export function beats(file = BEAT) {
  return existsSync(file) ? statSync(file).size : 0;
}

/** Waits. */
export function sleep(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Waits until the CLI and its child run, for a minute at most. */
export async function whenBothRun() {
  for (let tries = 0; tries < 1200; tries++) {
    if (beats() > 0 && beats(`${BEAT}.child`) > 0) return;
    await sleep(50);
  }
  throw new Error("The CLI and its child do not run");
}

/** Prints a value, and ends the program: nothing is waited for that would keep it. */
export function finish(value) {
  writeSync(1, `${JSON.stringify(value)}\n`);
  process.exit(0);
}
