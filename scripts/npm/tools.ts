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
import checkers from "./locked/checkers/package.json" with { type: "json" };
import { installFromLock, installPackages } from "./packages.ts";

/** Where they lie. */
const CACHE = new URL(".cache/npm/", ROOT_URL);

/** Where each set of locked tools has its package.json and its lock. */
const LOCKED = new URL("scripts/npm/locked/", ROOT_URL);

/**
 * A set of tools with a lock: what the modules of a release are made with, and
 * what checks the package. Only new versions of a lock change what is installed.
 */
export type LockedTools = "bundler" | "checkers";

/** The compilers of a user, by the name they are installed under: what most have, and the newest. */
export const TYPESCRIPTS: Record<string, string> = Object.fromEntries(
  Object.entries(checkers.dependencies).flatMap(([name, specifier]) => {
    const version = /^npm:typescript@(.+)$/.exec(specifier)?.[1];
    return version === undefined ? [] : [[name, version]];
  }),
);

/** The types of the oldest Node: what a user has who supports it. */
export const NODE_TYPES = "@types/node@20.19.43";

/** The entry of an installed tool: a script for Node. */
export function toolScript(tools: string, path: string): string {
  return `${tools}/node_modules/${path}`;
}

/**
 * Installs packages into a cached folder, unless they are there, and returns its
 * path. The folder's name holds the packages, so that other ones mean another
 * folder: each of them names its exact version.
 */
export async function installCached(
  label: string,
  packages: readonly string[],
): Promise<string> {
  return await installOnce(
    label,
    packages,
    (folder) => installPackages(folder, packages),
  );
}

/** Installs a set of locked tools, unless it is there, and returns its folder. */
export async function installLocked(label: LockedTools): Promise<string> {
  const files = await Promise.all(
    ["package.json", "package-lock.json"].map(async (name) => ({
      name,
      text: await Deno.readTextFile(new URL(`${label}/${name}`, LOCKED)),
    })),
  );
  return await installOnce(
    label,
    files.map(({ text }) => text),
    async (folder) => {
      await Deno.mkdir(folder, { recursive: true });
      for (const { name, text } of files) {
        await Deno.writeTextFile(`${folder}/${name}`, text);
      }
      await installFromLock(folder);
    },
  );
}

/** Fills a cached folder, unless it is there: its name holds what decides what is in it. */
async function installOnce(
  label: string,
  inputs: readonly string[],
  install: (folder: string) => Promise<void>,
): Promise<string> {
  const folder = new URL(`${label}-${await shortHash(inputs)}`, CACHE);
  if (await exists(folder)) return fileURLToPath(folder);
  say(`Installing ${label} …`);
  const draft = new URL(`draft-${crypto.randomUUID()}`, CACHE);
  try {
    await install(fileURLToPath(draft));
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
