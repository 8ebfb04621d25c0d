/**
 * The package as npm users install it: built, packed and installed.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { cached, readInputs } from "../cache.ts";
import { buildNpm } from "../npm/build.ts";
import { installPackages, packPackage } from "../npm/tools.ts";
import { listFiles, readProjectFile, ROOT_URL } from "../project.ts";

/** What decides the package, beside the sources and the documents. */
const INPUTS = ["deno.json", "LICENSE"];

/** Libraries that behaviours use beside the package: those that users give its signals to. */
const BEHAVIOURS_USE = ["abort-controller", "p-map"];

/** Installs the package, zod and the CLI, and gives the folder that holds `node_modules`. */
export async function installPackage(): Promise<URL> {
  const cli = await Deno.realPath(
    new URL("node_modules/@openai/codex", ROOT_URL),
  );
  const inputs = await readInputs([
    ...INPUTS,
    ...Object.values((await readProjectFile()).exports),
    ...await listFiles("src"),
    ...await listFiles("scripts/npm"),
  ]);
  return await cached(
    "conformance/package",
    [cli, ...inputs],
    async (folder) => {
      const path = fileURLToPath(folder);
      await buildNpm(`${path}built`, "deno pack");
      const { filename } = await packPackage(`${path}built`, path);
      const libraries = await pinLibraries(BEHAVIOURS_USE);
      await installPackages(path, [`./${filename}`, ...libraries]);
      // The CLI, which `deno task` has installed: its 100 MB are there once.
      const scope = new URL("node_modules/@openai/", folder);
      await Deno.mkdir(scope, { recursive: true });
      // A link of a kind that everybody may make on Windows.
      await Deno.symlink(cli, new URL("codex", scope), { type: "junction" });
    },
  );
}

/** Gives libraries with the versions that deno.json has for them. */
async function pinLibraries(names: readonly string[]): Promise<string[]> {
  const { imports } = await readProjectFile();
  return names.map((name) => (imports[name] ?? name).replace(/^npm:/, ""));
}
