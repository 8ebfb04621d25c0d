import { secretsIn } from "../cli/secrets.ts";
import { describeArgs } from "../cli/describe_args.ts";
import { givesSecretTable, givesServerArgs } from "../cli/secret_settings.ts";
import { isFlag, SETTING_FLAGS, splitFlag } from "../options/extra_args.ts";
import { valueFlags } from "../options/flags.ts";
import { IMAGE, OUTPUT_SCHEMA } from "../cli/describe_args.ts";

/**
 * Returns arguments in a form that people may see. The values of known flags and of
 * settings are shown, except settings that look like a secret of any length, and settings
 * of an MCP server's arguments, which may contain tokens. The values of other flags are
 * removed.
 */
export function shownArgs(args: readonly string[]): string[] {
  const described = describeArgs(args);
  const known = new Set([...valueFlags(), OUTPUT_SCHEMA, IMAGE]);
  return args.map((arg, index) => {
    const before = args[index - 1] ?? "";
    const { flag, value } = splitFlag(arg);
    const isShown = known.has(before) ||
      isFlag(arg) && value !== undefined && known.has(flag);
    if (isShown) return arg;
    const setting = SETTING_FLAGS.includes(before)
      ? arg
      : isFlag(arg) && SETTING_FLAGS.includes(flag)
      ? value
      : undefined;
    if (setting !== undefined && !holdsSecret(setting)) return arg;
    return described[index] ?? "";
  });
}

/** Tells whether a setting looks like a secret. */
function holdsSecret(setting: string): boolean {
  if (givesSecretTable(setting) || givesServerArgs(setting)) return true;
  return secretsIn({
    options: { configOverrides: [setting] },
    hostEnv: () => undefined,
  }).length > 0;
}
