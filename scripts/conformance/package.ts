/**
 * The package as npm users install it: built, packed, and installed in a folder
 * that is used again as long as the sources stay the same.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { buildNpm } from "../npm/build.ts";
import { installPackages, packPackage } from "../npm/packages.ts";
import { say } from "../print.ts";
import { exists, listFiles, readProjectFile, ROOT_URL } from "../project.ts";
import { CACHE } from "./cache.ts";

/** What decides the package, beside the sources. */
const INPUTS = [
  "deno.json",
  "mod.ts",
  "streams.ts",
  "sync.ts",
  "README.md",
  "LICENSE",
];

/** Libraries that behaviours use beside the package: those that users give its signals to. */
const BEHAVIOURS_USE = ["abort-controller", "p-map"];

/** How long an installed package is kept after its last use, in ms. */
const KEPT_MS = 60 * 60_000;

/** Installs the package, zod and the CLI, and gives the folder that holds `node_modules`. */
export async function installPackage(): Promise<URL> {
  const folder = new URL(`package-${await hashOfInputs()}/`, CACHE);
  if (await exists(folder)) {
    // Still in use: not to be taken for an old one.
    await Deno.utime(folder, new Date(), new Date());
    return folder;
  }
  await removeOld();
  say("Packing and installing the package …");
  // Under another name until it is whole: runs at the same time share the folder.
  const unfinished = new URL(`unfinished-${crypto.randomUUID()}/`, CACHE);
  await Deno.mkdir(unfinished, { recursive: true });
  try {
    const path = fileURLToPath(unfinished);
    await buildNpm(`${path}built`);
    const tarball = await packPackage(`${path}built`, path);
    await installPackages(path, [
      tarball,
      ...await librariesOf(BEHAVIOURS_USE),
    ]);
    await linkCli(unfinished);
    await Deno.rename(unfinished, folder).catch(async (error) => {
      // Another run was faster.
      if (!await exists(folder)) throw error;
    });
  } finally {
    await Deno.remove(unfinished, { recursive: true }).catch(() => {});
  }
  return folder;
}

/** Libraries with the versions that deno.json has for them. */
async function librariesOf(names: readonly string[]): Promise<string[]> {
  const { imports } = await readProjectFile();
  return names.map((name) => (imports[name] ?? name).replace(/^npm:/, ""));
}

/** Puts the CLI, which `deno task` has installed, beside the package: its 100 MB are there once. */
async function linkCli(folder: URL): Promise<void> {
  const scope = new URL("node_modules/@openai/", folder);
  await Deno.mkdir(scope, { recursive: true });
  await Deno.symlink(await cliFolder(), new URL("codex", scope), {
    type: "dir",
  });
}

/** Where the CLI's package really is. */
function cliFolder(): Promise<string> {
  return Deno.realPath(new URL("node_modules/@openai/codex", ROOT_URL));
}

/** A short name for the state of everything that the package is made of. */
async function hashOfInputs(): Promise<string> {
  const paths = [
    ...INPUTS,
    ...await listFiles("src"),
    ...await listFiles("scripts/npm"),
  ];
  const texts = await Promise.all(
    paths.map((path) => Deno.readTextFile(new URL(path, ROOT_URL))),
  );
  const all = new TextEncoder().encode(
    await cliFolder() +
      paths.map((path, index) => `${path}\n${texts[index]}\n`).join(""),
  );
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", all));
  return hash.slice(0, 8).toHex();
}

/** Removes packages of older sources, and what a run that was killed has left. */
async function removeOld(): Promise<void> {
  if (!await exists(CACHE)) return;
  for await (const { name } of Deno.readDir(CACHE)) {
    if (!/^(?:package|unfinished|run)-/.test(name)) continue;
    const folder = new URL(`${name}/`, CACHE);
    const { mtime } = await Deno.stat(folder);
    if (Date.now() - (mtime?.getTime() ?? 0) < KEPT_MS) continue;
    await Deno.remove(folder, { recursive: true }).catch(() => {});
  }
}
