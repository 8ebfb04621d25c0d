/**
 * The last part of a build, the same for both compilers: package.json, documents
 * and source maps, and a look at what is there.
 *
 * @module
 */

import { ROOT_URL } from "../project.ts";
import { CODE_FOLDER, DOCUMENTS, type PackageJson } from "./package_json.ts";
import { separateMap } from "./source_map.ts";

/** What belongs into the package's code. */
const CODE_FILE = /\.(?:js|js\.map|d\.ts)$/;

/** Marks of files that never belong there: tests, their support, and dnt's shims and polyfills. */
const STRAY = /(?:^|\/)(?:testing|tests)\/|_test\.|(?:^|\/)_dnt\./;

/** Makes a compiled package whole. */
export async function finishPackage(
  folder: string,
  packageJson: PackageJson,
): Promise<void> {
  await removeLeftovers(folder);
  for (const path of await filesBelow(`${folder}/${CODE_FOLDER}`)) {
    const file = `${folder}/${CODE_FOLDER}/${path}`;
    // dnt puts a package.json there, for the type that ours has.
    if (!CODE_FILE.test(path)) await Deno.remove(file);
    else if (path.endsWith(".js")) await finishModule(file);
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

/** Removes what dnt needs to compile and npm has no use for. */
async function removeLeftovers(folder: string): Promise<void> {
  for await (const { name } of Deno.readDir(folder)) {
    if (name === CODE_FOLDER) continue;
    await Deno.remove(`${folder}/${name}`, { recursive: true });
  }
}

/** Puts a module's map into a file of its own. */
async function finishModule(file: string): Promise<void> {
  const { code, map } = separateMap(
    file.slice(file.lastIndexOf("/") + 1),
    await Deno.readTextFile(file),
    await readIfThere(`${file}.map`),
  );
  await Deno.writeTextFile(file, code);
  if (map) await Deno.writeTextFile(`${file}.map`, JSON.stringify(map));
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
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
