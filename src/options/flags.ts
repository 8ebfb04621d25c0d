import { optionRows } from "./row.ts";
import { CODEX_OPTIONS, THREAD_OPTIONS, TURN_OPTIONS } from "./table.ts";

/** Gives the name of the option that is sent as a flag of the CLI. */
export function optionOfFlag(flag: string): string | undefined {
  return [CODEX_OPTIONS, THREAD_OPTIONS, TURN_OPTIONS]
    .flatMap(optionRows)
    .find(([, row]) => row.flag === flag || row.pathFlag === flag)?.[0];
}
