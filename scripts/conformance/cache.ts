/**
 * Keeps what the suite installs and bundles in folders of their own, each named by
 * a hash of all that decides what is in it.
 *
 * @module
 */

import { say } from "../print.ts";
import { exists, ROOT_URL } from "../project.ts";

/** The suite's folder, not under version control. */
export const CACHE: URL = new URL(".cache/conformance/", ROOT_URL);

/** How long a folder is kept after its last use, in ms. */
const KEPT_MS = 60 * 60_000;

/**
 * Fills the folder for some inputs, unless it is there, and returns it. A lock has
 * test files that run at the same time wait for the one that fills it.
 */
export async function cached(
  label: string,
  inputs: readonly string[],
  fill: (folder: URL) => Promise<void>,
): Promise<URL> {
  const folder = new URL(`${label}-${await shortHash(inputs)}/`, CACHE);
  await Deno.mkdir(CACHE, { recursive: true });
  using lock = await Deno.open(new URL(`${label}.lock`, CACHE), {
    create: true,
    write: true,
  });
  await lock.lock(true);
  if (await exists(folder)) {
    // Still in use: not to be taken for an old one.
    await Deno.utime(folder, new Date(), new Date());
    return folder;
  }
  await removeOld(label);
  say(`Preparing ${label} …`);
  // Under another name until it is whole: a run may be killed.
  const draft = new URL(`${label}-draft/`, CACHE);
  await Deno.remove(draft, { recursive: true }).catch(() => {});
  await Deno.mkdir(draft);
  await fill(draft);
  await Deno.rename(draft, folder);
  return folder;
}

/** Reads files (relative to the root) as inputs: their paths and texts. */
export async function readInputs(paths: readonly string[]): Promise<string[]> {
  return await Promise.all(
    paths.map(async (path) =>
      `${path}\n${await Deno.readTextFile(new URL(path, ROOT_URL))}`
    ),
  );
}

/** Makes a short name for inputs. */
async function shortHash(inputs: readonly string[]): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(inputs));
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return hash.slice(0, 8).toHex();
}

/** Removes folders of older inputs. */
async function removeOld(label: string): Promise<void> {
  for await (const { name } of Deno.readDir(CACHE)) {
    if (!name.startsWith(`${label}-`)) continue;
    const folder = new URL(`${name}/`, CACHE);
    const { mtime } = await Deno.stat(folder);
    if (Date.now() - (mtime?.getTime() ?? 0) < KEPT_MS) continue;
    await Deno.remove(folder, { recursive: true });
  }
}
