/** Shared code of the scenarios' programs. @module */

import { existsSync, readFileSync, rmSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { Codex } from "@acodex/sdk";

/** The folder of all files, and further settings of the scenario. */
export const setting = JSON.parse(process.argv[2] ?? "{}");

/** Returns the path of a file in the folder. */
export function at(...names) {
  return join(setting.root, ...names);
}

/** The fake CLI, the file for its arguments and input, and the files that show that it runs. */
export const FAKE = at("fake", "codex.exe");
export const DUMP = at("dump.json");
export const BEAT = at("beat");

/** Creates a client of the fake CLI. */
export function fakeClient({ env, ...options } = {}) {
  return new Codex({
    codexPathOverride: FAKE,
    envMode: "merge",
    ...options,
    env: { FAKE_DUMP: DUMP, FAKE_BEAT: BEAT, ...env },
  });
}

/** Runs a turn of the fake CLI, and returns its outcome, and what the CLI received. */
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

/** Returns the parts of an error that tests check. */
export function show({ name, code, message, exitCode, signal }) {
  return { name, code, message, exitCode, signal };
}

/** Returns the number of bytes that a running process has written. */
export function beats(file = BEAT) {
  return existsSync(file) ? statSync(file).size : 0;
}

/** Waits for a number of ms. */
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

/** Prints a value, and ends the program at once, without waiting for anything. */
export function finish(value) {
  writeSync(1, `${JSON.stringify(value)}\n`);
  process.exit(0);
}
