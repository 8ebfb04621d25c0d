/**
 * Programs of the tests as JavaScript for Node and Bun: bundled, since Node 20 reads
 * no TypeScript, with the package left to be found in `node_modules`.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { cached, readInputs } from "../cache.ts";
import { listFiles, readProjectFile } from "../project.ts";
import { succeed } from "../run.ts";
import { installPackage } from "./package.ts";

/** What the bundler writes above each module of the package itself; one of constants that finding processes shares is none. */
const OWN_SOURCE =
  /^\/\/ (?:mod\.ts|src\/(?!testing\/|cli\/terminate\/ps_command).*)/m;

/**
 * Bundles programs, unless they are there, and gives the folder that holds them, as
 * they lie in their own, beside the installed package.
 */
export async function bundlePrograms(
  label: string,
  programs: readonly string[],
): Promise<URL> {
  const installed = await installPackage();
  // Any of the tests' files may be a part of them, and src/testing/ is.
  const texts = await readInputs(await listFiles("tests"));
  const inputs = [installed.href, ...programs, ...texts];
  return await cached(`conformance/${label}`, inputs, async (folder) => {
    await bundle(folder, programs);
    await checkBundle(folder);
    await Deno.writeTextFile(
      new URL("package.json", folder),
      '{ "private": true, "type": "module" }\n',
    );
    await Deno.symlink(
      new URL("node_modules", installed),
      new URL("node_modules", folder),
      { type: "dir" },
    );
  });
}

async function bundle(
  folder: URL,
  programs: readonly string[],
): Promise<void> {
  const { name, exports } = await readProjectFile();
  await succeed(Deno.execPath(), [
    "bundle",
    "--platform=deno",
    "--packages=external",
    // Known by name as this project's own, these would be bundled otherwise.
    ...Object.keys(exports).map((entry) =>
      `--external=${entry.replace(".", name)}`
    ),
    "--code-splitting",
    "--sourcemap=inline",
    `--outdir=${fileURLToPath(folder)}`,
    ...programs,
  ]);
}

/** Fails if sources of the package are in the bundle: the installed ones are to be run. */
async function checkBundle(folder: URL): Promise<void> {
  for await (const entry of Deno.readDir(folder)) {
    const url = new URL(`${entry.name}${entry.isDirectory ? "/" : ""}`, folder);
    if (entry.isDirectory) {
      await checkBundle(url);
      continue;
    }
    const source = OWN_SOURCE.exec(await Deno.readTextFile(url))?.[0];
    if (source !== undefined) {
      throw new Error(`${entry.name} holds a source of the package: ${source}`);
    }
  }
}
