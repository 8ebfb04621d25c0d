import { parseFileUrl } from "../../util/file_path.ts";
import type { Runtime } from "../../runtime/types.ts";
import { findInstalled } from "./npm_package.ts";
import { hasFolder } from "./paths.ts";
import { type LocatedCodex, Search } from "./search.ts";
import { findOnPath, programAt, windowsNames } from "./search_path.ts";

/**
 * Finds the CLI: at `codexPathOverride`, at `CODEX_PATH`, in the npm package
 * `@openai/codex` installed for this package or for the program, or on PATH. Never in the
 * working directory, which may be a stranger's checkout: its binary would run with the
 * API key.
 *
 * It finds the binary itself, never the launcher that package managers put in front of
 * it. If the runtime does not permit the search, the system finds the name `codex`.
 *
 * @param entryModule The program's entry module, which the package is installed for, if
 * there is one.
 * @throws {CodexExecutableNotFoundError} With all locations that were searched.
 * @throws {CodexPermissionError} If the runtime does not permit the search, and the
 * system could run a program in the working directory instead.
 * @throws {CodexEnvironmentError} If the system does not permit reading the given path.
 */
export async function locateCodex(
  runtime: Runtime,
  codexPathOverride?: string,
  entryModule?: string | null,
): Promise<LocatedCodex> {
  return (await traceCodex(runtime, codexPathOverride, entryModule)).located;
}

/**
 * The source of a CLI's location: an option, a variable, the npm package installed for
 * this package or for the program, or PATH.
 */
export type CodexOrigin =
  | "codexPathOverride"
  | "CODEX_PATH"
  | "package"
  | "program"
  | "PATH";

/** A CLI, and the source of its location. */
export interface TracedCodex {
  readonly located: LocatedCodex;
  readonly origin: CodexOrigin;
}

/**
 * Finds the CLI as {@linkcode locateCodex} does, and returns the source of its location,
 * too.
 */
export async function traceCodex(
  runtime: Runtime,
  codexPathOverride?: string,
  entryModule?: string | null,
): Promise<TracedCodex> {
  const search = new Search(runtime);
  const named = {
    codexPathOverride,
    CODEX_PATH: codexPathOverride ? undefined : runtime.env("CODEX_PATH"),
  };
  for (const origin of ["codexPathOverride", "CODEX_PATH"] as const) {
    const path = named[origin];
    if (!path) continue;
    return { located: await findNamed(search, path, origin), origin };
  }
  const { located, origin } = await findAnywhere(search, entryModule);
  const mayRunNameOnly = !runtime.mayRun(located.program) &&
    runtime.mayRun("codex");
  // Deno's --allow-run=codex means the program on PATH, and no other.
  return mayRunNameOnly && runtime.platform !== "win32"
    ? { located: { program: "codex", pathFolders: [] }, origin: "PATH" }
    : { located, origin };
}

/** Finds the CLI if neither the option nor the variable is set. */
async function findAnywhere(
  search: Search,
  entryModule: string | null | undefined,
): Promise<TracedCodex> {
  const own = parseFileUrl(import.meta.url);
  const ofPackage = await findInstalled(search, own, "this package");
  if (ofPackage !== undefined) return { located: ofPackage, origin: "package" };
  const ofProgram = await findInstalled(search, entryModule, "the program");
  if (ofProgram !== undefined) return { located: ofProgram, origin: "program" };
  const located = await findOnPath(search, "codex") ?? search.miss("codex");
  return { located, origin: "PATH" };
}

/** Finds the CLI that the caller named: a path unchanged, a name on PATH. */
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
    // Left to the system if it may not be read, or so that the system explains why it is
    // not a program.
    if (search.forbidden !== undefined || kind === "folder") {
      return { program: path, pathFolders: [] };
    }
    if (search.unreadable !== undefined) throw search.unreadable;
    if (kind === undefined) continue;
    return await programAt(search, file) ?? search.miss(path, origin);
  }
  return search.miss(path, origin);
}
