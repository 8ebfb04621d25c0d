/**
 * The coverage gate: checks the coverage of src/, without src/testing/, against the threshold
 * in deno.json.
 *
 * @module
 */

import { say } from "./print.ts";
import { ROOT_URL } from "./project.ts";
import { run, runDeno } from "./run.ts";

/** Prints the coverage of the profiles in a folder, and tells whether it is enough. */
export async function checkCoverage(profiles: string): Promise<boolean> {
  const escapeUrl = (folder: string): string =>
    RegExp.escape(new URL(folder, ROOT_URL).href);
  const unfinished = await removeUnfinished(profiles);
  if (unfinished > 0) {
    say(`Without ${unfinished} profiles of processes that were killed`);
  }
  // Without its output: one source is a program, which prints its usage.
  const loaded = await run(Deno.execPath(), [
    ...["run", "--allow-all", `--coverage=${profiles}`],
    "scripts/load_sources.ts",
  ]);
  if (loaded.code !== 0) say(loaded.stderr);
  return loaded.code === 0 && await runDeno([
        "coverage",
        `--include=^${escapeUrl("src/")}`,
        `--exclude=^${escapeUrl("src/testing/")}`,
        profiles,
      ]) === 0;
}

/**
 * Removes the profiles that a killed process did not finish, which `deno coverage` rejects, and
 * returns their number. This can only lower the coverage.
 */
export async function removeUnfinished(profiles: string): Promise<number> {
  let removed = 0;
  for await (const { name } of Deno.readDir(profiles)) {
    const path = `${profiles}/${name}`;
    if (isJson(await Deno.readTextFile(path))) continue;
    await Deno.remove(path);
    removed++;
  }
  return removed;
}

function isJson(text: string): boolean {
  // The end of a profile: whatever else ends with a brace is indented.
  if (text.endsWith("\n}")) return true;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
