import { CodexInputError } from "../errors/codex_error.ts";
import type { Runtime } from "../runtime/types.ts";
import { quoted } from "../util/text.ts";
import { findFolderProblem } from "./folder_problem.ts";
import { below, isAbsolute } from "./locate/paths.ts";

/**
 * Rejects a further directory that is not a folder: with one that is missing, or a file,
 * every command of the agent fails in the sandbox, and the turn completes without a word
 * (facts F42).
 *
 * @param cwd The folder that the turn starts in, from which relative ones are named;
 * `undefined` for the program's own.
 * @throws {CodexInputError} For the first one that is not a folder, with its place.
 */
export async function checkAdditionalDirectories(
  runtime: Runtime,
  directories: readonly string[],
  cwd: string | undefined,
): Promise<void> {
  const isWindows = runtime.platform === "win32";
  for (const [index, directory] of directories.entries()) {
    // An empty one is not sent.
    if (directory === "") continue;
    const full = isAbsolute(directory, isWindows)
      ? directory
      : below(cwd ?? runtime.cwd(), directory);
    const problem = await findFolderProblem(runtime, full);
    if (problem === undefined) continue;
    const { reason, cause } = problem;
    const path = `additionalDirectories[${index}]`;
    throw new CodexInputError(
      `Cannot add ${quoted(full)} at ${path}: ${reason}`,
      { path, cause },
    );
  }
}
