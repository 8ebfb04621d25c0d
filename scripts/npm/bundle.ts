/**
 * Bundles the modules of the npm package: what the main entry loads is one chunk,
 * so that there is one copy of each class, and what is loaded late are chunks of
 * their own. A runtime takes 0.4 ms for each file that it has to find and read; the
 * sources are more than 60.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { listFiles, readProjectFile, ROOT_URL } from "../project.ts";
import { succeed } from "./command.ts";
import { CODE_FOLDER } from "./package_json.ts";
import { installLocked } from "./tools.ts";

/** The package's modules, bundled. */
export interface Bundle {
  /** Modules and their maps, by their paths in the package. */
  files: Record<string, string>;
  /** The packages that they load, sorted. */
  packages: string[];
}

/** A worker: a module that is loaded by its URL, and by no import. */
export interface Worker {
  /** How the sources name it: `./worker.ts`. */
  specifier: string;
  /** Where it is, from the root: `src/sync/worker.ts`. */
  path: string;
}

/** A module that is named by its place beside another one. */
const URL_OF_MODULE =
  /(\bnew URL\(\s*)"(\.{1,2}\/[^"]+\.ts)"(,\s*import\.meta\.url,?\s*\))/g;

/** The entry that most load. */
const MAIN = "./mod.ts";

/** Sources that are in no package. */
const UNPUBLISHED = "src/testing/";

/** Bundles the entries of deno.json, and the workers that they start. */
export async function bundle(): Promise<Bundle> {
  const { exports } = await readProjectFile();
  const workers = await listWorkers();
  const entries = [
    ...Object.values(exports).map((path) => path.replace(/^\.\//, "")),
    ...workers.map(({ path }) => path),
  ];
  const { files, packages } = await runEsbuild(entries);
  return {
    files: Object.fromEntries(
      Object.entries(files).map(([path, text]) => [
        path,
        path.endsWith(".js") ? linkWorkers(text, path, workers) : text,
      ]),
    ),
    packages: packageNames(packages),
  };
}

/** The workers of all sources. */
async function listWorkers(): Promise<Worker[]> {
  const workers: Worker[] = [];
  for (const path of await listFiles("src")) {
    if (path.startsWith(UNPUBLISHED)) continue;
    const text = await Deno.readTextFile(new URL(path, ROOT_URL));
    workers.push(...workersIn(text, path));
  }
  return workers;
}

/** The workers that a module names, by `new URL("./worker.ts", import.meta.url)`. */
export function workersIn(text: string, path: string): Worker[] {
  return [...text.matchAll(URL_OF_MODULE)].map(([, , specifier = ""]) => ({
    specifier,
    path: resolve(specifier, path),
  }));
}

/**
 * Lets a bundled module find the workers from where it is now.
 *
 * @param path Where the module is in the package.
 * @throws {Error} For a module that is no worker, or one of two by the same name.
 */
export function linkWorkers(
  text: string,
  path: string,
  workers: readonly Worker[],
): string {
  return text.replace(
    URL_OF_MODULE,
    (_, before: string, specifier: string, after: string) => {
      const paths = new Set(
        workers.filter((worker) => worker.specifier === specifier)
          .map((worker) => worker.path),
      );
      const [only] = paths;
      if (only === undefined || paths.size > 1) {
        throw new Error(
          `Cannot tell which module "${specifier}" is: ${paths.size} have the name`,
        );
      }
      const output = `${CODE_FOLDER}/${only.replace(/\.ts$/, ".js")}`;
      return `${before}"${relative(output, path)}"${after}`;
    },
  );
}

/** The names of packages among imported specifiers, each once, sorted. */
export function packageNames(specifiers: readonly string[]): string[] {
  const names = specifiers
    .filter((specifier) => !/^(?:node:|[./])/.test(specifier))
    .map((specifier) =>
      specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/")
    );
  return [...new Set(names)].sort();
}

/** Where a relative specifier in the module at `path` leads. */
function resolve(specifier: string, path: string): string {
  return new URL(specifier, `file:///${path}`).pathname.slice(1);
}

/** A path as the module at `from` names it. */
function relative(path: string, from: string): string {
  const to = path.split("/");
  const above = from.split("/").slice(0, -1);
  while (above.length > 0 && above[0] === to[0]) {
    above.shift();
    to.shift();
  }
  return [...above.length === 0 ? ["."] : above.map(() => ".."), ...to]
    .join("/");
}

/** How a bundled module is written. Debuggers alone read its map, and that holds the sources. */
const PRINTED = {
  format: "esm",
  target: "esnext",
  charset: "utf8",
  sourcemap: "external",
  sourcesContent: true,
};

/** Runs esbuild through its API: its program is a script on one system and a binary on another. */
async function runEsbuild(entries: readonly string[]): Promise<Bundle> {
  const tools = await installLocked("bundler");
  const options = {
    absWorkingDir: fileURLToPath(ROOT_URL),
    entryPoints: entries.map((path) => ({
      in: path,
      out: path.replace(/\.ts$/, ""),
    })),
    // As if it were beside the sources, so that maps do not tell where it was made.
    outdir: CODE_FOLDER,
    write: false,
    metafile: true,
    bundle: true,
    splitting: true,
    // What the main entry loads is loaded by all: one chunk, rather than one for each
    // set of entries that share something.
    inject: [MAIN],
    chunkNames: "chunks/[name]-[hash]",
    packages: "external",
    platform: "neutral",
    format: "esm",
    // No syntax is lowered: the sources use what the oldest Node of `engines` has.
    target: "esnext",
    tsconfigRaw: {
      compilerOptions: {
        target: "ESNext",
        useDefineForClassFields: true,
        verbatimModuleSyntax: true,
      },
    },
    minifyWhitespace: true,
    sourcemap: "inline",
    logLevel: "error",
  };
  // What is written without white space has lost its comments, which declarations
  // have. Written again with it, a stack says where it was, also without the map.
  const script = `
    const { basename, relative, sep } = require("node:path");
    const { buildSync, transformSync } = require("esbuild");
    const options = ${JSON.stringify(options)};
    const { outputFiles, metafile } = buildSync(options);
    const files = outputFiles.flatMap(({ path, text }) => {
      const name = relative(options.absWorkingDir, path).replaceAll(sep, "/");
      const { code, map } = transformSync(text, {
        ...${JSON.stringify(PRINTED)},
        sourcefile: name,
      });
      // One that only hands on what others export comes from no source.
      if (JSON.parse(map).sources.includes(name)) return [[name, code]];
      const comment = "//# sourceMappingURL=" + basename(name) + ".map\\n";
      return [[name, code + comment], [name + ".map", map]];
    });
    const packages = Object.values(metafile.outputs).flatMap(({ imports }) =>
      imports.filter(({ external }) => external).map(({ path }) => path));
    console.log(JSON.stringify({ files: Object.fromEntries(files), packages }));`;
  return JSON.parse(await succeed("node", ["--eval", script], { cwd: tools }));
}
