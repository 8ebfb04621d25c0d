/**
 * Packs and installs npm packages.
 *
 * @module
 */

import { NPM, succeed } from "./command.ts";

/** Packs the package in `folder`, and returns the tarball's path, in `to`. */
export async function packPackage(folder: string, to: string): Promise<string> {
  const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", to];
  const [packed] = JSON.parse(await succeed(NPM, args, { cwd: folder }));
  return `${to}/${packed.filename}`;
}

/** Installs packages into an empty folder of its own. */
export async function installPackages(
  folder: string,
  packages: string[],
  { scripts = false }: {
    /** Whether the packages may run code as they are installed. @default {false} */
    scripts?: boolean;
  } = {},
): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(
    `${folder}/package.json`,
    `${JSON.stringify({ name: "consumer", private: true })}\n`,
  );
  const args = ["install", "--no-audit", "--no-fund", "--prefer-offline"];
  if (!scripts) args.push("--ignore-scripts");
  await succeed(NPM, [...args, ...packages], {
    cwd: folder,
    timeoutMs: 300_000,
  });
}
