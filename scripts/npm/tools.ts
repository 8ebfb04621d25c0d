/**
 * Development tools and runtimes from npm for the checks of the package, each
 * installed once, under .cache/: entries of deno.json would be installed by every
 * `deno task`.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { say } from "../print.ts";
import { exists, ROOT_URL } from "../project.ts";
import { installPackages } from "./packages.ts";

/** Where they lie. */
const CACHE = new URL(".cache/npm/", ROOT_URL);

/** The compilers of a user: what most have, and the newest. */
export const TYPESCRIPTS: Record<string, string> = {
  "5.9": "5.9.3",
  "7.0": "7.0.2",
};

/** What bundles the package, and is a bundler that users have. */
export const ESBUILD = "esbuild@0.28.2";

/** The tools, pinned: a new version of them must not fail an old commit. */
export const TOOLS: readonly string[] = [
  "@arethetypeswrong/cli@0.18.5",
  ESBUILD,
  "publint@0.3.25",
  ...Object.entries(TYPESCRIPTS).map(([short, version]) =>
    `${typescriptAlias(short)}@npm:typescript@${version}`
  ),
];

/** The types of the oldest Node: what a user has who supports it. */
export const NODE_TYPES = "@types/node@20.19.43";

/** The name that a compiler is installed under. */
export function typescriptAlias(short: string): string {
  return `typescript-${short}`;
}

/** The entry of an installed tool: a script for Node. */
export function toolScript(tools: string, path: string): string {
  return `${tools}/node_modules/${path}`;
}

/**
 * Installs packages into a cached folder, unless they are there, and returns its
 * path. The folder's name holds the packages, so that other ones mean another
 * folder.
 */
export async function installCached(
  label: string,
  packages: readonly string[],
): Promise<string> {
  const folder = new URL(`${label}-${await shortHash(packages)}`, CACHE);
  if (await exists(folder)) return fileURLToPath(folder);
  say(`Installing ${label}: ${packages.join(", ")} …`);
  const draft = new URL(`draft-${crypto.randomUUID()}`, CACHE);
  try {
    // With their scripts: esbuild and the runtimes put their binaries in place.
    await installPackages(fileURLToPath(draft), [...packages], {
      scripts: true,
    });
    await Deno.rename(draft, folder);
  } catch (error) {
    await Deno.remove(draft, { recursive: true }).catch(() => {});
    // Another run may have been faster.
    if (!await exists(folder)) throw error;
  }
  return fileURLToPath(folder);
}

async function shortHash(values: readonly string[]): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(values));
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return [...new Uint8Array(digest, 0, 6)].map((byte) =>
    byte.toString(16).padStart(2, "0")
  ).join("");
}
