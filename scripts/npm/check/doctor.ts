/**
 * Tests that the doctor of the installed package runs on each runtime, by the name that
 * package managers give it, and as a function: on a machine without a CLI and a login.
 *
 * @module
 */

import { run } from "../../run.ts";
import { findProgram, readContext } from "./context.ts";

const context = readContext();
const { consumer, name, programs, temporary } = context;

/** The part of a report that is used. */
interface Report {
  ok: boolean;
  runtime: { name: string; version: string };
  package: { name: string; version: string };
  cli: unknown;
  problems: { fails: boolean; message: string; fix: string }[];
}

/** Runs a program in an environment without a CLI and a login. */
async function runBare(program: string, args: readonly string[]) {
  const home = await Deno.makeTempDir({ dir: temporary, prefix: "home-" });
  return await run(program, args, {
    cwd: consumer,
    env: { HOME: home, PATH: "/usr/bin:/bin", DENO_NO_UPDATE_CHECK: "1" },
    clearEnv: true,
  });
}

/** Checks a report of such a machine. */
function check(text: string, runtime: string): void {
  const report: Report = JSON.parse(text);
  const failing = report.problems.filter(({ fails }) => fails);
  const holds = !report.ok && report.cli === null &&
    report.package.name === name && report.runtime.name === runtime &&
    /^\d+\./.test(report.runtime.version) && failing.length >= 2 &&
    failing.every(({ fix }) => fix !== "");
  if (!holds) throw new Error(`It says: ${text}`);
}

/** The program, as package managers link it. */
const BIN = `${consumer}/node_modules/.bin/acodex`;

for (const [id, { label, path }] of Object.entries(programs)) {
  const runtime = id.startsWith("node") ? "node" : id;
  Deno.test(`acodex doctor on ${label}`, async () => {
    const json = await runBare(path, [BIN, "doctor", "--json"]);
    check(json.stdout, runtime);
    if (json.code !== 1) throw new Error(`It exits with ${json.code}`);
    if (json.stderr !== "") throw new Error(`It says: ${json.stderr}`);
    const text = await runBare(path, [BIN, "doctor"]);
    if (text.code !== 1 || !text.stdout.includes("A turn would fail here.")) {
      throw new Error(`It says: ${text.stdout}`);
    }
    const usage = await runBare(path, [BIN]);
    if (usage.code !== 0 || !usage.stdout.startsWith("Usage: acodex")) {
      throw new Error(`It says: ${usage.stdout}`);
    }
    const other = await runBare(path, [BIN, "docter"]);
    if (other.code !== 2 || other.stdout !== "") {
      throw new Error(`It says: ${other.stdout}`);
    }
  });
}

Deno.test("the doctor on Deno, from the installed package", async () => {
  const file = `${consumer}/node_modules/${name}/esm/doctor.js`;
  const args = ["run", "--allow-all", "--no-prompt", "--quiet", file, "--json"];
  const { stdout, code } = await runBare(Deno.execPath(), args);
  check(stdout, "deno");
  if (code !== 1) throw new Error(`It exits with ${code}`);
});

Deno.test("the doctor as a function prints nothing, and sets no exit code", async () => {
  const file = `${consumer}/doctor_function.mjs`;
  await Deno.writeTextFile(
    file,
    `import { doctor } from "${name}/doctor";
const report = await doctor();
console.log(JSON.stringify(report));
`,
  );
  const { stdout, code } = await runBare(findProgram(context, "node24").path, [
    file,
  ]);
  check(stdout, "node");
  if (code !== 0) throw new Error(`It exits with ${code}`);
});
