import { CodexEnvironmentError } from "./codex_error.ts";
import { quoted } from "../util/text.ts";
import { thrownMessage } from "../util/thrown_message.ts";
import { isError } from "../util/realms.ts";

/** Messages for the systems' error codes for files and folders. */
const REASONS: { readonly [code: string]: string } = {
  EACCES: "permission denied",
  EDQUOT: "the disk quota is used up",
  ELOOP: "its symbolic links form a loop",
  EMFILE:
    "too many files are open; run fewer turns at once, or raise the limit (ulimit -n)",
  ENAMETOOLONG: "the path is too long",
  ENFILE: "too many files are open on this system",
  ENOENT: "the file or folder does not exist",
  ENOSPC: "no space is left",
  ENOTDIR: "a part of the path is not a folder",
  EPERM: "the system does not permit it",
  EROFS: "the file system is read-only",
};

/**
 * Returns the system's code of an error, such as `ENOENT`; empty if the error has no
 * code.
 */
export function readSystemCode(error: unknown): string {
  const code = isError(error) && "code" in error ? error.code : "";
  return typeof code === "string" ? code : "";
}

/**
 * Tells whether an error says that a file is missing; with any other code, it may exist.
 */
export function isMissing(error: unknown): boolean {
  const code = readSystemCode(error);
  return code === "ENOENT" || code === "ENOTDIR";
}

/** Describes why the system rejected an operation, with the system's code. */
export function hostReason(error: unknown): string {
  const code = readSystemCode(error);
  const reason = REASONS[code] ?? thrownMessage(error);
  return code === "" ? reason : `${reason} (${code})`;
}

/**
 * Creates the error for an operation that the host rejects.
 *
 * @param action The operation that failed, such as `look at "/x"`.
 */
export function hostError(
  action: string,
  path: string,
  cause: unknown,
): CodexEnvironmentError {
  return new CodexEnvironmentError(
    `Cannot ${action}: ${hostReason(cause)}`,
    { path, systemCode: readSystemCode(cause), cause },
  );
}

/** Creates the error for a folder for temporary files that cannot be used. */
export function temporaryFolderError(
  folder: string,
  cause: unknown,
): CodexEnvironmentError {
  return new CodexEnvironmentError(
    `Cannot make a temporary folder in ${quoted(folder)}: ${
      hostReason(cause)
    }; set TMPDIR (on Windows TEMP) to a folder that this user can write to`,
    { path: folder, systemCode: readSystemCode(cause), cause },
  );
}

/**
 * Creates the error for a program whose working directory is missing.
 *
 * @param path The folder, or `.` if the system no longer knows its name.
 */
export function workingDirectoryError(
  path: string,
  cause?: unknown,
): CodexEnvironmentError {
  const systemCode = readSystemCode(cause) || "ENOENT";
  return new CodexEnvironmentError(
    `Cannot use the program's working directory ${
      quoted(path)
    }: it was removed or cannot be read (${systemCode}); set workingDirectory to an absolute path, or start the program in another folder`,
    { path, systemCode, cause },
  );
}
