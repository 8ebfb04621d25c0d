import { toTomlValue } from "./config_overrides.ts";
import { CodexInputError } from "../errors/codex_error.ts";
import {
  type OptionRow,
  type OptionRows,
  optionRows,
  type SwitchesRow,
} from "../options/row.ts";

/**
 * Gives the flags of the options of a table, in its order.
 *
 * @throws {CodexInputError} For a value that the CLI would read as a flag.
 */
export function optionFlags(table: OptionRows, options: object): string[] {
  return optionRows(table).flatMap(([name, row]) =>
    makeFlag(row, Reflect.get(options, name), name)
  );
}

/** Gives the `key=value` settings of the options of a table, in its order. */
export function optionSettings(table: OptionRows, options: object): string[] {
  return optionRows(table).flatMap(([name, { setting }]) => {
    const value: unknown = Reflect.get(options, name);
    return setting !== undefined && isGiven(value)
      ? [`${setting}=${toTomlValue(value, setting)}`]
      : [];
  });
}

/** Gives a flag and a path; `./` keeps one that begins with `-` from being read as a flag. */
export function pathFlag(flag: string, path: string | undefined): string[] {
  if (!path) return [];
  return [flag, path.startsWith("-") ? `./${path}` : path];
}

/**
 * Returns a text that the CLI does not read as a flag.
 *
 * @throws {CodexInputError} For one that begins with `-`.
 */
export function checkNoFlag(text: string, option: string): string {
  if (!text.startsWith("-")) return text;
  throw new CodexInputError(
    `Cannot send ${option} to the CLI: it begins with "-" and would be read as a flag`,
    { path: option },
  );
}

function makeFlag(row: OptionRow, value: unknown, name: string): string[] {
  const flag = row.flag ?? row.pathFlag;
  if (flag === undefined || !isGiven(value)) return [];
  if (row.kind === "switches") return switchesFlags(row, value, name);
  if (typeof value === "boolean") return value ? [flag] : [];
  if (Array.isArray(value)) {
    return value.flatMap((text: unknown, index) =>
      makeFlag(row, text, `${name}[${index}]`)
    );
  }
  const text = String(value);
  return row.pathFlag === undefined
    ? [flag, checkNoFlag(text, name)]
    : pathFlag(flag, text);
}

/** Gives the flags of what is turned on and off, in the order of the names as they were given. */
function switchesFlags(
  { flag, offFlag }: SwitchesRow,
  value: unknown,
  option: string,
): string[] {
  return Object.entries(value as { [name: string]: boolean | undefined })
    .flatMap(([name, isOn]) =>
      isOn === undefined
        ? []
        : [isOn ? flag : offFlag, checkNoFlag(name, `${option}.${name}`)]
    );
}

/** Tells whether a value is there; an empty string is the same as nothing. */
function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "";
}
