import {
  CodexConfigError,
  type CodexError,
  CodexInputError,
} from "../errors/codex_error.ts";
import { optionOfFlag, optionOfSetting } from "../options/flags.ts";
import type { CodexOptions } from "../options/options.ts";

/** Everything that has to fit into what the system hands to a program. */
export interface LengthsInput {
  /** The client's options. */
  readonly options: CodexOptions;
  /** The CLI's arguments. */
  readonly args: readonly string[];
}

/** The system, as the runtime names it. */
export interface System {
  /** The system, as Node names it. */
  readonly platform: string;
  /** The processor, as Node names it. */
  readonly arch: string;
}

/** A text that is handed to the CLI, and the name of what it comes from. */
interface Part {
  /** The name, such as `config.developer_instructions`. */
  readonly name: string;
  /** The path in `config`; `undefined` for what comes from elsewhere. */
  readonly configPath?: string;
  /** True for a setting that a file of the CLI could hold as well. */
  readonly isSetting?: boolean;
  /** The text as the system gets it: an argument, or `NAME=value`. */
  readonly text: string;
}

/** The longest argument or variable on Linux, in bytes: 32 pages with a NUL at the end (facts R33). */
const MAX_LINUX_TEXT = 32 * 4096 - 1;

/** The longest arguments and environment together on macOS, in bytes. */
const MAX_MACOS_TOTAL = 1024 * 1024;

/** The longest command line, and the longest variable, on Windows, in UTF-16 units. */
const MAX_WINDOWS_TEXT = 32_767;

/** The size from which on what the options give, and not the host, is why all together is too long. */
const MIN_CULPRIT = 64 * 1024;

/**
 * Finds what is too long for the system for sure, so that the CLI cannot be started with
 * it. On Linux all together has a limit that depends on the user's; the system tells.
 */
export function findTooLong(
  { options, args }: LengthsInput,
  { platform, arch }: System,
): CodexError | undefined {
  const argParts = args.map((_, index) => argPart(args, index, options));
  const envParts = listVariables(options);
  switch (platform) {
    case "linux": {
      // Other processors may have larger pages.
      if (arch !== "x64") return undefined;
      const part = [...argParts, ...envParts]
        .find(({ text }) => byteLength(text, MAX_LINUX_TEXT) > MAX_LINUX_TEXT);
      return part && tooLong(
        part,
        `it takes ${
          inBytes(byteLength(part.text))
        }, and Linux gives an argument or a variable at most ${
          inBytes(MAX_LINUX_TEXT)
        }`,
      );
    }
    case "darwin": {
      const total = sum(
        [...argParts, ...envParts],
        (text) => byteLength(text) + 1,
      );
      return total > MAX_MACOS_TOTAL
        ? tooLongTogether([...argParts, ...envParts], total, {
          limit: `macOS takes at most ${inBytes(MAX_MACOS_TOTAL)}`,
        })
        : undefined;
    }
    case "win32": {
      const variable = envParts
        .find(({ text }) => text.length > MAX_WINDOWS_TEXT);
      if (variable !== undefined) {
        return tooLong(
          variable,
          `it takes ${
            inCharacters(variable.text.length)
          }, and Windows gives a variable at most ${
            inCharacters(MAX_WINDOWS_TEXT)
          }`,
        );
      }
      const length = sum(argParts, (text) => text.length + 1);
      const longest = findLongest(argParts, (text) => text.length);
      return length > MAX_WINDOWS_TEXT && longest !== undefined
        ? tooLong(
          longest,
          `it takes ${inCharacters(longest.text.length)} of a command line of ${
            inCharacters(length)
          }, and Windows takes at most ${inCharacters(MAX_WINDOWS_TEXT)}`,
        )
        : undefined;
    }
    default:
      return undefined;
  }
}

/**
 * Makes the error for what the system called too long: names the longest of what the
 * options give. Gives nothing where that is short, so that the host's own environment is
 * the reason.
 */
export function explainTooLong(
  { options, args }: LengthsInput,
  cause: unknown,
): CodexError | undefined {
  const parts = [
    ...args.map((_, index) => argPart(args, index, options)),
    ...listVariables(options),
  ];
  const total = sum(parts, (text) => byteLength(text) + 1);
  if (total < MIN_CULPRIT) return undefined;
  return tooLongTogether(parts, total, {
    limit: "this system does not take so much with the rest of the environment",
    cause,
  });
}

function tooLongTogether(
  parts: readonly Part[],
  total: number,
  { limit, cause }: { readonly limit: string; readonly cause?: unknown },
): CodexError | undefined {
  const longest = findLongest(parts, byteLength);
  return longest && tooLong(
    longest,
    `it takes ${inBytes(byteLength(longest.text))} of ${
      inBytes(total)
    } of arguments and variables, and ${limit}`,
    cause,
  );
}

function tooLong(
  { name, configPath, isSetting = false }: Part,
  why: string,
  cause?: unknown,
): CodexError {
  const instead = isSetting
    ? "shorten it, or write it into config.toml; long instructions can stand in a file (model_instructions_file)"
    : "shorten it";
  const message =
    `${name} is too long to start the CLI with: ${why}; ${instead}`;
  return configPath === undefined
    ? new CodexInputError(message, { path: name, cause })
    : new CodexConfigError(message, { path: configPath, cause });
}

/** Names the option that an argument comes from. */
function argPart(
  args: readonly string[],
  index: number,
  { configOverrides = [] }: CodexOptions,
): Part {
  const text = args[index] ?? "";
  const before = args[index - 1] ?? "";
  if (before !== "--config") {
    return { name: optionOfFlag(before) ?? "an argument", text };
  }
  const key = text.slice(0, Math.max(0, text.indexOf("=")));
  const raw = configOverrides.indexOf(text);
  if (raw !== -1) {
    return { name: `configOverrides[${raw}]`, isSetting: true, text };
  }
  const option = optionOfSetting(key);
  return option === undefined
    ? { name: `config.${key}`, configPath: key, isSetting: true, text }
    : { name: option, text };
}

function listVariables({ env = {}, apiKey }: CodexOptions): Part[] {
  const parts = Object.entries(env).flatMap(([name, value]) =>
    value === undefined
      ? []
      : [{ name: `env["${name}"]`, text: `${name}=${value}` }]
  );
  return apiKey === undefined
    ? parts
    : [...parts, { name: "apiKey", text: `CODEX_API_KEY=${apiKey}` }];
}

function findLongest(
  parts: readonly Part[],
  measure: (text: string) => number,
): Part | undefined {
  let longest: Part | undefined;
  let length = -1;
  for (const part of parts) {
    const size = measure(part.text);
    if (size > length) [longest, length] = [part, size];
  }
  return longest;
}

function sum(
  parts: readonly Part[],
  measure: (text: string) => number,
): number {
  return parts.reduce((total, { text }) => total + measure(text), 0);
}

/** Measures a text in UTF-8; where it cannot be longer than a limit, it says less and is quick. */
function byteLength(text: string, limit = 0): number {
  if (text.length * 3 <= limit) return text.length;
  return new TextEncoder().encode(text).length;
}

function inBytes(count: number): string {
  return `${withCommas(count)} bytes`;
}

function inCharacters(count: number): string {
  return `${withCommas(count)} characters`;
}

function withCommas(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ",");
}
