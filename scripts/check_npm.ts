/**
 * Checks the npm package, packed and installed as a user does, by the tests of
 * scripts/npm/check: `deno task check:npm [PACKAGE]`. PACKAGE is one that was built
 * before: a folder such as npm/, or a tarball (`.tgz`). Without it, builds one.
 *
 * @module
 */

import { OLDEST_NODES } from "./npm/package_json.ts";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import {
  describeNode,
  installRuntime,
  readVersion,
  RUNTIMES,
} from "./conformance/runtimes.ts";
import { buildNpm } from "./npm/build.ts";
import {
  type CheckContext,
  CONTEXT_VARIABLE,
  type Program,
} from "./npm/check/context.ts";
import { TURN_FILE, TURN_PROGRAM } from "./npm/check/turn.ts";
import { readSurface } from "./npm/surface.ts";
import {
  installCached,
  installLocked,
  installPackages,
  packPackage,
} from "./npm/tools.ts";
import { ROOT_URL } from "./project.ts";
import { runDeno } from "./run.ts";

/** The types of the oldest Node, for users who support it. */
const NODE_TYPES = "@types/node@20.19.43";

/** The test files, slow ones first. */
const FILES = ["typing", "bundling", "loading", "doctor", "purity", "size"];

if (import.meta.main) Deno.exit(await main(Deno.args[0]));

/** Prepares and runs the tests, and returns the exit code. */
async function main(given: string | undefined): Promise<number> {
  const temporary = await Deno.realPath(
    await Deno.makeTempDir({ prefix: "acodex-npm-" }),
  );
  try {
    const context = await prepare(temporary, given);
    const path = `${temporary}/context.json`;
    await Deno.writeTextFile(path, JSON.stringify(context));
    const files = FILES.map((name) => `scripts/npm/check/${name}.ts`);
    const args = ["test", "--allow-all", "--no-check", "--parallel", ...files];
    return await runDeno(args, { [CONTEXT_VARIABLE]: path });
  } finally {
    await Deno.remove(temporary, { recursive: true });
  }
}

/** Builds, packs and installs what the tests need. */
async function prepare(
  temporary: string,
  given: string | undefined,
): Promise<CheckContext> {
  const source = given === undefined ? `${temporary}/npm` : resolve(given);
  if (given === undefined) await buildNpm(source, "deno pack");
  const packed = await packPackage(source, temporary);
  // A given tarball is checked unchanged.
  const tarball = source.endsWith(".tgz")
    ? source
    : `${temporary}/${packed.filename}`;
  const consumer = `${temporary}/consumer`;
  await installPackages(consumer, [tarball]);
  const consumerOfNode = `${temporary}/consumer_of_node`;
  await installPackages(consumerOfNode, [tarball, NODE_TYPES]);
  await Deno.writeTextFile(`${consumer}/${TURN_FILE}`, TURN_PROGRAM);

  const programs: Record<string, Program> = {};
  const oldest = OLDEST_NODES.map((version) =>
    describeNode(`node${version}`, version)
  );
  for (const runtime of [...oldest, ...RUNTIMES]) {
    if (runtime.npm === undefined) continue;
    const path = await installRuntime(runtime);
    const kind = runtime.name.startsWith("node") ? "Node" : "Bun";
    const label = `${kind} ${await readVersion(path)}`;
    programs[runtime.name] = { label, path };
  }
  return {
    name: packed.name,
    packed,
    tarball,
    consumer,
    consumerOfNode,
    temporary,
    checkers: await installLocked("checkers"),
    surface: await readSurface(),
    programs,
    codexFolder: fileURLToPath(new URL("node_modules/.bin", ROOT_URL)),
    codexProject: await installCached("codex", [await cliSpec()]),
  };
}

/** Returns the npm specifier of the CLI, in the version that `deno task` has installed. */
async function cliSpec(): Promise<string> {
  const name = "@openai/codex";
  const manifest = new URL(`node_modules/${name}/package.json`, ROOT_URL);
  const { version } = JSON.parse(await Deno.readTextFile(manifest));
  return `${name}@${version}`;
}
