/**
 * Proves that the pure files of layers.ts need nothing but the web's own
 * libraries: `deno run --allow-all scripts/check_web.ts`.
 *
 * @module
 */

import { layerOf, LAYERS } from "./layers.ts";
import { say } from "./print.ts";
import { listFiles, readProjectFile, ROOT_URL } from "./project.ts";
import { captureDeno, runDeno } from "./run.ts";

/** What a browser offers: no `Deno`, no `process`, no `Buffer`. */
const WEB_LIBRARIES = ["esnext", "dom", "dom.iterable", "dom.asynciterable"];

if (import.meta.main) Deno.exit(await checkWeb({}) ? 0 : 1);

/** Checks the types, and the modules that are loaded. */
export async function checkWeb(env: Record<string, string>): Promise<boolean> {
  const files = (await listFiles("src")).filter((path) =>
    path.endsWith(".ts") && isPure(path)
  );
  if (files.length === 0) {
    say("No pure file was found.");
    return false;
  }
  return await typesHold(files, env) && await importsHold(files, env);
}

/** Tells whether a root-relative path belongs to a pure layer. */
function isPure(path: string): boolean {
  return layerOf(path)?.pure === true;
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

/**
 * Looks at every import that runs. The type check cannot see `node:` modules:
 * Deno knows their types whatever the libraries are.
 */
async function importsHold(
  files: string[],
  env: Record<string, string>,
): Promise<boolean> {
  const graphs = await Promise.all(files.map((file) => readGraph(file, env)));
  const problems = new Set<string>();
  for (const module of graphs.flat()) {
    if (!isPure(rootPath(module.specifier))) continue;
    for (const { code } of module.dependencies ?? []) {
      const target = code?.specifier;
      if (
        target === undefined || target.startsWith("npm:") ||
        isPure(rootPath(target))
      ) continue;
      problems.add(
        `"${rootPath(module.specifier)}" is pure and loads "${
          rootPath(target)
        }"`,
      );
    }
  }
  for (const problem of problems) say(problem);
  return problems.size === 0;
}

/** A module's URL as a path from the root; other URLs stay as they are. */
function rootPath(url: string): string {
  return url.startsWith(ROOT_URL.href) ? url.slice(ROOT_URL.href.length) : url;
}

/** What is read of `deno info --json`. */
interface Module {
  specifier: string;
  dependencies?: { code?: { specifier?: string } }[];
}

/** The modules that a file loads, itself included. */
async function readGraph(
  file: string,
  env: Record<string, string>,
): Promise<Module[]> {
  const { success, stdout, stderr } = await captureDeno([
    "info",
    "--json",
    file,
  ], env);
  if (!success) {
    throw new Error(`Cannot read the imports of "${file}": ${stderr.trim()}`);
  }
  return JSON.parse(stdout).modules;
}
