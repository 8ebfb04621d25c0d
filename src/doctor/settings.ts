import type { CodexOptions } from "../options/options.ts";
import { isTable, readToml, type TomlTable, type TomlValue } from "./toml.ts";

/**
 * Merges the settings of a client's CLI, as far as they are known here: those of files, then
 * those of the client. Later values override earlier ones; tables are merged.
 */
export function mergeSettings(
  files: readonly TomlTable[],
  { config, configOverrides = [] }: CodexOptions,
): TomlTable {
  const merged: TomlTable = Object.create(null);
  for (const file of files) mergeInto(merged, file);
  mergeInto(merged, withPaths((config ?? {}) as TomlTable));
  for (const override of configOverrides) {
    mergeInto(merged, readOverride(override));
  }
  return merged;
}

/** Parses one `key=value`; a value that is not TOML is a string, as for the CLI. */
function readOverride(override: string): TomlTable {
  try {
    return readToml(override);
  } catch {
    const equals = override.indexOf("=");
    if (equals === -1) return Object.create(null);
    const value = override.slice(equals + 1).trim();
    return withPaths({ [override.slice(0, equals).trim()]: value });
  }
}

/** Expands the dotted keys of a table into nested tables. */
function withPaths(table: TomlTable): TomlTable {
  const root: TomlTable = Object.create(null);
  for (const [key, value] of Object.entries(table)) {
    const path = key.split(".").reverse();
    const nested = path.reduce<TomlValue>(
      (inner, part) => Object.assign(Object.create(null), { [part]: inner }),
      value ?? null,
    );
    if (isTable(nested)) mergeInto(root, nested);
  }
  return root;
}

function mergeInto(into: TomlTable, from: TomlTable, depth = 0): void {
  for (const [key, value] of Object.entries(from)) {
    const there = into[key];
    if (isTable(value) && depth < 20) {
      const table: TomlTable = Object.create(null);
      if (isTable(there)) mergeInto(table, there, depth + 1);
      mergeInto(table, value, depth + 1);
      into[key] = table;
    } else if (value !== undefined && value !== null) {
      into[key] = value;
    }
  }
}

/** Returns the string at a path of settings; `undefined` if there is none. */
export function stringAt(
  settings: TomlTable,
  ...path: readonly string[]
): string | undefined {
  const value = valueAt(settings, path);
  return typeof value === "string" ? value : undefined;
}

/** Returns the table at a path of settings; an empty one if there is none. */
export function tableAt(
  settings: TomlTable,
  ...path: readonly string[]
): TomlTable {
  const value = valueAt(settings, path);
  return isTable(value) ? value : Object.create(null);
}

function valueAt(
  settings: TomlTable,
  path: readonly string[],
): TomlValue | undefined {
  let value: TomlValue | undefined = settings;
  for (const key of path) {
    if (!isTable(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}
