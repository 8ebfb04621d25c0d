import { isFlag, SETTING_FLAGS, splitFlag } from "../options/extra_args.ts";
import { switchFlags, valueFlags } from "../options/flags.ts";

/** The flag that makes the CLI print events. */
export const EVENTS = "--experimental-json";

/** The flag for the file that contains the output schema. */
export const OUTPUT_SCHEMA = "--output-schema";

/** The flag for the images of a prompt. */
export const IMAGE = "--image";

/**
 * Describes the arguments for an error: keeps flags and the names of settings, and
 * removes values.
 */
export function describeArgs(args: readonly string[]): string[] {
  const switches = new Set([...switchFlags(), EVENTS]);
  const beforeValue = new Set([...valueFlags(), OUTPUT_SCHEMA, IMAGE]);
  return args.map((arg, index) => {
    const before = args[index - 1] ?? "";
    if (beforeValue.has(before)) return "…";
    if (SETTING_FLAGS.includes(before)) return describeSetting(arg);
    if (isFlag(arg)) return describeFlag(arg);
    // An argument after an unknown flag may be its value; `-` means stdin.
    const isValue = isFlag(before) && !switches.has(before) && arg !== "-";
    return isValue ? "…" : arg;
  });
}

/** Removes a value in the same argument as its flag. */
function describeFlag(arg: string): string {
  const { flag, value } = splitFlag(arg);
  if (value === undefined) return arg;
  const shown = SETTING_FLAGS.includes(flag) ? describeSetting(value) : "…";
  return flag.startsWith("--") ? `${flag}=${shown}` : `${flag}${shown}`;
}

function describeSetting(text: string): string {
  const equals = text.indexOf("=");
  return equals === -1 ? "…" : `${text.slice(0, equals)}=…`;
}
