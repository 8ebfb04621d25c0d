/**
 * Programs of the tests as JavaScript for Node and Bun: bundled, since Node 20 does not run
 * TypeScript, but without the package, which is loaded from `node_modules`.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { cached, readInputs } from "../cache.ts";
import { listFiles, readProjectFile } from "../project.ts";
import { succeed } from "../run.ts";
import { installPackage } from "./package.ts";

/** Matches the bundler's comment above each module of the package itself, except a shared module of constants. */
const OWN_SOURCE =
  /^\/\/ (?:mod\.ts|src\/(?!testing\/|cli\/terminate\/ps_command).*)/m;

/**
 * Bundles programs, unless that was done before, and returns their folder, which has the same
 * layout as their sources, next to the installed package.
 */
export async function bundlePrograms(
  label: string,
  programs: readonly string[],
): Promise<URL> {
  const installed = await installPackage();
  // They may contain any file of the tests, and contain src/testing/.
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
    // Otherwise these would be bundled, as they are names of this project.
    ...Object.keys(exports).map((entry) =>
      `--external=${entry.replace(".", name)}`
    ),
    "--code-splitting",
    "--sourcemap=inline",
    `--outdir=${fileURLToPath(folder)}`,
    ...programs,
  ]);
}

/** Throws if the bundle contains sources of the package: the installed package is to be tested. */
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
