/**
 * The behaviours as JavaScript for Node and Bun: bundled, since Node 20 reads no
 * TypeScript, with the package left to be found in `node_modules`.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { listFiles } from "../project.ts";
import { captureDeno } from "../run.ts";

/** Where the behaviours lie, relative to the root. */
const BEHAVIOURS = "tests/conformance/behaviours";

/** Programs that behaviours start with the runtime that they run on. */
const HOSTS = "tests/conformance/hosts";

/** What the bundler writes above each module of the package itself. */
const OWN_SOURCE = /^\/\/ (?:mod\.ts|src\/(?!testing\/))/m;

/** A file of behaviours. */
export interface BehaviourFile {
  /** Its name without its ending: `turns`. */
  readonly name: string;
  /** Where it lies, relative to the root. */
  readonly path: string;
}

/** The files of behaviours, by name. */
export async function listBehaviours(): Promise<BehaviourFile[]> {
  return (await listFiles(BEHAVIOURS)).map((path) => ({
    path,
    name: path.slice(BEHAVIOURS.length + 1).replace(/\.ts$/, ""),
  }));
}

/** Bundles the behaviours and hosts into the folders `behaviours/` and `hosts/` of a folder. */
export async function bundleBehaviours(
  folder: URL,
  env: Record<string, string>,
): Promise<void> {
  const behaviours = (await listBehaviours()).map(({ path }) => path);
  await bundleFor(folder, [...behaviours, ...await listFiles(HOSTS)], env);
}

/** Bundles files for every runtime into a folder; the package is left to be found. */
export async function bundleFor(
  folder: URL,
  files: readonly string[],
  env: Record<string, string>,
): Promise<void> {
  const { success, stdout, stderr } = await captureDeno([
    "bundle",
    "--platform=deno",
    "--packages=external",
    // Known by name as this project's own, these would be bundled otherwise.
    "--external=@acodex/sdk",
    "--external=@acodex/sdk/streams",
    "--external=@acodex/sdk/sync",
    "--code-splitting",
    "--sourcemap=inline",
    `--outdir=${fileURLToPath(folder)}`,
    ...files,
  ], env);
  if (!success) throw new Error(`Cannot bundle: ${stderr}${stdout}`);
  await checkBundle(folder);
}

/** Fails if sources of the package are in the bundle: the installed ones are to be run. */
async function checkBundle(folder: URL): Promise<void> {
  for await (const entry of Deno.readDir(folder)) {
    const url = new URL(`${entry.name}${entry.isDirectory ? "/" : ""}`, folder);
    if (entry.isDirectory) {
      await checkBundle(url);
    } else if (OWN_SOURCE.test(await Deno.readTextFile(url))) {
      throw new Error(`The bundle holds sources of the package: ${entry.name}`);
    }
  }
}
