/**
 * Counts the tests in the JUnit report of `deno test`.
 *
 * @module
 */

/** How the tests of a run ended. */
export interface Counts {
  passed: number;
  failed: number;
}

/**
 * Counts tests and steps alike; a test that failed by its steps alone counts as
 * them. What fails outside of a test (a type error, a file that throws while it
 * loads) is in no report, which may be empty then; it counts where Deno ended with a
 * failure that no test explains.
 */
export function countTests(report: string, exitCode: number): Counts {
  // Names and texts are escaped, so no tag is inside one.
  const count = (tag: RegExp): number => report.match(tag)?.length ?? 0;
  const notPassed = count(/<(?:failure|error) /g);
  const failed = notPassed -
    count(/<failure message="\d+ test steps? failed"/g);
  return {
    passed: count(/<testcase /g) - count(/<skipped\/>/g) - notPassed,
    failed: exitCode === 0 ? failed : Math.max(failed, 1),
  };
}

/** The closing line of a run, in the one form that other tools read. */
export function closingLine({ passed, failed }: Counts): string {
  return `${passed} passed, ${failed} failed`;
}
