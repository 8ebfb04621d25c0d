/**
 * The coverage gate: checks the coverage of src/, without src/testing/, against the threshold
 * in deno.json.
 *
 * @module
 */

import { ROOT_URL } from "./project.ts";
import { runDeno } from "./run.ts";

/** Prints the coverage of the profiles in a folder, and tells whether it is enough. */
export async function checkCoverage(profiles: string): Promise<boolean> {
  const escapeUrl = (folder: string): string =>
    RegExp.escape(new URL(folder, ROOT_URL).href);
  const load = ["run", "--allow-all", `--coverage=${profiles}`];
  return await runDeno([...load, "scripts/load_sources.ts"]) === 0 &&
    await runDeno([
        "coverage",
        `--include=^${escapeUrl("src/")}`,
        `--exclude=^${escapeUrl("src/testing/")}`,
        profiles,
      ]) === 0;
}
