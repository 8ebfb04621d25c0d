/**
 * Checks and prints the reports of the chaos hosts.
 *
 * @module
 */

import type { Counts } from "./counts.ts";
import type { Measured } from "./ending.ts";
import { say } from "../../../scripts/print.ts";
import type { Ran } from "./run_host.ts";

/** The most that a flood of stderr may add to the resident memory, in bytes. */
const FLOOD_LIMIT = 32 * 1024 * 1024;

/** The report of the host `aborts`. */
export interface Aborts {
  /** The number of turns, whether the abort came before their end or not. */
  readonly cycles: number;
  /** The time that they took together, in ms. */
  readonly ms: number;
  /** The number of turns for each outcome. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** The counts before. */
  readonly before: Counts;
  /** The counts after. */
  readonly after: Counts;
  /** The problems found. */
  readonly problems: readonly string[];
}

/** The report of the host `flood`. */
export interface Flood {
  /** The number of bytes written to stderr. */
  readonly bytes: number;
  /** The outcome of the turn. */
  readonly outcome: string;
  /** The time that it took, in ms. */
  readonly ms: number;
  /** The largest growth of the resident memory, in bytes. */
  readonly grownBytes: number;
}

/** Prints a table of endings, and returns its problems. */
export function showEndings(runtime: string, ran: Ran<Measured>): string[] {
  const { lines } = ran;
  say(`\n${runtime}: endings`);
  say(
    "ending                                 settled   bound  outcome               procs  fds  listeners  timers  files",
  );
  const wrong: string[] = [];
  for (const { name, ms, bound, outcome, left, problems } of lines) {
    const counts = [
      String(left.processes).padEnd(5),
      String(left.fds).padEnd(3),
      String(left.listeners).padEnd(9),
      String(left.timers).padEnd(6),
      left.files,
    ];
    say(
      `${name.padEnd(36)} ${`${ms} ms`.padStart(9)} ${
        String(bound).padStart(7)
      }  ${outcome.padEnd(20)}  ${counts.join("  ")}${
        problems.length > 0 ? "  FAIL" : ""
      }`,
    );
    if (problems.length > 0) {
      wrong.push(`${runtime}, ${name}: ${problems.join("; ")}`);
    }
  }
  if (lines.length === 0) wrong.push(`${runtime}: no row of endings`);
  return [...wrong, ...findProblem(runtime, ran)];
}

/** Prints the report of the aborts, and returns its problems. */
export function showAborts(
  runtime: string,
  seed: number,
  ran: Ran<Aborts>,
): string[] {
  const [report] = ran.lines;
  if (report === undefined) return findProblem(runtime, ran, "no result");
  const { cycles, ms, outcomes, before, after, problems } = report;
  say(
    `${runtime}: ${cycles} abort cycles in ${
      (ms / 1000).toFixed(1)
    } s, seed ${seed}`,
  );
  say(`  outcomes ${words(outcomes)}`);
  say(`  before   ${words({ ...before })}`);
  say(`  after    ${words({ ...after })}`);
  const ended = Object.values(outcomes).reduce((sum, each) => sum + each, 0);
  const unexpected = Object.keys(outcomes).filter((outcome) =>
    !["ABORT_ERR", "completed", "turn_failed", "exited"].includes(outcome)
  );
  const wrong = [...problems, ...unexpected];
  if (ended < cycles) wrong.push(`${ended} of ${cycles} turns ended`);
  if (!outcomes.ABORT_ERR) wrong.push("no turn was aborted");
  return [
    ...wrong.map((what) => `${runtime}, aborts with seed ${seed}: ${what}`),
    ...findProblem(runtime, ran),
  ];
}

/** Prints the report of the flood, and returns its problems. */
export function showFlood(runtime: string, ran: Ran<Flood>): string[] {
  const [report] = ran.lines;
  if (report === undefined) return findProblem(runtime, ran, "no result");
  const { bytes, outcome, ms, grownBytes } = report;
  const grown = `${(grownBytes / 1024 / 1024).toFixed(1)} MiB`;
  say(
    `${runtime}: ${bytes / 1e6} MB of stderr in ${
      (ms / 1000).toFixed(1)
    } s, resident memory grew by ${grown}`,
  );
  const wrong = findProblem(runtime, ran);
  if (outcome !== "completed") wrong.push(`${runtime}, flood: ${outcome}`);
  if (grownBytes >= FLOOD_LIMIT) {
    wrong.push(`${runtime}, flood: memory grew by ${grown}`);
  }
  return wrong;
}

function findProblem<T>(
  runtime: string,
  { problem }: Ran<T>,
  otherwise = "",
): string[] {
  const text = problem === "" ? otherwise : problem;
  return text === "" ? [] : [`${runtime}: ${text}`];
}

function words(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts).map(([name, count]) => `${name} ${count}`)
    .join(", ");
}
