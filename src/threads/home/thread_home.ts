import {
  CodexEnvironmentError,
  CodexInputError,
} from "../../errors/codex_error.ts";
import type { FileAccess, Files } from "../../runtime/files.ts";
import { quoted } from "../../util/text.ts";

/** The CLI's home: the folder with its threads. */
export interface ThreadHome {
  /** The files of this machine. */
  readonly files: Files;
  /** The home's absolute path, without links. */
  readonly path: string;
}

/**
 * Determines the path of the home.
 *
 * @throws {CodexInputError} For a path that is not absolute, or if neither the option nor a
 * variable names a home.
 * @throws {CodexPermissionError} If the runtime denies access to it.
 */
export function homePath(
  files: Files,
  codexHome: string | undefined,
  ...accesses: readonly FileAccess[]
): string {
  const path = codexHome || defaultHome(files);
  if (!isAbsolute(path, files.windows)) {
    throw new CodexInputError(
      `codexHome must be an absolute path, got ${quoted(path)}`,
      { path: "codexHome" },
    );
  }
  for (const access of accesses) files.requireAccess(path, access);
  return path;
}

/** Tells whether a path is absolute. */
export function isAbsolute(path: string, windows: boolean): boolean {
  return path.startsWith("/") ||
    windows && /^(?:[A-Za-z]:[\\/]|\\\\)/.test(path);
}

/**
 * Opens the home at a path.
 *
 * @throws {CodexEnvironmentError} If there is no folder at the path.
 */
export async function openHome(
  files: Files,
  path: string,
): Promise<ThreadHome> {
  const real = await files.realPath(path);
  const facts = real === undefined ? undefined : await files.look(real);
  if (real === undefined || facts?.kind !== "folder") {
    throw new CodexEnvironmentError(
      `Cannot find the CLI's home: there is no folder ${
        quoted(path)
      }; set codexHome or CODEX_HOME`,
      { path, systemCode: facts === undefined ? "ENOENT" : "ENOTDIR" },
    );
  }
  return { files, path: real };
}

function defaultHome(files: Files): string {
  const home = files.env("CODEX_HOME");
  if (home) return home;
  const user = files.env(files.windows ? "USERPROFILE" : "HOME");
  if (user) return `${user}/.codex`;
  throw new CodexInputError(
    "Cannot find the CLI's home: neither CODEX_HOME nor the user's home is set; set codexHome",
    { path: "codexHome" },
  );
}
