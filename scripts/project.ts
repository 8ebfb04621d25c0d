/**
 * The project's folder and files.
 *
 * @module
 */

/** The repository root, as a `file:` URL with a slash at its end. */
export const ROOT_URL: URL = new URL("../", import.meta.url);

/** The parts of deno.json that the scripts read. */
export interface ProjectFile {
  name: string;
  version: string;
  description: string;
  license: string;
  exports: Record<string, string>;
  imports: Record<string, string>;
  compilerOptions: Record<string, unknown>;
}

/** Reads deno.json, which is kept plain JSON so that no package is needed to read it. */
export async function readProjectFile(): Promise<ProjectFile> {
  return JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT_URL)));
}

/** Tells whether `path`, relative to the root, exists. */
export async function exists(path: string | URL): Promise<boolean> {
  try {
    await Deno.stat(new URL(path, ROOT_URL));
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/**
 * Lists all files below `folder`, sorted, as paths that begin with it, with `/`. `folder` is
 * relative to the root, or absolute.
 */
export async function listFiles(folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const entry of Deno.readDir(new URL(folder, ROOT_URL))) {
    const path = `${folder.replace(/\/$/, "")}/${entry.name}`;
    if (entry.isDirectory) files.push(...await listFiles(path));
    else files.push(path);
  }
  return files.sort();
}
