import { CodexInputError } from "../errors/codex_error.ts";
import type { CodexOptions } from "../options/options.ts";
import { CODEX_OPTIONS } from "../options/table.ts";
import { serializeConfigOverrides } from "./config_overrides.ts";
import { findFlagSetting } from "./flag_settings.ts";
import { checkNoFlag, optionSettings } from "./option_args.ts";

/**
 * Returns the `key=value` settings of a client, in the order in which they are sent.
 *
 * @throws {CodexInputError} For a value that the CLI would misread.
 * @throws {CodexConfigError} For a `config` that cannot be sent.
 */
export function clientSettings(options: CodexOptions): string[] {
  return [
    ...serializeConfigOverrides(options.config ?? {}),
    ...rawSettings(options.configOverrides ?? []),
    ...optionSettings(CODEX_OPTIONS, options),
  ];
}

/** Returns the arguments for settings. */
export function configArgs(settings: readonly string[]): string[] {
  return settings.flatMap((setting) => ["--config", setting]);
}

/**
 * Checks settings that the caller wrote; they are sent unchanged.
 *
 * @throws {CodexInputError} For a setting that would be read as a flag, or is a flag.
 */
function rawSettings(overrides: readonly string[]): string[] {
  return overrides.map((override, index) => {
    const path = `configOverrides[${index}]`;
    const [key = ""] = override.split("=", 1);
    const problem = findFlagSetting(key.trim());
    if (problem === undefined) return checkNoFlag(override, path);
    throw new CodexInputError(`${path} would have no effect: ${problem}`, {
      path,
    });
  });
}
