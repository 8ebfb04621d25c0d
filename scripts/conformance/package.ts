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

/** The inputs of the package, in addition to the sources and the documents. */
const INPUTS = ["deno.json", "LICENSE"];

/** The libraries that behaviours use in addition to the package, as users combine them with it. */
const BEHAVIOURS_USE = ["abort-controller", "p-map"];

/** Installs the package, zod and the CLI, and returns the folder with `node_modules`. */
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
      // A link to the CLI that `deno task` has installed, to have its 100 MB only once.
      const scope = new URL("node_modules/@openai/", folder);
      await Deno.mkdir(scope, { recursive: true });
      // On Windows every user may create a junction.
      await Deno.symlink(cli, new URL("codex", scope), { type: "junction" });
    },
  );
}

/** Returns the specifiers of libraries, with their versions in deno.json. */
async function pinLibraries(names: readonly string[]): Promise<string[]> {
  const { imports } = await readProjectFile();
  return names.map((name) => (imports[name] ?? name).replace(/^npm:/, ""));
}
