import { parseFileUrl } from "../../util/file_path.ts";
import type { Runtime } from "../../runtime/types.ts";
import { findInstalled } from "./npm_package.ts";
import { hasFolder } from "./paths.ts";
import { type LocatedCodex, Search } from "./search.ts";
import { findOnPath, programAt, windowsNames } from "./search_path.ts";

/**
 * Finds the CLI: where `codexPathOverride` says, where `CODEX_PATH` says, in the npm
 * package `@openai/codex` installed for this package or for the program, or on PATH.
 * Never in the working directory: that may be a stranger's checkout, whose binary
 * would run with the key.
 *
 * It finds the binary itself, never the launcher that package managers put in front
 * of it. If the runtime does not allow the search, the name `codex` is left to the
 * system.
 *
 * @param entryModule The program's first file, which the package is installed for,
 * if there is one.
 * @throws {CodexExecutableNotFoundError} With every place that was looked at.
 * @throws {CodexPermissionError} If the runtime does not allow the search, and the
 * system could run a program of the working directory instead.
 * @throws {CodexEnvironmentError} If the system does not allow a look at the path that was given.
 */
export async function locateCodex(
  runtime: Runtime,
  codexPathOverride?: string,
  entryModule?: string | null,
): Promise<LocatedCodex> {
  const search = new Search(runtime);
  if (codexPathOverride) {
    return await findNamed(search, codexPathOverride, "codexPathOverride");
  }
  const fromEnv = runtime.env("CODEX_PATH");
  if (fromEnv) return await findNamed(search, fromEnv, "CODEX_PATH");
  const found = await findInstalled(
    search,
    parseFileUrl(import.meta.url),
    "this package",
  ) ??
    await findInstalled(search, entryModule, "the program") ??
    await findOnPath(search, "codex") ?? search.miss("codex");
  const mayRunNameOnly = !runtime.mayRun(found.program) &&
    runtime.mayRun("codex");
  // Deno's --allow-run=codex means the one on PATH, and no other.
  return mayRunNameOnly && runtime.platform !== "win32"
    ? { program: "codex", pathFolders: [] }
    : found;
}

/** Finds what the caller gave: a path as it is, a name on PATH. */
async function findNamed(
  search: Search,
  path: string,
  origin: string,
): Promise<LocatedCodex> {
  if (!hasFolder(path)) {
    return await findOnPath(search, path) ?? search.miss(path, origin);
  }
  search.note(`${origin}: ${path}`);
  const isWindows = search.runtime.platform === "win32";
  for (const file of isWindows ? [path, ...windowsNames(path)] : [path]) {
    const kind = await search.look(file);
    // Left to the system where it may not be looked at, or to say why it is not a program.
    if (search.forbidden !== undefined || kind === "folder") {
      return { program: path, pathFolders: [] };
    }
    if (search.unreadable !== undefined) throw search.unreadable;
    if (kind === undefined) continue;
    return await programAt(search, file) ?? search.miss(path, origin);
  }
  return search.miss(path, origin);
}
