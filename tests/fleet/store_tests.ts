/**
 * Runs the tests that every thread store has to pass on the example's stores.
 *
 * @module
 */

import { within } from "../../src/testing/waiting.ts";
import { Fleet } from "./fleet.ts";
import { listProblems, type Outcome, type RowContext } from "./row.ts";

/** Milliseconds that all tests may take; only guards against hanging. */
const LIMIT_MS = 3 * 60_000;

/** Runs the example's own test file. */
export async function runStoreTests(
  { options, runtimes: [runtime] }: RowContext,
): Promise<Outcome> {
  if (runtime === undefined) throw new Error("There is no runtime");
  await using fleet = await Fleet.start({ ...options, concurrency: 1 });
  const program = fleet.run(runtime, "stores.test.ts", []);
  const code = await within(LIMIT_MS, "the tests", program.ended);
  const count = (what: string): number => {
    const line = program.lines.find((each) => each.includes(` ${what} `));
    return Number(/\d+$/.exec(line ?? "")?.[0] ?? 0);
  };
  const problems = listProblems({
    "exit code": [code, 0],
    "there were tests": [count("pass") > 0, true],
  });
  return {
    figures: { passed: count("pass"), failed: count("fail") },
    problems: problems.length === 0
      ? []
      : [...problems, ...program.lines, ...program.errors],
  };
}
