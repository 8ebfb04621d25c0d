/**
 * The table: behaviours down, runtimes across.
 *
 * @module
 */

import { say } from "../print.ts";
import type { JobResult } from "./jobs.ts";

/** How many lines of an error are shown. */
const SHOWN_LINES = 30;

/** What a run came to; each behaviour on each runtime counts once. */
export interface ConformanceCounts {
  /** How many held. */
  passed: number;
  /** How many did not, or have no result; a process that fails by itself counts too. */
  failed: number;
}

/** Prints the table, then every failure, and counts. */
export function printTable(
  runtimes: readonly string[],
  jobs: readonly JobResult[],
): ConformanceCounts {
  const counts: ConformanceCounts = { passed: 0, failed: 0 };
  const failures: string[] = [];
  const names = jobs.flatMap(({ declared }) => declared);
  const width = Math.max(0, ...names.map((name) => name.length)) + 4;
  const columns = runtimes.map((name) => Math.max(name.length, 7) + 1);
  const row = (title: string, cells: readonly string[]): void =>
    say(
      title.padEnd(width) +
        cells.map((cell, index) => cell.padEnd(columns[index] ?? 0)).join("")
          .trimEnd(),
    );

  row("", runtimes);
  for (const file of new Set(jobs.map(({ job }) => job.file.name))) {
    const ofFile = jobs.filter(({ job }) => job.file.name === file);
    const declared = new Set(ofFile.flatMap((each) => each.declared));
    if (declared.size > 0) say(file.replaceAll("_", " "));
    for (const name of declared) {
      const cells = runtimes.map((runtime) => {
        const result = ofFile.find(({ job }) => job.runtime.name === runtime)
          ?.results.get(name);
        counts[result?.ok ? "passed" : "failed"] += 1;
        if (result?.ok) return "ok";
        failures.push(
          `${runtime}, ${name}:\n${
            result === undefined
              ? "  no result"
              : indent(result.errors.join("\n"))
          }`,
        );
        return result === undefined ? "missing" : "FAIL";
      });
      row(`  ${name}`, cells);
    }
  }
  for (const { job, problem } of jobs) {
    if (problem === undefined) continue;
    counts.failed += 1;
    failures.push(
      `${job.runtime.name}, ${job.file.name}:\n${indent(problem)}`,
    );
  }
  for (const failure of failures) say(`\n${failure}`);
  return counts;
}

function indent(text: string): string {
  return text.split("\n").slice(0, SHOWN_LINES).map((line) => `  ${line}`)
    .join("\n");
}
