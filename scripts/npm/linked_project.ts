/**
 * Folders like those of the package's users: with links to packages that are already
 * installed, under any names, and with files.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { cached } from "../cache.ts";

/** The content of such a folder. */
export interface LinkedProject {
  /** The folders of packages, by the names under which they are found. */
  readonly packages: { readonly [name: string]: string };
  /** Files, by their paths. */
  readonly files: { readonly [name: string]: string };
}

/** Creates the folder, unless it exists. */
export async function linkedProject(
  label: string,
  { packages, files }: LinkedProject,
): Promise<URL> {
  const inputs = [JSON.stringify(packages), JSON.stringify(files)];
  return await cached(`conformance/${label}`, inputs, async (folder) => {
    await linkPackages(folder, packages);
    const all = {
      "package.json": '{ "private": true, "type": "module" }\n',
      ...files,
    };
    for (const [name, text] of Object.entries(all)) {
      const file = new URL(name, folder);
      await Deno.mkdir(new URL("./", file), { recursive: true });
      await Deno.writeTextFile(file, text);
    }
  });
}

/** Links packages into a folder, under the given names. */
export async function linkPackages(
  folder: URL,
  packages: LinkedProject["packages"],
): Promise<void> {
  for (const [name, to] of Object.entries(packages)) {
    const link = new URL(`node_modules/${name}`, folder);
    await Deno.mkdir(new URL("./", link), { recursive: true });
    await Deno.symlink(to, link, { type: "dir" });
  }
}

/** Lists the folders of this package and the CLI in an installation, and of packages in another folder. */
export function packagesFor(
  installed: URL,
  packages: string,
  specs: readonly string[],
): Record<string, string> {
  const names = specs.map((spec) => spec.slice(0, spec.lastIndexOf("@")));
  return Object.fromEntries([
    ...["@acodex/sdk", "@openai/codex"].map((name) => [
      name,
      packageIn(installed, name),
    ]),
    ...names.map((name) => [name, `${packages}/node_modules/${name}`]),
  ]);
}

/** Returns the folder of a package in an installation. */
export function packageIn(installed: URL, name: string): string {
  return fileURLToPath(new URL(`node_modules/${name}`, installed));
}
