import { isOlder } from "../cli/cli_version.ts";
import { optionFlags, optionSettings } from "../cli/option_args.ts";
import { CodexUnsupportedOptionError } from "../errors/codex_error.ts";
import { listExtraFlags } from "../options/extra_args.ts";
import { optionOfFlag } from "../options/flags.ts";
import type { CodexOptions } from "../options/options.ts";
import { type OptionRow, optionRows } from "../options/row.ts";
import {
  CODEX_OPTIONS,
  OPTION_TABLES,
  THREAD_OPTIONS,
  TURN_OPTIONS,
} from "../options/table.ts";
import type { UnrunRequest } from "../transport/transport.ts";
import { quoted } from "../util/text.ts";

/** A feature that a turn uses and that some CLI versions lack. */
export interface NewerOption {
  /** The name of the option or the method. */
  readonly name: string;
  /** The first version of the CLI that has it. */
  readonly since: string;
}

/** A feature that a CLI does not know. */
interface UnknownOption {
  /** The name of the option or the method. */
  readonly name: string;
  /** The flag, if the option contains several. */
  readonly flag?: string;
  /** The first version of the CLI that has it, if that is known. */
  readonly since?: string | undefined;
}

/** The first version of the CLI that forks threads (facts F71). */
const FORK: NewerOption = { name: "forkThread", since: "0.148.0" };

/** The CLI's message for a flag that it does not know; it exits with 2 (facts F14). */
const UNEXPECTED = /^error: unexpected argument '([^'\n]{1,200})' found$/m;

/**
 * Lists the features that a turn uses and that some CLI versions lack, the newest first;
 * empty for most turns.
 */
export function newerOptions(
  options: CodexOptions,
  request: UnrunRequest,
): NewerOption[] {
  const { threadId, threadOptions, origin } = request;
  const given = [
    [CODEX_OPTIONS, options],
    // The source applies to a new thread only.
    [THREAD_OPTIONS, {
      ...threadOptions,
      threadSource: threadId === null ? threadOptions.threadSource : undefined,
    }],
    [TURN_OPTIONS, request],
  ] as const;
  const found = given.flatMap(([table, values]) =>
    optionRows(table).flatMap(([name, row]): NewerOption[] => {
      const { since } = row;
      return since !== undefined && isSent(name, row, values)
        ? [{ name, since }]
        : [];
    })
  );
  if (threadId === null && origin.type === "fork") found.push(FORK);
  return found.sort((a, b) => compareNewest(a.since, b.since));
}

/**
 * Tells whether an option becomes part of argv; a switch without a flag sends other
 * options.
 */
function isSent(name: string, row: OptionRow, values: object): boolean {
  const table = { [name]: row };
  return optionFlags(table, values).length > 0 ||
    optionSettings(table, values).length > 0 ||
    row.kind === "switch" && Reflect.get(values, name) === true;
}

function compareNewest(one: string, other: string): number {
  return other.localeCompare(one, "en", { numeric: true });
}

/** Finds the newest feature of a turn that a CLI of a version lacks. */
export function findMissingOption(
  newer: readonly NewerOption[],
  version: string | null,
): NewerOption | undefined {
  if (version === null) return undefined;
  return newer.find(({ since }) => isOlder(version, since));
}

/**
 * Finds the option that the CLI does not know, from the output of a CLI that exits with
 * the usage of its flags; returns `undefined` if it is not an option of the caller.
 */
export function unexpectedOption(
  stderr: string,
  options: CodexOptions,
  { threadId, origin }: UnrunRequest,
): UnknownOption | undefined {
  const [, word = ""] = UNEXPECTED.exec(stderr) ?? [];
  if (word === "") return undefined;
  const isForked = threadId === null && origin.type === "fork";
  if (isForked && word === origin.threadId) return FORK;
  const extra = listExtraFlags(options.extraArgs ?? []);
  if (extra.some(({ flag }) => flag === word)) {
    return { name: "extraArgs", flag: word };
  }
  const name = optionOfFlag(word);
  if (name === undefined) return undefined;
  const row = Object.values(OPTION_TABLES).flatMap(optionRows)
    .find(([each]) => each === name)?.[1];
  return { name, since: row?.since };
}

/** Creates the error for an option that the CLI lacks. */
export function missingOptionError(
  { name, flag, since }: UnknownOption,
  version: string | null,
  program: string,
): CodexUnsupportedOptionError {
  const found = version === null
    ? `the CLI at ${quoted(program)}, whose version is unknown`
    : `the CLI at ${quoted(program)}, which is ${version}`;
  const needs = since === undefined ? "" : `; it needs ${since} or newer`;
  const remedy = since === undefined
    ? "leave it out"
    : `update the CLI (npm install @openai/codex@latest), or leave it out`;
  return new CodexUnsupportedOptionError(
    `The option ${name}${
      flag ? ` (${flag})` : ""
    } is unknown to ${found}${needs}: ${remedy}`,
    { path: name, version: version },
  );
}
