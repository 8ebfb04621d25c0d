/**
 * The files of behaviours, and the behaviours that each declares.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { listFiles } from "../project.ts";
import { cached, readInputs } from "../cache.ts";
import { succeed } from "../run.ts";
import { bundlePrograms } from "./bundle.ts";

/** The folder of the behaviours, relative to the root. */
const BEHAVIOURS = "tests/conformance/behaviours";

/** Programs that behaviours start with the runtime that they run on. */
const HOSTS = "tests/conformance/hosts";

/** Lists the files of behaviours by their names without extension: `turns`. */
export async function listBehaviours(): Promise<string[]> {
  return (await listFiles(BEHAVIOURS)).map((path) =>
    path.slice(BEHAVIOURS.length + 1).replace(/\.ts$/, "")
  );
}

/** Returns the path of a file of behaviours, relative to the root. */
export function behaviourPath(file: string): string {
  return `${BEHAVIOURS}/${file}.ts`;
}

/** Bundles behaviours and hosts, and returns the folder with `behaviours/` and `hosts/`. */
export async function bundleBehaviours(): Promise<URL> {
  return await bundlePrograms("behaviours", [
    ...await listFiles(BEHAVIOURS),
    ...await listFiles(HOSTS),
  ]);
}

/**
 * Makes Deno report the behaviours that each file declares, without running them, and returns
 * the folder of the reports: a column that declares others misses some.
 */
export async function declareAll(): Promise<URL> {
  const inputs = await readInputs(await listFiles("tests"));
  return await cached("conformance/names", inputs, async (folder) => {
    await succeed(Deno.execPath(), [
      "run",
      "--allow-all",
      "--no-check",
      "scripts/conformance/declare.ts",
      fileURLToPath(folder),
      ...await listBehaviours(),
    ]);
  });
}
