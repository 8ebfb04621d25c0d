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

/** What every install is given: no package runs code of its own while it is installed. */
const INSTALL_OPTIONS = [
  "--ignore-scripts",
  "--no-audit",
  "--no-fund",
  "--prefer-offline",
];

/** How long an install may take, in ms. */
const INSTALL_TIMEOUT_MS = 300_000;

/** Installs packages into an empty folder of its own. */
export async function installPackages(
  folder: string,
  packages: readonly string[],
): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(
    `${folder}/package.json`,
    `${JSON.stringify({ name: "consumer", private: true })}\n`,
  );
  await succeed(NPM, ["install", ...INSTALL_OPTIONS, ...packages], {
    cwd: folder,
    timeoutMs: INSTALL_TIMEOUT_MS,
  });
}

/** Installs into `folder` exactly what the package-lock.json that is there names, by hash. */
export async function installFromLock(folder: string): Promise<void> {
  await succeed(NPM, ["ci", ...INSTALL_OPTIONS], {
    cwd: folder,
    timeoutMs: INSTALL_TIMEOUT_MS,
  });
}
