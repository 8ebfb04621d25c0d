import { CodexInputError } from "../errors/codex_error.ts";
import type { Runtime } from "../runtime/types.ts";
import { quoted } from "../util/text.ts";
import { below } from "./locate/paths.ts";

/**
 * Rejects a folder that is in no Git repository, as `codex exec` does: `codex app-server`
 * looks at no folder (facts A14). If the runtime does not allow the look, the folder is
 * taken.
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
      if (await runtime.fileKind(below(root, ".git")) !== undefined) return;
    } catch {
      return;
    }
  }
  throw new CodexInputError(
    `Cannot work in ${
      quoted(folder)
    }: it is in no Git repository; set skipGitRepoCheck to work there all the same`,
    { path: "skipGitRepoCheck" },
  );
}
