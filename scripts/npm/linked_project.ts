/**
 * Folders as users of the package have them: packages that are installed already, under
 * the names that they go by there, and files.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { cached } from "../cache.ts";

/** What is in such a folder. */
export interface LinkedProject {
  /** The folders of packages, by the names under which they are found. */
  readonly packages: { readonly [name: string]: string };
  /** Files, by their paths. */
  readonly files: { readonly [name: string]: string };
}

/** Makes the folder, unless it is there. */
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

/** Links packages into a folder, under the names that they go by there. */
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

/** Names this package and the CLI, as an installation has them, and the packages of another folder. */
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

/** The folder of a package that an installation holds. */
export function packageIn(installed: URL, name: string): string {
  return fileURLToPath(new URL(`node_modules/${name}`, installed));
}
