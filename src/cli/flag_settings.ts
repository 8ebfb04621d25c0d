import { optionOfFlag } from "../options/flags.ts";
import { placeOfOption } from "../options/unknown_option.ts";

/**
 * The CLI's flags that are not settings (facts F43), with advice for flags that no option
 * is sent as.
 */
const FLAGS: { readonly [name: string]: string } = {
  add_dir: "",
  approve_for_me: "",
  cd: "",
  color: "",
  cyber_access_program: "",
  dangerously_bypass_approvals_and_sandbox: "",
  dangerously_bypass_hook_trust:
    "it would trust the project permanently; confirm it in the CLI itself",
  disable: "",
  enable: "",
  ephemeral: "",
  ignore_rules: "",
  ignore_user_config: "",
  image: "pass images in the input of run() or runStreamed()",
  json: "",
  local_provider: "",
  oss: "",
  output_last_message: "read the finalResponse of the turn",
  output_schema: "pass the option outputSchema to run() or runStreamed()",
  profile: "",
  sandbox: "",
  skip_git_repo_check: "",
  strict_config: "",
  thread_source: "",
  trust: "it would trust the project permanently; confirm it in the CLI itself",
  worktree: "",
};

/**
 * Explains why a setting cannot have an effect, and what to use instead: it is a flag of
 * the CLI, which ignores it as a setting or exits (facts F43), or an option of this
 * package. Otherwise the agent could run without its sandbox.
 *
 * @param key The key of the setting, or a path that begins with it.
 */
export function findFlagSetting(key: string): string | undefined {
  const [name = ""] = key.split(".");
  // The CLI's settings contain no capital letters.
  const place = /[A-Z]/.test(name) ? placeOfOption(name) : undefined;
  if (place !== undefined) {
    return `it is an option, not a setting of the CLI: pass it to ${place}`;
  }
  const flagName = name.replaceAll("-", "_");
  if (!Object.hasOwn(FLAGS, flagName)) return undefined;
  const flag = `--${flagName.replaceAll("_", "-")}`;
  const option = optionOfFlag(flag);
  const instead = option === undefined
    ? FLAGS[flagName] || "this package does not send it"
    : `pass the option ${option} to ${placeOfOption(option)}`;
  return `the CLI accepts it only as the flag ${flag}, not as a setting: ${instead}`;
}
