/**
 * Makes the project run where JSR does not answer, with no step for the reader.
 *
 * The tests and checks import four packages of the Deno standard library from
 * JSR. Where JSR answers, those are used. Where it does not, npm's `deno-std`,
 * which holds the same code compiled and without types, is laid out as a
 * registry of files, with types from `types/`.
 *
 * @module
 */

import { exists, readProjectFile, ROOT_URL } from "../project.ts";
import { captureDeno } from "../run.ts";
import { say } from "../print.ts";
import { collectPackage, type PackageFiles } from "./collect.ts";
import { type RegistryPackage, writeFileTree } from "./file_tree.ts";
import { jsrAnswers } from "./probe.ts";

/** The packages that a closed network gets: name to folder of `deno-std`, and name of its types. */
const PACKAGES: Record<string, string> = {
  "@std/assert": "assert",
  "@std/jsonc": "jsonc",
  "@std/streams": "streams",
  "@std/yaml": "yaml",
};

/**
 * Packages with no copy on npm: name to name of its types. A closed network gets
 * modules that type-check and throw when they are used; scripts/build_npm.ts has
 * another way there.
 */
const TYPES_ONLY: Record<string, string> = { "@deno/dnt": "dnt" };

/** Where the trees lie. */
const TREES = new URL(".cache/jsr/", ROOT_URL);

/** What {@linkcode prepareRegistry} found. */
export interface Registry {
  /** To be added to the environment of every `deno` child. */
  env: Record<string, string>;
  /** Where @std comes from. */
  source: "jsr" | "npm";
}

/** Chooses where @std comes from, makes it ready, and says which it is. */
export async function prepareRegistry(): Promise<Registry> {
  const registry = await chooseRegistry();
  say(
    registry.source === "jsr"
      ? "@std comes from JSR."
      : "@std comes from npm (deno-std), with the types of scripts/closed_network: JSR does not answer.",
  );
  return registry;
}

/** Makes the registry of files, and returns its URL. */
export async function buildFileRegistry(): Promise<URL> {
  const library = new URL("node_modules/deno-std/", ROOT_URL);
  if (!await exists(library)) await installPackages();

  const { imports } = await readProjectFile();
  const packages: RegistryPackage[] = [];
  for (const [name, folder] of Object.entries(PACKAGES)) {
    const types = new URL(`types/${folder}.d.ts`, import.meta.url);
    packages.push({
      name,
      version: lowestVersion(name, imports[name]),
      files: await collectPackage(library, folder, types),
    });
  }
  for (const [name, types] of Object.entries(TYPES_ONLY)) {
    packages.push({
      name,
      version: lowestVersion(name, imports[name]),
      files: await typesAlone(
        name,
        new URL(`types/${types}.d.ts`, import.meta.url),
      ),
    });
  }
  return await writeFileTree(TREES, packages);
}

async function chooseRegistry(): Promise<Registry> {
  // A script that runs under another one (a test of these very files) inherits its choice.
  if (Deno.env.get("JSR_URL")?.startsWith(TREES.href)) {
    return { env: {}, source: "npm" };
  }

  const { imports } = await readProjectFile();
  const specifiers = Object.keys(PACKAGES).flatMap((name) =>
    imports[name] ?? []
  );
  if (await jsrAnswers(specifiers)) return { env: {}, source: "jsr" };
  return { env: { JSR_URL: (await buildFileRegistry()).href }, source: "npm" };
}

/** A package that has types, and throws when one of its functions is called. */
async function typesAlone(name: string, types: URL): Promise<PackageFiles> {
  const text = await Deno.readTextFile(types);
  const functions = [...text.matchAll(/^export function (\w+)/gm)].map(
    ([, name]) => name,
  );
  const message = `Cannot use "${name}": JSR does not answer`;
  return new Map([
    ["/types.d.ts", text],
    [
      "/mod.js",
      `// @ts-self-types="./types.d.ts"\n` +
      functions.map((each) =>
        `export function ${each}() {\n  throw new Error(${
          JSON.stringify(message)
        });\n}\n`
      ).join(""),
    ],
  ]);
}

/** The lowest version that a range of deno.json allows: the tree has one version, and this one fits. */
function lowestVersion(name: string, specifier: string | undefined): string {
  const version = /@[\^~]?(\d+\.\d+\.\d+)$/.exec(specifier ?? "")?.[1];
  if (version === undefined) {
    throw new Error(
      `Cannot read the version of "${name}" in deno.json: "${specifier}"`,
    );
  }
  return version;
}

/** `deno task` installs the npm packages by itself; a script that is run directly may come first. */
async function installPackages(): Promise<void> {
  const { success, stderr } = await captureDeno(["install"]);
  if (!success) {
    throw new Error(`Cannot install the npm packages: ${stderr.trim()}`);
  }
}
