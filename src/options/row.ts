import { memoize } from "../util/memoize.ts";
import type { ClientTool } from "./tools.ts";

/** A flag of the CLI. */
export type Flag = `--${string}`;

/** A version of the CLI. */
export type CliVersionText = `${number}.${number}.${number}`;

/** Limits on the support for an option. */
interface Supported {
  /** The reason why a client does not support the option, and what to do instead. */
  readonly unsupported?: string;
  /**
   * The first version of the CLI that accepts the option; left out if 0.104.0 does, the
   * oldest version that was examined.
   */
  readonly since?: CliVersionText;
}

/**
 * The form in which an option is sent; without any of these fields it is not part of
 * argv.
 */
interface Sent extends Supported {
  /** The flag, followed by the value unless the option is a switch. */
  readonly flag?: Flag;
  /**
   * The flag, followed by the value as a path; a path that begins with `-` gets `./` in
   * front.
   */
  readonly pathFlag?: Flag;
  /** The setting that `--config` overrides. */
  readonly setting?: string;
}

/** An option that is a string. */
export interface TextRow<T extends string = string> extends Sent {
  readonly kind: "text";
  /**
   * The values that the option accepts; if left out, any string, which the CLI checks.
   */
  readonly oneOf?: readonly T[];
  /** The values of its type that the CLI no longer accepts, and the reason. */
  readonly withdrawn?: { readonly [value in T]?: string };
  /** Marks a URL, whose credentials and query are secret. No error shows them. */
  readonly secret?: "url";
}

/** An option that is a secret, or a function that returns one. No error shows it. */
export interface SecretRow extends Supported {
  readonly kind: "secret";
  readonly flag?: never;
  readonly pathFlag?: never;
  readonly setting?: never;
}

/**
 * An option that is an array of strings; sent as one flag per string, or as one setting
 * for all.
 */
export interface TextsRow extends Sent {
  readonly kind: "texts";
}

/** An option that is true or false. */
export interface SwitchRow extends Sent {
  readonly kind: "switch";
  readonly pathFlag?: never;
}

/**
 * An option that turns things on and off by name; each is sent as a flag and its name.
 */
export interface SwitchesRow extends Supported {
  readonly kind: "switches";
  /** The flag for a name that is turned on. */
  readonly flag: Flag;
  /** The flag for a name that is turned off. */
  readonly offFlag: Flag;
  readonly pathFlag?: never;
  readonly setting?: never;
}

/** An option that is a whole number. */
export interface CountRow extends Sent {
  readonly kind: "count";
  readonly min: number;
  readonly max: number;
  readonly pathFlag?: never;
}

/** An option that is checked and sent by dedicated code. */
export interface OtherRow extends Supported {
  readonly kind: "other";
  readonly flag?: never;
  readonly pathFlag?: never;
  readonly setting?: never;
}

/** An option that is a function. */
export interface FunctionRow extends Omit<OtherRow, "kind"> {
  readonly kind: "function";
}

/** An option that lists tools of the program. */
export interface ToolsRow extends Omit<OtherRow, "kind"> {
  readonly kind: "tools";
}

/** One option. */
export type OptionRow =
  | TextRow
  | TextsRow
  | SecretRow
  | SwitchRow
  | SwitchesRow
  | CountRow
  | ToolsRow
  | FunctionRow
  | OtherRow;

/** A table of options. */
export type OptionRows = { readonly [name: string]: OptionRow };

/** The row that an option's type requires; `Text` is added to the rows of strings. */
type RowFor<T, Text> = [T] extends [string] ? TextRow<T> & Text
  : [T] extends [readonly string[]] ? TextsRow
  : [T] extends [readonly ClientTool[]] ? ToolsRow
  : [T] extends [(...args: never[]) => unknown] ? FunctionRow
  : [T] extends [boolean] ? SwitchRow
  : [T] extends [number] ? CountRow
  : [T] extends [string | (() => unknown)] ? SecretRow
  : string extends keyof T
    ? [T] extends [{ readonly [name: string]: boolean }] ? SwitchesRow
    : OtherRow
  : OtherRow;

/** A row for each option of an interface, of the kind that the option's type requires. */
export type OptionTable<O, Text = { readonly secret?: never }> = {
  readonly [K in keyof Required<O>]: RowFor<NonNullable<O[K]>, Text>;
};

/** The rows of a table, by name. */
type NamedRows = readonly (readonly [name: string, row: OptionRow])[];

/** The rows of each table, memoized because every turn reads them several times. */
const ROWS = new WeakMap<object, NamedRows>();

/**
 * Returns the rows of a table with their names, in order. The rows do not inherit from
 * Object.prototype: a `flag` there must not become part of argv.
 */
export function optionRows(table: OptionRows): NamedRows {
  return memoize(
    ROWS,
    table,
    () =>
      Object.entries(table).map(([name, row]) =>
        [name, Object.assign(Object.create(null), row)] as const
      ),
  );
}
