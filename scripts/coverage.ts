/**
 * The coverage gate: at least 95 % of the lines of src/, its test support left out.
 *
 * @module
 */

import {
  type FileCoverage,
  lineRanges,
  parseLcov,
  percentCovered,
} from "./lcov.ts";
import { say } from "./print.ts";
import { listFiles, ROOT_URL } from "./project.ts";
import { captureDeno } from "./run.ts";

/** The share of lines that have to run, out of 100. */
const WANTED = 95;

/** Prints what the profiles in the folder `profiles` cover, and tells whether it is enough. */
export async function checkCoverage(
  profiles: string,
  env: Record<string, string>,
): Promise<boolean> {
  const load = [
    "run",
    "--allow-all",
    `--coverage=${profiles}`,
    "scripts/load_sources.ts",
  ];
  const loaded = await captureDeno([...load, ...await sourceUrls()], env);
  if (!loaded.success) {
    say(`Cannot load the sources for their coverage: ${loaded.stderr.trim()}`);
    return false;
  }

  const report = await captureDeno([
    "coverage",
    "--lcov",
    `--include=^${RegExp.escape(new URL("src/", ROOT_URL).href)}`,
    `--exclude=^${RegExp.escape(new URL("src/testing/", ROOT_URL).href)}`,
    profiles,
  ], env);
  if (!report.success) {
    say(`Cannot read the coverage: ${report.stderr.trim()}`);
    return false;
  }
  return judge(parseLcov(report.stdout));
}

/** Prints the total and each file that is below it. */
function judge(files: FileCoverage[]): boolean {
  const percent = percentCovered(files);
  say(`Line coverage of src/: ${rounded(percent)} % (wanted: ${WANTED} %)`);
  for (const file of files) {
    const own = percentCovered([file]);
    if (own >= WANTED) continue;
    const path = file.path.replaceAll("\\", "/").replace(/^.*\/(?=src\/)/, "");
    say(`  ${path}: ${rounded(own)} %, never run: ${lineRanges(file.missed)}`);
  }
  return percent >= WANTED;
}

/** One decimal, rounded down, so that 94.96 does not read as 95.0 and fail. */
function rounded(percent: number): string {
  return (Math.floor(percent * 10) / 10).toFixed(1);
}

/** The source files that count. */
async function sourceUrls(): Promise<string[]> {
  return (await listFiles("src"))
    .filter((path) => path.endsWith(".ts") && !path.startsWith("src/testing/"))
    .map((path) => new URL(path, ROOT_URL).href);
}
