import { CodexInputError } from "../errors/codex_error.ts";
import { withoutSlashBeforeDrive } from "../util/file_path.ts";

/**
 * Converts a `file:` URL to a path.
 *
 * @throws {CodexInputError} If it does not name a file of this machine.
 */
export function fileUrlToPath(url: URL, inputPath: string): string {
  // `file:////server/share` names a machine, too, where there are such paths.
  const isElsewhere = url.pathname.startsWith("//");
  if (isElsewhere || url.hostname !== "" && url.hostname !== "localhost") {
    throw fileUrlError(inputPath, "it is on another machine");
  }
  // An encoded slash is no separator, and no file name holds one.
  if (/%(?:2f|00)/i.test(url.pathname)) {
    throw fileUrlError(inputPath, "no file has such a name");
  }
  let path: string;
  try {
    path = decodeURIComponent(url.pathname);
  } catch {
    throw fileUrlError(inputPath, "it is not well encoded");
  }
  return withoutSlashBeforeDrive(path);
}

function fileUrlError(inputPath: string, why: string): CodexInputError {
  return new CodexInputError(
    `Cannot use the file: URL at ${inputPath}: ${why}`,
    { path: inputPath },
  );
}
