/**
 * Counts the tests in the JUnit report of `deno test`.
 *
 * @module
 */

/** The number of tests that passed and failed. */
export interface Counts {
  passed: number;
  failed: number;
}

/**
 * Counts tests and steps alike; a test that failed only by its steps is counted as these.
 * Failures outside of a test (a type error, a file that throws while it loads) are not in
 * the report, which may be empty then. They count as one if Deno's exit code is not
 * explained by a test.
 */
export function countTests(report: string, exitCode: number): Counts {
  // Names and texts are escaped, so they contain no tags.
  const count = (tag: RegExp): number => report.match(tag)?.length ?? 0;
  const notPassed = count(/<(?:failure|error) /g);
  const failed = notPassed -
    count(/<failure message="\d+ test steps? failed"/g);
  return {
    passed: count(/<testcase /g) - count(/<skipped\/>/g) - notPassed,
    failed: exitCode === 0 ? failed : Math.max(failed, 1),
  };
}

/** Returns the closing line of a run, in the form that other tools parse. */
export function closingLine({ passed, failed }: Counts): string {
  return `${passed} passed, ${failed} failed`;
}
