/**
 * Runs the tests: `deno task test [files and options of deno test] [--all]`.
 *
 * Tests, options, reports and exit code are those of `deno test`. On Linux, a run of all tests
 * also checks the coverage of src/; a part of src/ runs on no other system. The columns of the
 * conformance suite that are in a separate folder run with `--all`, or if they are named.
 *
 * @module
 */

import { checkCoverage } from "./coverage.ts";
import { closingLine, countTests } from "./junit.ts";
import { say } from "./print.ts";
import { listFiles } from "./project.ts";
import { type Ran, run, runDeno, succeed } from "./run.ts";
import { prepareWarmHome } from "./warm_home.ts";

/** The number of test files that run concurrently per core; most of them mostly wait. */
const FILES_PER_CORE = 3;

if (import.meta.main) Deno.exit(await main(Deno.args));

/** Runs the tests and the coverage gate, and returns the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const folder = await Deno.makeTempDir({ prefix: "acodex-test-" });
  try {
    const own = args.filter((arg) => arg !== "--all");
    const wanted = /^--junit-path[=\n](.+)$/m.exec(own.join("\n"))?.[1];
    const report = wanted ?? `${folder}/junit.xml`;
    const selected = own.filter((arg) =>
      !arg.startsWith("--junit-path") && arg !== wanted
    );
    const isWhole = selected.length === 0;
    const isCoverageRun = isWhole && Deno.build.os === "linux";
    const profiles = `${folder}/coverage`;
    // Deno checks all types before the first test, on one core.
    const checking = isWhole ? checkTypes() : undefined;
    const tested = await runDeno([
      "test",
      "--allow-all",
      ...isWhole ? ["--no-check"] : [],
      "--parallel",
      `--junit-path=${report}`,
      ...isCoverageRun
        ? [`--coverage=${profiles}`, "--coverage-raw-data-only"]
        : [],
      ...args.some((arg) =>
          arg === "--all" || /conformance|ai_sdk|drop_in/.test(arg)
        )
        ? []
        : ["--ignore=tests/conformance/all,tests/ai_sdk/all,tests/drop_in/all"],
      ...selected,
    ], await environment());
    const checked = await checking;
    if (checked?.code) say(checked.stderr);
    const exitCode = tested || (checked?.code ?? 0);
    const isCovered = exitCode !== 0 || !isCoverageRun ||
      await checkCoverage(profiles);
    // If no test began, there is no report.
    const text = await Deno.readTextFile(report).catch(() => "");
    say(closingLine(countTests(text, exitCode)));
    return isCovered ? exitCode : 1;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Checks the types of all tests. */
async function checkTypes(): Promise<Ran> {
  const files = (await listFiles("tests"))
    .filter((path) => path.endsWith("_test.ts"));
  return await run(Deno.execPath(), ["check", "--quiet", ...files]);
}

/** Returns the variables that the tests get beside those that are there. */
async function environment(): Promise<Record<string, string>> {
  const info = await succeed(Deno.execPath(), ["info", "--json"]);
  return {
    DENO_JOBS: Deno.env.get("DENO_JOBS") ??
      String(FILES_PER_CORE * navigator.hardwareConcurrency),
    // A Deno that gets another HOME would compile all sources anew.
    DENO_DIR: JSON.parse(info).denoDir,
    // The suites on the real CLI are those for POSIX.
    ...Deno.build.os === "windows" ? {} : await prepareWarmHome(),
  };
}
