import { toTomlValue } from "./config_overrides.ts";
import { CodexInputError } from "../errors/codex_error.ts";
import {
  type OptionRow,
  type OptionRows,
  optionRows,
  type SwitchesRow,
} from "../options/row.ts";

/**
 * Returns the flags of the options in a table, in the table's order.
 *
 * @throws {CodexInputError} For a value that the CLI would read as a flag.
 */
export function optionFlags(table: OptionRows, options: object): string[] {
  return optionRows(table).flatMap(([name, row]) =>
    makeFlag(row, Reflect.get(options, name), name)
  );
}

/** Returns the `key=value` settings of the options in a table, in the table's order. */
export function optionSettings(table: OptionRows, options: object): string[] {
  return optionRows(table).flatMap(([name, { setting }]) => {
    const value: unknown = Reflect.get(options, name);
    return setting !== undefined && isGiven(value)
      ? [`${setting}=${toTomlValue(value, setting)}`]
      : [];
  });
}

/**
 * Returns a flag and a path; adds `./` to a path that begins with `-`, so that it is not
 * read as a flag.
 */
export function pathFlag(flag: string, path: string | undefined): string[] {
  if (!path) return [];
  return [flag, path.startsWith("-") ? `./${path}` : path];
}

/**
 * Returns a text that the CLI does not read as a flag.
 *
 * @throws {CodexInputError} For a text that begins with `-`.
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

/** Returns the flags of names that are turned on and off, in the caller's order. */
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

/** Tells whether an option is set; an empty string counts as not set. */
function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "";
}
