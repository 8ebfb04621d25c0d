/**
 * The last part of a build, the same for both compilers: modules, package.json and
 * documents, and a look at what is there.
 *
 * @module
 */

import { ROOT_URL } from "../project.ts";
import { CODE_FOLDER, DOCUMENTS, type PackageJson } from "./package_json.ts";
import { packageNames } from "./bundle.ts";

/** What is kept of a compiler's work; the modules are bundled. */
const DECLARATION = /\.d\.ts$/;

/** A comment, whose examples import the package itself. */
const COMMENT = /\/\*[\s\S]*?\*\//g;

/** What a declaration names in `from "…"` or `import("…")`. */
const IMPORTED = /\b(?:from|import)\s*\(?\s*"([^"]+)"/g;

/** Marks of files that never belong there: tests, their support, and dnt's shims and polyfills. */
const STRAY = /(?:^|\/)(?:testing|tests)\/|_test\.|(?:^|\/)_dnt\./;

/**
 * Makes a compiled package whole.
 *
 * @param modules The bundled modules and their maps, by their paths.
 */
export async function finishPackage(
  folder: string,
  modules: Record<string, string>,
  packageJson: PackageJson,
): Promise<void> {
  await removeLeftovers(folder);
  for (const path of await filesBelow(`${folder}/${CODE_FOLDER}`)) {
    const file = `${folder}/${CODE_FOLDER}/${path}`;
    if (!DECLARATION.test(path)) await Deno.remove(file);
    else checkDeclaration(path, await Deno.readTextFile(file), packageJson);
  }
  for (const [path, text] of Object.entries(modules)) {
    const file = `${folder}/${path}`;
    await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(file, text);
  }
  await Deno.writeTextFile(
    `${folder}/package.json`,
    `${JSON.stringify(packageJson, null, 2)}\n`,
  );
  for (const document of DOCUMENTS) {
    await Deno.copyFile(new URL(document, ROOT_URL), `${folder}/${document}`);
  }
  checkFiles(await filesBelow(folder), packageJson);
}

/**
 * Checks that everything an entry needs is there, and nothing else.
 *
 * @throws {Error} With the paths that are wrong.
 */
export function checkFiles(files: string[], packageJson: PackageJson): void {
  const stray = files.filter((path) =>
    STRAY.test(path) ||
    !path.startsWith(`${CODE_FOLDER}/`) && path !== "package.json" &&
      !DOCUMENTS.includes(path)
  );
  const wanted = [
    "package.json",
    ...DOCUMENTS,
    ...Object.values(packageJson.exports).flatMap((entry) =>
      Object.values<string>({ ...entry }).map((path) => path.slice(2))
    ),
  ];
  const missing = wanted.filter((path) => !files.includes(path));
  if (stray.length + missing.length > 0) {
    throw new Error(
      `Cannot finish the package: stray [${stray.join(", ")}], missing [${
        missing.join(", ")
      }]`,
    );
  }
}

/**
 * Checks that what a declaration names comes with the package.
 *
 * @throws {Error} With the packages that do not.
 */
export function checkDeclaration(
  path: string,
  text: string,
  { dependencies }: PackageJson,
): void {
  const specifiers = [...text.replaceAll(COMMENT, "").matchAll(IMPORTED)]
    .map(([, specifier = ""]) => specifier);
  const missing = packageNames(specifiers)
    .filter((name) => !Object.hasOwn(dependencies, name));
  if (missing.length > 0) {
    throw new Error(
      `Cannot finish the package: "${path}" names ${
        missing.join(", ")
      }, which no module loads`,
    );
  }
}

/** Removes what dnt needs to compile and npm has no use for. */
async function removeLeftovers(folder: string): Promise<void> {
  for await (const { name } of Deno.readDir(folder)) {
    if (name === CODE_FOLDER) continue;
    await Deno.remove(`${folder}/${name}`, { recursive: true });
  }
}

/** The files below a folder, as paths from there with `/`, sorted. */
export async function filesBelow(folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (!isDirectory) files.push(name);
    else {
      const inside = await filesBelow(`${folder}/${name}`);
      files.push(...inside.map((path) => `${name}/${path}`));
    }
  }
  return files.sort();
}
