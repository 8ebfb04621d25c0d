/**
 * Bundles the modules of the npm package: the modules that the main entry loads are one
 * chunk, so that there is one copy of each class; modules that are loaded late are separate
 * chunks. A runtime takes 0.4 ms to find and read a file, and there are more than 60 sources.
 *
 * @module
 */

import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import { readProjectFile, ROOT_URL } from "../project.ts";
import { CODE_FOLDER, PROGRAM } from "./package_json.ts";
import { evaluateWithEsbuild } from "./tools.ts";

/** The package's modules, bundled. */
export interface Bundle {
  /** Modules and their maps, by their paths in the package. */
  files: Record<string, string>;
  /** The packages that they load, sorted. */
  packages: string[];
}

/** The module that is loaded by its URL, not by an import. */
const WORKER = "src/sync/worker.ts";

/** Matches the URL of a module relative to another one. */
const URL_OF_MODULE =
  /(\bnew URL\(\s*)(?:\/\*.*?\*\/\s*)?"(\.{1,2}\/[^"]+\.ts)"(,\s*import\.meta\.url,?\s*\))/g;

/** The main entry. */
const MAIN = "./mod.ts";

/** Bundles the entries of deno.json, the worker that they start, and the program. */
export async function bundle(): Promise<Bundle> {
  const { exports } = await readProjectFile();
  const { files, packages } = await runEsbuild([
    ...Object.values(exports).map((path) => path.replace(/^\.\//, "")),
    WORKER,
    PROGRAM.source,
  ]);
  return {
    files: Object.fromEntries(
      Object.entries(files).map(([path, text]) => [
        path,
        path.endsWith(".js") ? linkWorker(text, path) : text,
      ]),
    ),
    packages: packageNames(packages),
  };
}

/**
 * Changes the relative URL of the worker to fit a module's place in the package.
 *
 * @param path The module's path in the package.
 * @throws {Error} For a module that is not the worker.
 */
export function linkWorker(text: string, path: string): string {
  const worker = `${CODE_FOLDER}/${WORKER.replace(/\.ts$/, ".js")}`;
  const to = posix.relative(posix.dirname(path), worker);
  return text.replace(
    URL_OF_MODULE,
    (_, before: string, specifier: string, after: string) => {
      if (posix.basename(specifier) !== posix.basename(WORKER)) {
        throw new Error(`Cannot tell which module "${specifier}" is`);
      }
      return `${before}"${to.startsWith(".") ? to : `./${to}`}"${after}`;
    },
  );
}

/** Lists the names of packages among imported specifiers, each once, sorted. */
export function packageNames(specifiers: readonly string[]): string[] {
  const names = specifiers
    .filter((specifier) => !/^(?:node:|[./])/.test(specifier))
    .map((specifier) =>
      specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/")
    );
  return [...new Set(names)].sort();
}

async function runEsbuild(entries: readonly string[]): Promise<Bundle> {
  const options = {
    absWorkingDir: fileURLToPath(ROOT_URL),
    entryPoints: entries.map((path) => ({
      in: path,
      out: path.replace(/\.ts$/, ""),
    })),
    // Next to the sources, so that source maps do not contain the path of the build.
    outdir: CODE_FOLDER,
    write: false,
    metafile: true,
    bundle: true,
    splitting: true,
    // All entries load the modules of the main entry, for one chunk rather than one for each
    // set of entries that share modules.
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
  // Output without white space has no comments, which are in the declarations. White space is
  // added again, so that a stack trace is useful without the source map.
  const script = `
    const { basename, relative, sep } = require("node:path");
    const options = ${JSON.stringify(options)};
    const { outputFiles, metafile } = esbuild.buildSync(options);
    const files = outputFiles.flatMap(({ path, text }) => {
      const name = relative(options.absWorkingDir, path).replaceAll(sep, "/");
      const { code, map } = esbuild.transformSync(text, {
        format: "esm",
        target: "esnext",
        charset: "utf8",
        // Debuggers alone read its map, and that holds the sources.
        sourcemap: "external",
        sourcesContent: true,
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
  return JSON.parse(await evaluateWithEsbuild(script));
}
