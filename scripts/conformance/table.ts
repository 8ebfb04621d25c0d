/**
 * The table: behaviours down, columns across.
 *
 * @module
 */

import { say } from "../print.ts";
import type { JobResult } from "./jobs.ts";

/** How many lines of an error are shown. */
const SHOWN_LINES = 30;

/** What a run came to; each behaviour counts once in each column that it applies to. */
export interface ConformanceCounts {
  /** How many held. */
  passed: number;
  /** How many did not, or have no result; a process that fails by itself counts too. */
  failed: number;
}

/** A cell of the table, and what is to be told of it below. */
interface Cell {
  /** What stands in the table; `-` where a behaviour makes no sense for the column's client. */
  readonly text: "ok" | "FAIL" | "missing" | "-";
  /** What was wrong. */
  readonly errors?: readonly string[];
}

/** Prints the table, then every failure, and counts. */
export function printTable(
  columns: readonly string[],
  jobs: readonly JobResult[],
): ConformanceCounts {
  const counts: ConformanceCounts = { passed: 0, failed: 0 };
  const failures: string[] = [];
  const names = jobs.flatMap(({ declared }) => declared);
  const width = Math.max(0, ...names.map((name) => name.length)) + 4;
  const widths = columns.map((name) => Math.max(name.length, 7) + 1);
  const row = (title: string, cells: readonly string[]): void =>
    say(
      title.padEnd(width) +
        cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join("")
          .trimEnd(),
    );

  row("", columns);
  for (const file of new Set(jobs.map(({ job }) => job.file.name))) {
    const ofFile = jobs.filter(({ job }) => job.file.name === file);
    const declared = new Set(ofFile.flatMap((each) => each.declared));
    if (declared.size > 0) say(file.replaceAll("_", " "));
    for (const name of declared) {
      const cells = columns.map((column) => {
        const { text, errors } = cellOf(
          ofFile.find(({ job }) => job.column.name === column),
          name,
        );
        if (text !== "-") counts[text === "ok" ? "passed" : "failed"] += 1;
        if (errors !== undefined) {
          failures.push(`${column}, ${name}:\n${indent(errors.join("\n"))}`);
        }
        return text;
      });
      row(`  ${name}`, cells);
    }
  }
  for (const { job, problem } of jobs) {
    if (problem === undefined) continue;
    counts.failed += 1;
    failures.push(
      `${job.column.name}, ${job.file.name}:\n${indent(problem)}`,
    );
  }
  for (const failure of failures) say(`\n${failure}`);
  return counts;
}

/** What came of a behaviour in a column. */
function cellOf(result: JobResult | undefined, name: string): Cell {
  const found = result?.results.get(name);
  if (found?.ok) return { text: "ok" };
  if (found !== undefined) return { text: "FAIL", errors: found.errors };
  // Without a word on it there is a hole, whatever the reason.
  return result?.notApplicable.includes(name)
    ? { text: "-" }
    : { text: "missing", errors: ["no result"] };
}

function indent(text: string): string {
  return text.split("\n").slice(0, SHOWN_LINES).map((line) => `  ${line}`)
    .join("\n");
}
