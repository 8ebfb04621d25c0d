import { optionRows } from "./row.ts";
import { OPTION_TABLES } from "./table.ts";

/** Returns the name of the option that is sent as a flag of the CLI. */
export function optionOfFlag(flag: string): string | undefined {
  return Object.values(OPTION_TABLES).flatMap(optionRows)
    .find(([, row]) =>
      row.flag === flag || row.pathFlag === flag ||
      row.kind === "switches" && row.offFlag === flag
    )?.[0];
}

/** Returns the name of the option that is sent as a setting of the CLI. */
export function optionOfSetting(setting: string): string | undefined {
  return Object.values(OPTION_TABLES).flatMap(optionRows)
    .find(([, row]) => row.setting === setting)?.[0];
}

/** Lists the CLI's flags without a value that options are sent as. */
export function switchFlags(): string[] {
  return Object.values(OPTION_TABLES).flatMap(optionRows)
    .flatMap(([, { kind, flag }]) => kind === "switch" ? flag ?? [] : []);
}

/** Lists the CLI's flags with a value that options are sent as. */
export function valueFlags(): string[] {
  return Object.values(OPTION_TABLES).flatMap(optionRows).flatMap(([, row]) => {
    if (row.kind === "switch") return [];
    if (row.kind === "switches") return [row.flag, row.offFlag];
    return row.flag ?? row.pathFlag ?? [];
  });
}
