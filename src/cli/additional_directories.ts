import { CodexInputError } from "../errors/codex_error.ts";
import type { Runtime } from "../runtime/types.ts";
import { quoted } from "../util/text.ts";
import { findFolderProblem } from "./folder_problem.ts";
import { below, isAbsolute } from "./locate/paths.ts";

/**
 * Rejects a further directory that is not a folder. If one is missing or is a file, every
 * command of the agent fails in the sandbox, and the turn completes without reporting it
 * (facts F42).
 *
 * @param cwd The folder that the turn starts in, which relative paths start from;
 * `undefined` for the program's working directory.
 * @throws {CodexInputError} For the first path that is not a folder, with its index.
 */
export async function checkAdditionalDirectories(
  runtime: Runtime,
  directories: readonly string[],
  cwd: string | undefined,
): Promise<void> {
  const isWindows = runtime.platform === "win32";
  for (const [index, directory] of directories.entries()) {
    // An empty path is not sent.
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
