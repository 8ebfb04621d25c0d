import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";

/** How the names of this package's temporary files and folders begin. */
const PREFIX = "codex-";

/**
 * Lists what turns have in a folder for temporary files.
 *
 * @param more How other names begin that count, too.
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
