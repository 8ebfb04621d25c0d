import { optionRows } from "./row.ts";
import { OPTION_TABLES } from "./table.ts";

/** Gives the name of the option that is sent as a flag of the CLI. */
export function optionOfFlag(flag: string): string | undefined {
  return Object.values(OPTION_TABLES).flatMap(optionRows)
    .find(([, row]) => row.flag === flag || row.pathFlag === flag)?.[0];
}

/** Gives the name of the option that is sent as a setting of the CLI. */
export function optionOfSetting(setting: string): string | undefined {
  return Object.values(OPTION_TABLES).flatMap(optionRows)
    .find(([, row]) => row.setting === setting)?.[0];
}
