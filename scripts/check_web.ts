/**
 * Proves that all of src/ but the rooms that may load `node:` modules needs nothing
 * but the web's own libraries: `deno run --allow-all scripts/check_web.ts`.
 *
 * @module
 */

import { layerOf, LAYERS } from "./layers.ts";
import { say } from "./print.ts";
import { listFiles, readProjectFile, ROOT_URL } from "./project.ts";
import { runDeno } from "./run.ts";

/** What a browser offers: no `Deno`, no `process`, no `Buffer`. */
const WEB_LIBRARIES = ["esnext", "dom", "dom.iterable", "dom.asynciterable"];

if (import.meta.main) Deno.exit(await checkWeb({}) ? 0 : 1);

/** Checks the types. */
export async function checkWeb(
  env: Record<string, string> = {},
): Promise<boolean> {
  const files = (await listFiles("src")).filter((path) =>
    path.endsWith(".ts") && isOfTheWeb(path)
  );
  if (files.length === 0) {
    say("No file was found.");
    return false;
  }
  return await typesHold(files, env);
}

/** Tells whether a root-relative path belongs to a layer without `node:` modules. */
function isOfTheWeb(path: string): boolean {
  const layer = layerOf(path);
  return layer !== undefined && layer.node === undefined;
}

/** Type-checks the files with the compiler options of the project and the web's libraries. */
async function typesHold(
  files: string[],
  env: Record<string, string>,
): Promise<boolean> {
  const { imports, compilerOptions } = await readProjectFile();
  const packages = new Set(LAYERS.flatMap((layer) => layer.packages ?? []));
  const folder = new URL(".cache/web/", ROOT_URL);
  await Deno.mkdir(folder, { recursive: true });
  // A name of its own for each run: two runs at once must not read each other's half.
  const name = `deno-${crypto.randomUUID()}.json`;
  const config = new URL(name, folder);
  try {
    await Deno.writeTextFile(
      config,
      JSON.stringify({
        compilerOptions: { ...compilerOptions, lib: WEB_LIBRARIES },
        imports: Object.fromEntries(
          Object.entries(imports).filter(([name]) => packages.has(name)),
        ),
        // From Deno's cache: a node_modules folder would be made beside this file.
        nodeModulesDir: "none",
        lock: false,
      }),
    );
    const args = ["check", "--config", ".cache/web/" + name, ...files];
    return await runDeno(args, env) === 0;
  } finally {
    await Deno.remove(config);
  }
}
