import type { CodexOptions } from "../options/options.ts";
import { CODEX_OPTIONS } from "../options/table.ts";
import { serializeConfigOverrides } from "./config_overrides.ts";
import { checkNoFlag, optionSettings } from "./option_args.ts";

/**
 * Gives the `key=value` settings of a client, in the order in which they are sent.
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

/** Gives the arguments for settings. */
export function configArgs(settings: readonly string[]): string[] {
  return settings.flatMap((setting) => ["--config", setting]);
}

/** Checks settings that the caller wrote: they are sent unchanged. */
function rawSettings(overrides: readonly string[]): string[] {
  return overrides.map((override, index) =>
    checkNoFlag(override, `configOverrides[${index}]`)
  );
}
