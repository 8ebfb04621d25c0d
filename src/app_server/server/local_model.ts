import { toTomlValue } from "../../cli/config_overrides.ts";
import { CodexUnsupportedOptionError } from "../../errors/codex_error.ts";
import type { CodexOptions } from "../../options/options.ts";

/** The default models of `codex exec --oss` (facts A30). */
const DEFAULT_MODELS: { readonly [provider: string]: string } = {
  ollama: "gpt-oss:20b",
  lmstudio: "openai/gpt-oss-20b",
};

/**
 * Returns the settings that stand in for `--oss`, a flag that only `codex exec` has. They
 * take precedence over `config`, as the flag does.
 *
 * @throws {CodexUnsupportedOptionError} If no provider is given: only the flag reads the
 * setting that names one.
 */
export function localModelSettings(
  { oss, localProvider }: Pick<CodexOptions, "oss" | "localProvider">,
): string[] {
  if (!oss) return [];
  if (!localProvider) {
    throw new CodexUnsupportedOptionError(
      "The option oss is not supported here without localProvider: codex app-server has no --oss; set localProvider",
      { path: "oss" },
    );
  }
  const model = Object.hasOwn(DEFAULT_MODELS, localProvider)
    ? DEFAULT_MODELS[localProvider]
    : undefined;
  return [
    `model_provider=${toTomlValue(localProvider, "localProvider")}`,
    ...model === undefined ? [] : [`model=${toTomlValue(model, "model")}`],
    "show_raw_agent_reasoning=true",
  ];
}
