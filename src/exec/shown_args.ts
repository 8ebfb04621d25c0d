import { secretsIn } from "../cli/secrets.ts";
import { describeArgs } from "../cli/describe_args.ts";
import { givesSecretTable, givesServerArgs } from "../cli/secret_settings.ts";
import { isFlag, SETTING_FLAGS, splitFlag } from "../options/extra_args.ts";
import { valueFlags } from "../options/flags.ts";
import { IMAGE, OUTPUT_SCHEMA } from "../cli/describe_args.ts";

/**
 * Gives arguments as people may see them: with the values of flags that are known and of
 * settings, unless a setting looks as if it held a secret, of any length, or gives the
 * arguments of an MCP server, where tokens stand; without those of other flags.
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

/** Tells whether a setting looks as if it held a secret. */
function holdsSecret(setting: string): boolean {
  if (givesSecretTable(setting) || givesServerArgs(setting)) return true;
  return secretsIn({
    options: { configOverrides: [setting] },
    hostEnv: () => undefined,
  }).length > 0;
}
