import { CodexInputError } from "../errors/codex_error.ts";
import { quoted } from "../util/text.ts";
import { switchFlags, valueFlags } from "./flags.ts";

const EVENTS = "this package sends it already, and needs it to read the events";
const IMAGES = "pass images in the input of run() or runStreamed()";
const LAST_MESSAGE = "read the finalResponse of the turn";
const NO_TURN = "it does not run a turn";

/** Flags that are rejected, with the reason, or with the alternative. */
const REJECTED: { readonly [flag: string]: string } = {
  "--": "the CLI would read what follows as a prompt",
  "--json": EVENTS,
  "--experimental-json": EVENTS,
  "--image": IMAGES,
  "-i": IMAGES,
  "--output-last-message": LAST_MESSAGE,
  "-o": LAST_MESSAGE,
  "--output-schema": "pass the option outputSchema to run() or runStreamed()",
  "--trust":
    "it would trust the project permanently, in the user's config.toml and for every other program",
  "--help": NO_TURN,
  "-h": NO_TURN,
  "--version": NO_TURN,
  "-V": NO_TURN,
};

/** The flags that set a setting. */
export const SETTING_FLAGS: readonly string[] = ["--config", "-c"];

/** Flags that are followed by a value and not sent for an option, and short flags. */
const VALUE_FLAGS = [...SETTING_FLAGS, "-m", "-p", "-s", "-C", "--color"];

/** The subcommands of `codex exec`. */
const SUBCOMMANDS = ["resume", "fork", "review", "help"];

/** One of the caller's flags. */
export interface ExtraFlag {
  /** The flag's name, such as `--color` or `-c`. */
  readonly flag: string;
  /**
   * Its value, whether in the same argument or in the next one; `undefined` if there is
   * no value.
   */
  readonly value: string | undefined;
}

/**
 * Checks the caller's own flags: the CLI would take any other argument for the prompt or
 * a subcommand.
 *
 * @throws {CodexInputError} For an argument that is rejected; the error contains flags,
 * but no values.
 */
export function checkExtraArgs(words: readonly string[]): void {
  if (words.length === 0) return;
  const switches = new Set(switchFlags());
  const known = new Set([...valueFlags(), ...VALUE_FLAGS]);
  for (const [index, word] of words.entries()) {
    const path = `extraArgs[${index}]`;
    if (isFlag(word)) {
      const { flag } = splitFlag(word);
      const why = Object.hasOwn(REJECTED, flag) ? REJECTED[flag] : undefined;
      if (why !== undefined) reject(path, `must not be ${flag}: ${why}`);
      continue;
    }
    const before = words[index - 1] ?? "";
    if (!isFlag(before) || splitFlag(before).value !== undefined) {
      reject(
        path,
        "is not a flag and does not follow one: the CLI would read it as the prompt",
      );
    }
    if (switches.has(before)) {
      reject(
        path,
        `follows ${before}, which takes no value: the CLI would read it as the prompt`,
      );
    }
    if (SUBCOMMANDS.includes(word) && !known.has(before)) {
      reject(
        path,
        `must not be ${quoted(word)}: the CLI could run it as a subcommand`,
      );
    }
  }
}

/** Lists the flags among arguments, with their values. */
export function listExtraFlags(words: readonly string[]): ExtraFlag[] {
  return words.flatMap((word, index) => {
    if (!isFlag(word)) return [];
    const { flag, value } = splitFlag(word);
    const next = words[index + 1];
    const follows = next !== undefined && !isFlag(next) ? next : undefined;
    return [{ flag, value: value ?? follows }];
  });
}

/** Splits a flag that may have its value in the same argument: `--color=never`, `-mx`. */
export function splitFlag(word: string): ExtraFlag {
  if (/^-[^-]/.test(word)) {
    const value = word.slice(2);
    return { flag: word.slice(0, 2), value: value === "" ? undefined : value };
  }
  const equals = word.indexOf("=");
  return equals === -1
    ? { flag: word, value: undefined }
    : { flag: word.slice(0, equals), value: word.slice(equals + 1) };
}

/**
 * Tells whether the CLI reads an argument as a flag; `-` alone means a prompt from stdin.
 */
export function isFlag(word: string): boolean {
  return word.startsWith("-") && word !== "-";
}

function reject(path: string, why: string): never {
  throw new CodexInputError(`${path} ${why}`, { path });
}
