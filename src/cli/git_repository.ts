import { CodexInputError } from "../errors/codex_error.ts";
import type { Runtime } from "../runtime/types.ts";
import { quoted } from "../util/text.ts";
import { below } from "./locate/paths.ts";

/**
 * Rejects a folder outside any Git repository, as `codex exec` does; `codex app-server`
 * does not check (facts A14). If the runtime does not permit the check, the folder is
 * accepted.
 *
 * @throws {CodexInputError} If neither the folder nor one above it has a `.git`.
 */
export async function checkGitRepository(
  runtime: Runtime,
  folder: string,
): Promise<void> {
  const parts = folder.split(/[\\/]/);
  for (let length = parts.length; length > 0; length--) {
    const root = parts.slice(0, length).join("/") || "/";
    try {
      if (await isRepository(runtime, below(root, ".git"))) return;
    } catch {
      return;
    }
  }
  throw outsideRepository(folder);
}

/** The message of `codex exec` about a folder outside any Git repository (facts F14). */
const REJECTION = /^(?:Error: )?Not inside a trusted directory/m;

/** Tells whether the CLI's stderr says that it rejected the folder. */
export function isRepositoryRejected(stderr: string): boolean {
  return REJECTION.test(stderr);
}

/** Creates the error for a folder outside any Git repository. */
export function outsideRepository(folder: string): CodexInputError {
  return new CodexInputError(
    `Cannot work in ${
      quoted(folder)
    }: it is not in a Git repository; set skipGitRepoCheck to work there anyway`,
    { path: "skipGitRepoCheck" },
  );
}

/**
 * Tells whether the CLI accepts a `.git` as a repository: a file, or a folder with a HEAD
 * (facts A20).
 */
async function isRepository(runtime: Runtime, git: string): Promise<boolean> {
  const kind = await runtime.fileKind(git);
  if (kind !== "folder") return kind !== undefined;
  return await runtime.fileKind(below(git, "HEAD")) !== undefined;
}
