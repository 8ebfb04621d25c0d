/**
 * Checks that the package survives bundlers: what they make runs a turn, from an
 * empty folder, with the CLI on PATH.
 *
 * @module
 */

import { run, succeed } from "../command.ts";
import { type CheckContext, nodeOf } from "./context.ts";
import { type Check, Skipped } from "./report.ts";
import { runTurn, TURN_PROGRAM } from "./turn.ts";

/** The file of {@linkcode TURN_PROGRAM}, in the consumer's folder. */
const PROGRAM = "turn.mjs";

/** What Deno says where the runtime of compiled programs is not to be had. */
const NO_DENORT = /Download .*denort[\s\S]*Setting up base binary/;

/** The checks of turns: as installed, and through each bundler. */
export function bundlingChecks(context: CheckContext): Check[] {
  return [
    {
      title: "@openai/codex from npm, on Node 20",
      run: () => usesInstalledCodex(context),
    },
    {
      title: "esbuild to ESM, on Node 26",
      run: () => esbuild(context, "esm", "26"),
    },
    {
      title: "esbuild to CJS, on Node 20",
      run: () => esbuild(context, "cjs", "20"),
    },
    { title: "bun build --compile", run: () => bunCompile(context) },
    { title: "deno compile", run: () => denoCompile(context) },
    { title: "deno bundle, on Deno", run: () => denoBundle(context) },
  ];
}

/** Writes the program that all of them start from. */
export async function writeTurnProgram(consumer: string): Promise<void> {
  await Deno.writeTextFile(`${consumer}/${PROGRAM}`, TURN_PROGRAM);
}

/** Unbundled: the CLI is found as the npm package that is installed for the program. */
async function usesInstalledCodex(context: CheckContext): Promise<string> {
  const { consumer, codexProject, temporary } = context;
  const project = await emptyFolder(context, "with-codex");
  const program = `${project}/${PROGRAM}`;
  await Deno.copyFile(`${consumer}/${PROGRAM}`, program);
  await Deno.mkdir(`${project}/node_modules`);
  const link = (from: string, name: string): Promise<void> =>
    Deno.symlink(
      `${from}/node_modules/${name}`,
      `${project}/node_modules/${name}`,
      {
        type: "dir",
      },
    );
  await link(codexProject, "@openai");
  for (const name of ["@acodex", "zod"]) await link(consumer, name);
  return await runTurn(
    nodeOf(context, "20").path,
    [program],
    { cwd: temporary, path: systemPath() },
  );
}

async function esbuild(
  context: CheckContext,
  format: "esm" | "cjs",
  node: string,
): Promise<string> {
  const { consumer, bundler } = context;
  const folder = await emptyFolder(context, `esbuild-${format}`);
  const output = `${folder}/app.${format === "esm" ? "mjs" : "cjs"}`;
  const options = {
    entryPoints: [PROGRAM],
    absWorkingDir: consumer,
    bundle: true,
    platform: "node",
    format,
    outfile: output,
    logLevel: "error",
  };
  // Through its API: its program is a script on one system and a binary on another.
  const script = `require("esbuild").buildSync(${JSON.stringify(options)})`;
  await succeed("node", ["--eval", script], { cwd: bundler });
  const size = kilobytes((await Deno.stat(output)).size);
  return `${size}, ${await turnIn(folder, context, nodeOf(context, node).path, [
    output,
  ])}`;
}

async function bunCompile(context: CheckContext): Promise<string> {
  const { bun, consumer } = context;
  const folder = await emptyFolder(context, "bun-compile");
  const output = `${folder}/app`;
  await succeed(
    bun.path,
    ["build", "--compile", PROGRAM, "--outfile", output],
    { cwd: consumer },
  );
  return `${bun.label}, ${await turnIn(folder, context, output, [])}`;
}

async function denoCompile(context: CheckContext): Promise<string> {
  const folder = await emptyFolder(context, "deno-compile");
  const output = `${folder}/app`;
  const compile = (env: Record<string, string>) =>
    run(
      Deno.execPath(),
      ["compile", "--allow-all", "--no-lock", "--output", output, PROGRAM],
      { cwd: context.consumer, env },
    );
  const compiled = await compile({});
  if (compiled.code === 0) return await turnIn(folder, context, output, []);
  if (!NO_DENORT.test(compiled.stderr)) throw new Error(compiled.stderr);

  // With any other program in the place of the runtime, all but the run is seen.
  const packed = await compile({ DENORT_BIN: Deno.execPath() });
  if (packed.code !== 0) throw new Error(packed.stderr);
  throw new Skipped(
    "it compiles, but runs no turn here: the runtime of compiled programs (denort) cannot be downloaded",
  );
}

async function denoBundle(context: CheckContext): Promise<string> {
  const folder = await emptyFolder(context, "deno-bundle");
  const output = `${folder}/app.js`;
  await succeed(
    Deno.execPath(),
    ["bundle", "--no-lock", "--quiet", "--output", output, PROGRAM],
    { cwd: context.consumer },
  );
  return await turnIn(folder, context, Deno.execPath(), [
    "run",
    "--no-prompt",
    "--allow-all",
    "--quiet",
    output,
  ]);
}

/** Runs what was bundled, where nothing but PATH leads to the CLI. */
async function turnIn(
  folder: string,
  { codexFolder }: CheckContext,
  program: string,
  args: string[],
): Promise<string> {
  const cwd = `${folder}/empty`;
  await Deno.mkdir(cwd);
  const path = [codexFolder, systemPath()].join(
    Deno.build.os === "windows" ? ";" : ":",
  );
  return await runTurn(program, args, { cwd, path });
}

/** Where the system's own programs are, the agent's shell among them. */
function systemPath(): string {
  return Deno.build.os === "windows"
    ? `${Deno.env.get("SystemRoot")}\\System32`
    : "/usr/bin:/bin";
}

async function emptyFolder(
  { temporary }: CheckContext,
  name: string,
): Promise<string> {
  const folder = `${temporary}/${name}`;
  await Deno.mkdir(folder);
  return folder;
}

function kilobytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024)} kB`;
}
