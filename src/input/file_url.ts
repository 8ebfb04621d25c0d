import { CodexInputError } from "../errors/codex_error.ts";
import { pathOfFileUrl } from "../util/file_path.ts";

/**
 * Converts a `file:` URL to a path. The path may be on another machine; the system
 * decides whether it can be used.
 *
 * @throws {CodexInputError} If it does not name a file.
 */
export function fileUrlToPath(url: URL, inputPath: string): string {
  const path = pathOfFileUrl(url);
  if ("path" in path) return path.path;
  throw new CodexInputError(
    `Cannot use the file: URL at ${inputPath}: ${path.problem}`,
    { path: inputPath },
  );
}
