/**
 * Keeps what the scripts install and bundle in folders below `.cache/`, each named by a
 * hash of everything that determines its content.
 *
 * @module
 */

import { say } from "./print.ts";
import { exists, ROOT_URL } from "./project.ts";

/** The time that a folder is kept after its last use, in ms. */
const KEPT_MS = 60 * 60_000;

/**
 * Fills the folder for some inputs, unless it exists, and returns it. A lock makes
 * concurrent processes wait for the one that fills it.
 *
 * @param label Its name: the folder above it, and a name for its content.
 */
export async function cached(
  label: `${"npm" | "conformance"}/${string}`,
  inputs: readonly string[],
  fill: (folder: URL) => Promise<void>,
): Promise<URL> {
  const path = new URL(`.cache/${label}`, ROOT_URL);
  const folder = new URL(`${path}-${await shortHash(inputs)}/`);
  await Deno.mkdir(new URL("./", path), { recursive: true });
  using lock = await Deno.open(new URL(`${path}.lock`), {
    create: true,
    write: true,
  });
  await lock.lock(true);
  if (await exists(folder)) {
    // Marks it as used, so that it is not removed as old.
    await Deno.utime(folder, new Date(), new Date());
    return folder;
  }
  await removeOld(path);
  say(`Preparing ${label} …`);
  // Under another name until it is complete, as a run may be killed.
  const draft = new URL(`${path}-draft/`);
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

/** Hashes inputs to a short name. */
async function shortHash(inputs: readonly string[]): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(inputs));
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return hash.slice(0, 6).toHex();
}

/** Removes folders of older inputs. */
async function removeOld(path: URL): Promise<void> {
  const prefix = `${path}-`;
  for await (const { name } of Deno.readDir(new URL("./", path))) {
    const folder = new URL(`${name}/`, path);
    if (!folder.href.startsWith(prefix)) continue;
    const { mtime } = await Deno.stat(folder);
    if (Date.now() - (mtime?.getTime() ?? 0) < KEPT_MS) continue;
    await Deno.remove(folder, { recursive: true });
  }
}
