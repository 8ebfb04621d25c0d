import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";

/** The prefix of the names of this package's temporary files and folders. */
const PREFIX = "codex-";

/**
 * Lists the files of turns in a folder for temporary files.
 *
 * @param more Prefixes of further names to include.
 */
export function temporaryFiles(
  folder: string = tmpdir(),
  more: readonly string[] = [],
): string[] {
  const prefixes = [PREFIX, ...more];
  return readdirSync(folder).filter((name) =>
    prefixes.some((prefix) => name.startsWith(prefix))
  );
}
