/**
 * Homes of the CLI in which it has had a turn, as those of users are. What it lays out
 * in a fresh one (databases, its own skills) takes as much time as a turn.
 *
 * @module
 */

import { cpSync } from "node:fs";
import process from "node:process";

/** The variable that names a home to copy; scripts/test.ts sets it for a run of tests. */
export const WARM_HOME = "WARM_HOME";

/** Fills an empty home of the CLI, if there is one to copy; the CLI does it otherwise. */
export function fillHome(home: string): void {
  const warm = process.env[WARM_HOME];
  if (warm) cpSync(warm, home, { recursive: true });
}
