import { CodexPermissionError } from "../../errors/codex_error.ts";
import { findBehind, isLauncher } from "./npm_package.ts";
import { below, isAbsolute } from "./paths.ts";
import type { LocatedCodex, Search } from "./search.ts";
import { quoted } from "../../util/text.ts";

/**
 * The file extensions that Windows starts without a shell, and those of scripts that need
 * one.
 */
const PROGRAM_ENDING = /\.(?:exe|com)$/i;
const SCRIPT_ENDING = /\.(?:cmd|ps1|bat)$/i;

/**
 * Finds a program on PATH, in its absolute folders. An empty or relative entry means the
 * working directory, which may be anybody's. If the runtime does not permit the search,
 * the system finds the name.
 *
 * @throws {CodexPermissionError} If the system could then run a program in the working
 * directory instead.
 */
export async function findOnPath(
  search: Search,
  name: string,
): Promise<LocatedCodex | undefined> {
  const { runtime } = search;
  const isWindows = runtime.platform === "win32";
  // Not left to Deno, which would find a program in the working directory (facts R27).
  const path = await runtime.searchPath();
  if (path === undefined && !runtime.mayRun()) {
    search.note(`${quoted(name)} on PATH, searched by the system`);
    // Deno itself has resolved the names in --allow-run, without the working directory.
    return searchBySystem(search, name, true);
  }
  if (path === undefined) {
    search.note(`${quoted(name)} on PATH, which is not set or cannot be read`);
    return undefined;
  }
  const entries = isWindows ? splitWindowsPath(path) : path.split(":");
  const folders = entries.filter((entry) => isAbsolute(entry, isWindows));
  search.note(`${quoted(name)} in the ${folders.length} folders of PATH`);
  for (const folder of folders) {
    for (const file of isWindows ? windowsNames(name) : [name]) {
      const candidate = below(folder, file);
      if (await search.look(candidate) !== "file") continue;
      const found = await programAt(search, candidate);
      if (found !== undefined) return found;
    }
  }
  return search.forbidden === undefined
    ? undefined
    : searchBySystem(search, name, folders.length === entries.length);
}

/**
 * Finds the program for a file: the file itself, or the binary of the npm package that it
 * represents.
 *
 * @returns `undefined` for a script that only a shell could run, which is recorded.
 */
export async function programAt(
  search: Search,
  path: string,
): Promise<LocatedCodex | undefined> {
  const real = await search.runtime.realPath(path);
  const found = await findBehind(search, real);
  if (found !== undefined || isLauncher(real)) return found;
  if (search.runtime.platform === "win32" && SCRIPT_ENDING.test(path)) {
    search.noteNearMiss(
      `${
        quoted(path)
      } is a script that only a shell can run, and the npm package it belongs to is not next to it; set the path of codex.exe`,
    );
    return undefined;
  }
  return { program: path, pathFolders: [] };
}

/**
 * Splits a Windows PATH. Entries or parts of them may be quoted; a `;` in quotes does not
 * separate.
 */
function splitWindowsPath(path: string): string[] {
  const entries = path.match(/(?:[^;"]|"[^"]*(?:"|$))+/g) ?? [];
  return entries.map((entry) => entry.replaceAll('"', ""));
}

/**
 * Lists the files that a name may mean on Windows, in order: programs, then scripts that
 * represent one.
 */
export function windowsNames(name: string): readonly string[] {
  if (PROGRAM_ENDING.test(name) || SCRIPT_ENDING.test(name)) return [name];
  return ["exe", "cmd", "ps1"].map((ending) => `${name}.${ending}`);
}

function searchBySystem(
  { runtime, forbidden }: Search,
  name: string,
  isSafe: boolean,
): LocatedCodex {
  // Windows searches the working directory first (facts R28).
  if (isSafe && runtime.platform !== "win32") {
    return { program: name, pathFolders: [] };
  }
  const flag = "--allow-env=PATH";
  throw forbidden ?? new CodexPermissionError(
    `Cannot look for ${quoted(name)} on PATH: Deno needs ${flag}`,
    { flag },
  );
}
