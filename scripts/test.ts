/**
 * Runs the tests: `deno task test [files and options of deno test]`.
 *
 * Without arguments all tests run, the coverage of src/ is checked, and the
 * behaviours of tests/conformance are tried on every runtime. The last line is `N passed, N failed`, and the exit code is 0 only when everything held.
 *
 * @module
 */

import { prepareRegistry } from "./closed_network/mod.ts";
import { runConformance } from "./conformance/mod.ts";
import { checkCoverage } from "./coverage.ts";
import { closingLine, type Counts, countTests } from "./junit.ts";
import { say } from "./print.ts";
import { exists } from "./project.ts";
import { runDeno } from "./run.ts";

if (import.meta.main) Deno.exit(await main(Deno.args));

/** Runs the tests and the coverage gate, and returns the exit code. */
async function main(args: string[]): Promise<number> {
  const { env } = await prepareRegistry();
  const reports = await Deno.makeTempDir({ prefix: "acodex-test-" });
  try {
    const isFullRun = args.length === 0;
    const profiles = `${reports}/coverage`;
    const junit = `${reports}/junit.xml`;
    const exitCode = await runDeno([
      "test",
      "--allow-all",
      "--trace-leaks",
      `--junit-path=${junit}`,
      ...isFullRun
        ? [`--coverage=${profiles}`, "--coverage-raw-data-only"]
        : [],
      ...args,
      ...await namesAFile(args) ? [] : ["tests/"],
    ], env);

    const counts = await readCounts(junit);
    const testsPassed = judgeTests(exitCode, counts);
    const isCovered = testsPassed && isFullRun
      ? await checkCoverage(profiles, env)
      : true;
    const conforms = !isFullRun || await addConformance(counts, env);
    say(closingLine(counts));
    return testsPassed && isCovered && conforms ? 0 : 1;
  } finally {
    await Deno.remove(reports, { recursive: true });
  }
}

/**
 * Tells whether the tests passed. A failure outside a test (a type error, a file
 * that throws while it loads) is in no report, so it is counted here: Deno ended
 * with a failure and no test did.
 */
function judgeTests(exitCode: number, counts: Counts): boolean {
  if (exitCode !== 0 && counts.failed === 0) {
    say("deno test failed outside of a test: see above.");
    counts.failed = 1;
  }
  if (exitCode === 0 && counts.passed + counts.failed === 0) {
    say("No test ran.");
    return false;
  }
  return exitCode === 0 && counts.failed === 0;
}

/** Runs the conformance suite, adds its counts, and tells whether all of it held. */
async function addConformance(
  counts: Counts,
  env: Record<string, string>,
): Promise<boolean> {
  const { passed, failed } = await runConformance({ env }).catch((error) => {
    say(`The conformance suite could not run: ${error.message}`);
    return { passed: 0, failed: 1 };
  });
  counts.passed += passed;
  counts.failed += failed;
  return failed === 0;
}

/** Reads the report, which is missing when Deno failed before the first test. */
async function readCounts(junit: string): Promise<Counts> {
  try {
    return countTests(await Deno.readTextFile(junit));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      return { passed: 0, failed: 0, skipped: 0 };
    }
    throw error;
  }
}

/** Tells whether one of the arguments is a file or folder, and not an option or its value. */
async function namesAFile(args: string[]): Promise<boolean> {
  const found = await Promise.all(
    args.map((arg) => arg.startsWith("-") ? false : exists(arg)),
  );
  return found.includes(true);
}
