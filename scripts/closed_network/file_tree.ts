/**
 * Writes a registry as a file tree, which Deno takes for JSR through `JSR_URL=file:///…/`.
 *
 * @module
 */

import type { PackageFiles } from "./collect.ts";

/** One package of the registry. */
export interface RegistryPackage {
  /** As in `@scope/name`. */
  name: string;
  version: string;
  files: PackageFiles;
}

/**
 * Writes `packages` under `folder` and returns the tree's URL.
 *
 * The tree lies in a folder named after its content. So a changed input gives
 * another URL, which no cache of Deno's can know, and an unchanged one costs
 * nothing. A tree is written beside its place and then renamed: two runs at
 * once cannot see half of it, and the slower one finds it done.
 */
export async function writeFileTree(
  folder: URL,
  packages: RegistryPackage[],
): Promise<URL> {
  const files = new Map<string, string>();
  for (const each of packages) await addPackage(files, each);

  const tree = new URL(
    `${(await sha256(JSON.stringify([...files]))).slice(0, 16)}/`,
    folder,
  );
  if (await isFolder(tree)) return tree;

  await Deno.mkdir(folder, { recursive: true });
  const draft = new URL(`draft-${crypto.randomUUID()}/`, folder);
  try {
    for (const [path, text] of files) {
      const file = new URL(path, draft);
      await Deno.mkdir(new URL("./", file), { recursive: true });
      await Deno.writeTextFile(file, text);
    }
    await Deno.rename(draft, tree);
  } catch (error) {
    await Deno.remove(draft, { recursive: true }).catch(() => {});
    if (!await isFolder(tree)) throw error;
  }
  return tree;
}

/** Adds the package's modules and the two documents by which Deno finds them. */
async function addPackage(
  files: Map<string, string>,
  { name, version, files: modules }: RegistryPackage,
): Promise<void> {
  const [scope, short] = name.slice(1).split("/");
  const manifest: Record<string, { size: number; checksum: string }> = {};
  for (const [path, text] of modules) {
    files.set(`${name}/${version}${path}`, text);
    manifest[path] = {
      size: new TextEncoder().encode(text).length,
      checksum: `sha256-${await sha256(text)}`,
    };
  }
  const meta = {
    scope,
    name: short,
    latest: version,
    versions: { [version]: {} },
  };
  files.set(`${name}/meta.json`, JSON.stringify(meta));
  const exports = { ".": "./mod.js" };
  files.set(
    `${name}/${version}_meta.json`,
    JSON.stringify({ manifest, exports }),
  );
}

/** The SHA-256 of a text, in hexadecimal. */
async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest(
    "SHA-256",
    new TextEncoder().encode(text),
  );
  return [...new Uint8Array(digest)].map((byte) =>
    byte.toString(16).padStart(2, "0")
  ).join("");
}

/** Tells whether a folder is there. */
async function isFolder(url: URL): Promise<boolean> {
  try {
    return (await Deno.stat(url)).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
