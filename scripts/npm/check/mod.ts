/**
 * Packs and installs the npm package as a user does, and checks it there.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import {
  describeNode,
  installRuntime,
  type Runtime,
  RUNTIMES,
  versionOf,
} from "../../conformance/runtimes.ts";
import { ROOT_URL } from "../../project.ts";
import { buildNpm } from "../build.ts";
import { succeed } from "../command.ts";
import { installPackages, packPackage } from "../packages.ts";
import { readSurface } from "../surface.ts";
import { installCached, installLocked, NODE_TYPES } from "../tools.ts";
import { bundlingChecks, writeTurnProgram } from "./bundling.ts";
import type { CheckContext, Program } from "./context.ts";
import { loadingChecks } from "./loading.ts";
import { purityChecks } from "./purity.ts";
import { type Outcome, runChecks } from "./report.ts";
import { sizeChecks } from "./size.ts";
import { typingChecks } from "./typing.ts";

/** The oldest that `engines` allows, beside the newest of each line. */
const OLDEST_NODES = ["20.19.0", "22.12.0"];

/**
 * Checks the package.
 *
 * @param given A package that is built already, as a folder or as a tarball;
 * otherwise it is built for the occasion.
 */
export async function checkNpm(given?: string): Promise<Outcome> {
  const temporary = await Deno.realPath(
    await Deno.makeTempDir({ prefix: "acodex-npm-" }),
  );
  try {
    const context = await prepare(temporary, given);
    // The slow ones first, so that the quick ones fill what is left.
    return await runChecks([
      ...typingChecks(context),
      ...bundlingChecks(context),
      ...loadingChecks(context),
      ...purityChecks(context),
      ...sizeChecks(context),
    ]);
  } finally {
    await Deno.remove(temporary, { recursive: true });
  }
}

/** Builds, packs and installs what the checks need. */
async function prepare(
  temporary: string,
  given: string | undefined,
): Promise<CheckContext> {
  const { built, tarball } = await packed(temporary, given);
  const checkers = await installLocked("checkers");
  const bundler = await installLocked("bundler");
  const codexProject = await installCached("codex", [await cliSpec()]);

  const programs = new Map<string, Program>();
  const oldest = OLDEST_NODES.map((version) =>
    describeNode(`node${version}`, version)
  );
  for (const runtime of [...oldest, ...RUNTIMES]) {
    if (runtime.npm === undefined) continue;
    programs.set(runtime.name.replace("node", ""), await install(runtime));
  }
  const bun = programs.get("bun");
  if (bun === undefined) throw new Error("Cannot find Bun among the runtimes");
  programs.delete("bun");

  const consumer = `${temporary}/consumer`;
  await installPackages(consumer, [tarball, NODE_TYPES]);
  await writeTurnProgram(consumer);
  return {
    tarball,
    built,
    consumer,
    temporary,
    checkers,
    bundler,
    surface: await readSurface(),
    nodes: programs,
    bun,
    codexFolder: fileURLToPath(new URL("node_modules/.bin", ROOT_URL)),
    codexProject,
  };
}

/** The package in both forms; a tarball that is given is checked as it is, not packed anew. */
async function packed(
  temporary: string,
  given: string | undefined,
): Promise<Pick<CheckContext, "built" | "tarball">> {
  if (given?.endsWith(".tgz")) {
    await succeed("tar", ["-xzf", given, "-C", temporary], { cwd: temporary });
    return { built: `${temporary}/package`, tarball: given };
  }
  const built = given ?? `${temporary}/npm`;
  if (given === undefined) await buildNpm(built, "deno pack");
  return { built, tarball: await packPackage(built, temporary) };
}

/** The CLI in the version that `deno task` has installed. */
async function cliSpec(): Promise<string> {
  const name = "@openai/codex";
  const manifest = new URL(`node_modules/${name}/package.json`, ROOT_URL);
  const { version } = JSON.parse(await Deno.readTextFile(manifest));
  return `${name}@${version}`;
}

async function install(runtime: Runtime): Promise<Program> {
  const path = await installRuntime(runtime);
  const kind = runtime.name.startsWith("node") ? "Node" : "Bun";
  return { label: `${kind} ${await versionOf(path)}`, path };
}
