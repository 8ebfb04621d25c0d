import { CodexInputError } from "../errors/codex_error.ts";
import type { CodexOptions } from "../options/options.ts";
import type { Runtime } from "../runtime/types.ts";
import { quoted } from "../util/text.ts";
import { codexHome } from "./env.ts";
import { absolutePath } from "./working_directory.ts";

/** Matches a name that the CLI accepts. */
const PLAIN_NAME = /^[A-Za-z0-9_-]+$/;

/**
 * Rejects a profile without a file: the CLI would silently run without it (facts F50). If
 * the file cannot be checked, that is left to the CLI.
 *
 * @throws {CodexInputError} For an invalid name, or one without a file.
 */
export async function checkProfile(
  runtime: Runtime,
  options: CodexOptions,
): Promise<void> {
  const { profile } = options;
  if (!profile) return;
  if (!PLAIN_NAME.test(profile)) {
    throw new CodexInputError(
      `profile must be a plain name, such as "work", not ${quoted(profile)}`,
      { path: "profile" },
    );
  }
  const home = codexHome({
    options,
    hostEnv: (name) => runtime.env(name),
    windows: runtime.platform === "win32",
  });
  if (home === undefined) return;
  const path = `${absolutePath(runtime, home)}/${profile}.config.toml`;
  if (await isThere(runtime, path)) return;
  throw new CodexInputError(
    `Cannot use profile ${quoted(profile)}: the file ${
      quoted(path)
    } does not exist`,
    { path: "profile" },
  );
}

/** Tells whether a file exists, or may exist. */
async function isThere(runtime: Runtime, path: string): Promise<boolean> {
  try {
    return await runtime.fileKind(path) !== undefined;
  } catch {
    return true;
  }
}
