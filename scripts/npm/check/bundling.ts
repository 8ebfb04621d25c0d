/**
 * Tests that the package works with bundlers: their output runs a turn from an empty folder,
 * with the CLI on PATH.
 *
 * @module
 */

import { run, succeed } from "../../run.ts";
import { evaluateWithEsbuild } from "../tools.ts";
import { findProgram, readContext } from "./context.ts";
import { runTurn, TURN_FILE } from "./turn.ts";

const context = readContext();
const { codexFolder, codexProject, consumer, temporary } = context;

/** Matches Deno's message if the runtime of compiled programs cannot be downloaded. */
const NO_DENORT = /Download .*denort[\s\S]*Setting up base binary/;

/** Unbundled: the CLI is found as the npm package that is installed for the program. */
Deno.test("@openai/codex from npm, on Node 20", async () => {
  const project = await emptyFolder("with-codex");
  const program = `${project}/${TURN_FILE}`;
  await Deno.copyFile(`${consumer}/${TURN_FILE}`, program);
  await Deno.mkdir(`${project}/node_modules`);
  const link = (from: string, name: string): Promise<void> =>
    Deno.symlink(
      `${from}/node_modules/${name}`,
      `${project}/node_modules/${name}`,
      { type: "dir" },
    );
  await link(codexProject, "@openai");
  for (const name of ["@acodex", "zod"]) await link(consumer, name);
  const setting = { cwd: temporary, path: systemPath() };
  await runTurn(findProgram(context, "node20").path, [program], setting);
});

for (const [format, node] of [["esm", "node26"], ["cjs", "node20"]] as const) {
  Deno.test(`esbuild to ${format.toUpperCase()}, on ${node}`, async () => {
    const folder = await emptyFolder(`esbuild-${format}`);
    const outfile = `${folder}/app.${format === "esm" ? "mjs" : "cjs"}`;
    const options = {
      entryPoints: [TURN_FILE],
      absWorkingDir: consumer,
      bundle: true,
      platform: "node",
      format,
      outfile,
      logLevel: "error",
    };
    await evaluateWithEsbuild(`esbuild.buildSync(${JSON.stringify(options)})`);
    await turnIn(folder, findProgram(context, node).path, [outfile]);
  });
}

Deno.test("bun build --compile", async () => {
  const folder = await emptyFolder("bun-compile");
  const output = `${folder}/app`;
  const args = ["build", "--compile", TURN_FILE, "--outfile", output];
  await succeed(findProgram(context, "bun").path, args, { cwd: consumer });
  await turnIn(folder, output, []);
});

Deno.test("deno compile", async (test) => {
  const folder = await emptyFolder("deno-compile");
  const output = `${folder}/app`;
  const flags = ["--allow-all", "--no-check", "--no-lock", "--output", output];
  const compile = (env: Record<string, string>) =>
    run(Deno.execPath(), ["compile", ...flags, TURN_FILE], {
      cwd: consumer,
      env,
    });
  const compiled = await compile({});
  const isWhole = compiled.code === 0;
  if (!isWhole) {
    if (!NO_DENORT.test(compiled.stderr)) throw new Error(compiled.stderr);
    // With any other program in the place of the runtime, all but the run is seen.
    const packed = await compile({ DENORT_BIN: Deno.execPath() });
    if (packed.code !== 0) throw new Error(packed.stderr);
  }
  await test.step({
    name: "runs a turn, where the runtime of compiled programs can be had",
    ignore: !isWhole,
    fn: () => turnIn(folder, output, []),
  });
});

Deno.test("deno bundle, on Deno", async () => {
  const folder = await emptyFolder("deno-bundle");
  const output = `${folder}/app.js`;
  const args = ["bundle", "--no-lock", "--quiet", "--output", output];
  await succeed(Deno.execPath(), [...args, TURN_FILE], { cwd: consumer });
  const flags = ["run", "--no-prompt", "--allow-all", "--quiet"];
  await turnIn(folder, Deno.execPath(), [...flags, output]);
});

/** Runs a bundle in a place where the CLI can only be found on PATH. */
async function turnIn(
  folder: string,
  program: string,
  args: string[],
): Promise<void> {
  const cwd = `${folder}/empty`;
  await Deno.mkdir(cwd);
  const path = [codexFolder, systemPath()].join(
    Deno.build.os === "windows" ? ";" : ":",
  );
  await runTurn(program, args, { cwd, path });
}

/** Returns the PATH of the system's own programs, including the agent's shell. */
function systemPath(): string {
  return Deno.build.os === "windows"
    ? `${Deno.env.get("SystemRoot")}\\System32`
    : "/usr/bin:/bin";
}

async function emptyFolder(name: string): Promise<string> {
  const folder = `${temporary}/${name}`;
  await Deno.mkdir(folder);
  return folder;
}
