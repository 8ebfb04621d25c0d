/**
 * Reads the JUnit report of `deno test`.
 *
 * @module
 */

/** How the tests of a run ended. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/**
 * Counts the tests of a JUnit report. Steps are left out, as in Deno's own
 * summary: Deno reports the step `b` of the test `a` as a case named `a > b`,
 * after the test, which fails with its step.
 */
export function countTests(report: string): Counts {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  for (const [suite] of report.matchAll(/<testsuite [\s\S]*?<\/testsuite>/g)) {
    const seen = new Set<string>();
    for (const [, name = "", body = ""] of suite.matchAll(CASE)) {
      const isStep = namesBefore(name).some((parent) => seen.has(parent));
      seen.add(name);
      if (isStep) continue;
      if (/<(failure|error)\b/.test(body)) counts.failed++;
      else if (/<skipped\b/.test(body)) counts.skipped++;
      else counts.passed++;
    }
  }
  return counts;
}

/** The closing line of a run, in the one form that other tools read. */
export function closingLine({ passed, failed, skipped }: Counts): string {
  const line = `${passed} passed, ${failed} failed`;
  return skipped > 0 ? `${line}, ${skipped} skipped` : line;
}

/** A test case, with its name and its body. Names and texts are escaped, so no tag is inside one. */
const CASE = /<testcase name="([^"]*)"[^>]*?(?:\/>|>([\s\S]*?)<\/testcase>)/g;

/** What may be the name of the test that `name` is a step of: each part that ends at a ` > `. */
function namesBefore(name: string): string[] {
  const words = name.split(" &gt; ");
  return words.slice(1).map((_, index) =>
    words.slice(0, index + 1).join(" &gt; ")
  );
}
