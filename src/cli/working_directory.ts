import { CodexInputError } from "../errors/codex_error.ts";
import type { Runtime } from "../runtime/types.ts";
import { quoted } from "../util/text.ts";
import { findFolderProblem } from "./folder_problem.ts";
import { below, isAbsolute } from "./locate/paths.ts";

/**
 * Finds the folder that a turn starts in, and rejects a missing one with its path: the
 * CLI reports a missing file, but does not name it. If the runtime does not permit the
 * check, it is left to the CLI.
 *
 * @returns The folder's absolute path; `undefined` for the program's working directory.
 * @throws {CodexInputError} If there is no folder at the path, or it cannot be read.
 * @throws {CodexEnvironmentError} If the turn would start in the program's working
 * directory, or in a folder relative to it, and that was removed.
 */
export async function workingDirectory(
  runtime: Runtime,
  path: string | undefined,
): Promise<string | undefined> {
  // Even if no path is relative to it: it may be gone, as with a removed worktree.
  if (!path || !isAbsolute(path, runtime.platform === "win32")) runtime.cwd();
  if (!path) return undefined;
  const problem = await findFolderProblem(runtime, path);
  if (problem === undefined) return absolutePath(runtime, path);
  throw new CodexInputError(
    `Cannot work in ${quoted(path)}: ${problem.reason}`,
    { path: "workingDirectory", cause: problem.cause },
  );
}

/**
 * Makes a path absolute: a relative path is resolved from the program's working
 * directory.
 *
 * @throws {CodexEnvironmentError} For a relative path, if that directory was removed.
 */
export function absolutePath(runtime: Runtime, path: string): string {
  const isWindows = runtime.platform === "win32";
  if (isAbsolute(path, isWindows)) return path;
  // `C:folder` and `\folder` are not paths below the working directory.
  if (isWindows && /^(?:[A-Za-z]:|[\\/])/.test(path)) return path;
  return below(runtime.cwd(), path);
}
