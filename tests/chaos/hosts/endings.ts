/**
 * Runs the table of endings in a separate process, and prints a line of JSON for each row.
 * It reads its settings as JSON from its first argument.
 *
 * @module
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { lookOutForSignals, watchTimers } from "../support/counts.ts";
import { type Ending, measure } from "../support/ending.ts";
import { ENDINGS } from "../support/endings.ts";
import { EXITS, measureExit } from "../support/exits.ts";
import { BEGIN, COMPLETED } from "../support/words.ts";

/** The settings of the host. */
interface Settings {
  /** The text that a row's name must contain to be run. */
  readonly wanted?: string;
}

const { wanted = "" }: Settings = JSON.parse(process.argv[2] ?? "{}");
const folder = mkdtempSync(join(tmpdir(), "chaos-"));

watchTimers();
await lookOutForSignals();
// Runs some turns first, because what a runtime opens once for its first child is not a leak.
const warmUp: Ending = {
  name: "",
  steps: [BEGIN, COMPLETED],
  bound: 100,
  outcome: "completed",
  take: (turn) => turn.run(),
};
for (let turn = 0; turn < 3; turn += 1) await measure(warmUp, folder);

for (const ending of ENDINGS.filter(({ name }) => name.includes(wanted))) {
  print(await measure(ending, folder));
}
for (const exit of EXITS.filter(({ name }) => name.includes(wanted))) {
  print(await measureExit(exit, folder));
}
rmSync(folder, { recursive: true, force: true });

function print(line: unknown): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
