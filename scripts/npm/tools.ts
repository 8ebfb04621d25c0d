/**
 * Packs and installs packages of npm. Development tools and runtimes are each installed
 * once, below .cache/, since every `deno task` would install entries of deno.json.
 *
 * @module
 */

import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { cached, readInputs } from "../cache.ts";
import { ROOT_URL } from "../project.ts";
import { NPM, succeed } from "../run.ts";

/** The part of `npm pack --json` that is used. */
export interface Packed {
  name: string;
  filename: string;
  size: number;
  unpackedSize: number;
  files: { path: string; size: number }[];
}

/** The options of every install; no package runs its own code during it. */
export const INSTALL_OPTIONS = [
  "--ignore-scripts",
  "--no-audit",
  "--no-fund",
  "--prefer-offline",
];

/** Packs a package, a folder or a tarball, into a tarball in `to`. */
export async function packPackage(spec: string, to: string): Promise<Packed> {
  const args = ["pack", "--json", "--ignore-scripts", spec];
  const [packed] = JSON.parse(await succeed(NPM, args, { cwd: to }));
  return packed;
}

/** Installs packages into an empty folder. */
export async function installPackages(
  folder: string,
  packages: readonly string[],
): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(
    `${folder}/package.json`,
    `${JSON.stringify({ name: "consumer", private: true })}\n`,
  );
  const args = ["install", ...INSTALL_OPTIONS, ...packages];
  await succeed(NPM, args, { cwd: folder });
}

/**
 * Installs packages into a cached folder, unless they are installed, and returns its path.
 * Each specifier has an exact version.
 */
export async function installCached(
  label: string,
  packages: readonly string[],
): Promise<string> {
  const install = (folder: URL) =>
    installPackages(fileURLToPath(folder), packages);
  return toPath(await cached(`npm/${label}`, packages, install));
}

/**
 * Installs a set of tools with a lock, unless it is installed, and returns its folder: the
 * bundler of a release's modules, or the tools that check the package. Only a change of the
 * lock changes the installed versions.
 */
export async function installLocked(
  label: "bundler" | "checkers",
): Promise<string> {
  const from = `scripts/npm/locked/${label}`;
  const names = ["package.json", "package-lock.json"];
  const inputs = await readInputs(names.map((name) => `${from}/${name}`));
  const install = async (folder: URL) => {
    for (const name of names) {
      const file = new URL(`${from}/${name}`, ROOT_URL);
      await Deno.copyFile(file, new URL(name, folder));
    }
    await succeed(NPM, ["ci", ...INSTALL_OPTIONS], { cwd: folder });
  };
  return toPath(await cached(`npm/${label}`, inputs, install));
}

/** Returns the path of a folder, without a slash at its end. */
function toPath(folder: URL): string {
  return resolve(fileURLToPath(folder));
}

/** Evaluates a script with esbuild in Node; esbuild's program is a script on some systems, and a binary on others. */
export async function evaluateWithEsbuild(script: string): Promise<string> {
  const cwd = await installLocked("bundler");
  return await succeed("node", [
    "--eval",
    `const esbuild = require("esbuild");\n${script}`,
  ], { cwd });
}
