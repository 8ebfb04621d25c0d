import { OPTION_TABLES } from "../options/table.ts";
import { flagsWithValue } from "./option_args.ts";

/** The flag of the file that holds the output schema. */
export const OUTPUT_SCHEMA = "--output-schema";

/** The flag of the images of a prompt. */
export const IMAGE = "--image";

/** Describes the arguments for an error: flags and setting names stay, values do not. */
export function describeArgs(args: readonly string[]): string[] {
  const beforeValue = new Set<string>([
    ...Object.values(OPTION_TABLES).flatMap(flagsWithValue),
    OUTPUT_SCHEMA,
    IMAGE,
  ]);
  return args.map((arg, index) => {
    const before = args[index - 1] ?? "";
    if (beforeValue.has(before)) return "…";
    if (before !== "--config") return arg;
    const equals = arg.indexOf("=");
    return equals === -1 ? "…" : `${arg.slice(0, equals)}=…`;
  });
}
