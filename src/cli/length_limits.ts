import {
  CodexConfigError,
  CodexError,
  CodexInputError,
} from "../errors/codex_error.ts";
import { readSystemCode } from "../errors/host_error.ts";
import {
  findLargest,
  listArguments,
  listSentTexts,
  listVariables,
  type SentInput,
  type SentText,
} from "./sent_texts.ts";
import { quotedLength } from "./windows_command_line.ts";

/** The system, in the runtime's terms. */
export interface System {
  /** The system, as Node names it. */
  readonly platform: string;
  /** The processor, as Node names it. */
  readonly arch: string;
}

/**
 * The maximum length of an argument or variable on Linux, in bytes: 32 pages including
 * the NUL at the end (facts R33).
 */
const MAX_LINUX_TEXT = 32 * 4096 - 1;

/** The maximum total length of arguments and environment on macOS, in bytes. */
const MAX_MACOS_TOTAL = 1024 * 1024;

/**
 * The maximum length of a variable on Windows, and of a command line including the NUL at
 * its end, in UTF-16 units (facts R33).
 */
const MAX_WINDOWS_TEXT = 32_767;

/**
 * The minimum size of the options' texts, in bytes, for them to be blamed for exceeding
 * the total limit; below that, the cause is the host's environment.
 */
const MIN_CULPRIT = 64 * 1024;

/**
 * Rejects input that is certainly too long for the system to start the CLI with. On Linux
 * the total also has a limit that depends on the user's limits; the system reports it.
 *
 * @throws {CodexConfigError} For a setting of `config`.
 * @throws {CodexInputError} For any other option.
 */
export function checkLengths(input: SentInput, system: System): void {
  const tooLong = findTooLong(input, system);
  if (tooLong !== undefined) throw tooLong;
}

/**
 * Creates the error for input that is too long for the system; see {@linkcode
 * checkLengths}.
 */
export function findTooLong(
  input: SentInput,
  { platform, arch }: System,
): CodexError | undefined {
  switch (platform) {
    case "linux":
      // Other processors may have larger pages.
      return arch === "x64" ? findTooLongOnLinux(input) : undefined;
    case "darwin":
      return findTooLongOnMacos(input);
    case "win32":
      return findTooLongOnWindows(input);
    default:
      return undefined;
  }
}

function findTooLongOnLinux(input: SentInput): CodexError | undefined {
  const isTooLong = (text: string): boolean =>
    byteLength(text, MAX_LINUX_TEXT) > MAX_LINUX_TEXT;
  // Almost always nothing is too long, and no names are needed.
  const { args, options } = input;
  const variables = listVariables(options);
  if (!args.some(isTooLong) && !variables.some(({ text }) => isTooLong(text))) {
    return undefined;
  }
  const part = listSentTexts(input).find(({ text }) => isTooLong(text));
  return part && tooLong(
    part,
    `it takes ${
      inBytes(byteLength(part.text))
    }, and Linux allows an argument or a variable at most ${
      inBytes(MAX_LINUX_TEXT)
    }`,
  );
}

function findTooLongOnMacos(input: SentInput): CodexError | undefined {
  const parts = listSentTexts(input);
  const total = sum(parts, bytesWithEnd);
  if (total <= MAX_MACOS_TOTAL) return undefined;
  return tooLongTogether(
    parts,
    total,
    `macOS allows at most ${inBytes(MAX_MACOS_TOTAL)}`,
  );
}

function findTooLongOnWindows(
  { options, args, program }: SentInput,
): CodexError | undefined {
  const variable = listVariables(options)
    .find(({ text }) => text.length > MAX_WINDOWS_TEXT);
  if (variable !== undefined) {
    return tooLong(
      variable,
      `it takes ${
        inCharacters(variable.text.length)
      }, and Windows allows a variable at most ${
        inCharacters(MAX_WINDOWS_TEXT)
      }`,
    );
  }
  const parts = listArguments(args, options);
  // Including the space before it.
  const measure = (text: string): number => quotedLength(text) + 1;
  const own = program === undefined ? 0 : quotedLength(program);
  const total = own + sum(parts, measure);
  const largest = findLargest(parts, measure);
  if (total < MAX_WINDOWS_TEXT || largest === undefined) return undefined;
  return tooLong(
    largest.part,
    `it takes ${inCharacters(largest.size)} of a command line of ${
      inCharacters(total)
    }, and Windows allows at most ${inCharacters(MAX_WINDOWS_TEXT - 1)}`,
  );
}

/**
 * Names the option that is too long if the system reports that on start; returns any
 * other error unchanged.
 */
export function explainStart(error: unknown, input: SentInput): unknown {
  const isTooLong = error instanceof CodexError &&
    readSystemCode(error.cause) === "E2BIG";
  return isTooLong ? explainTooLong(input, error) ?? error : error;
}

/**
 * Creates the error for input that the system reported as too long, naming the option
 * with the longest texts. Returns `undefined` if the options are short, so that the
 * host's own environment is the reason.
 */
export function explainTooLong(
  input: SentInput,
  cause: unknown,
): CodexError | undefined {
  const parts = listSentTexts(input);
  const total = sum(parts, bytesWithEnd);
  if (total < MIN_CULPRIT) return undefined;
  return tooLongTogether(
    parts,
    total,
    "this system does not allow that much together with the rest of the environment",
    cause,
  );
}

function tooLongTogether(
  parts: readonly SentText[],
  total: number,
  limit: string,
  cause?: unknown,
): CodexError | undefined {
  const largest = findLargest(parts, bytesWithEnd);
  return largest && tooLong(
    largest.part,
    `it takes ${inBytes(largest.size)} of ${
      inBytes(total)
    } of arguments and variables, and ${limit}`,
    cause,
  );
}

function tooLong(
  { name, configPath, isSetting = false }: SentText,
  why: string,
  cause?: unknown,
): CodexError {
  const instead = isSetting
    ? "shorten it, or write it into config.toml; put long instructions into a file (model_instructions_file)"
    : "shorten it";
  const message =
    `${name} is too long to start the CLI with: ${why}; ${instead}`;
  return configPath === undefined
    ? new CodexInputError(message, { path: name, cause })
    : new CodexConfigError(message, { path: configPath, cause });
}

function sum(
  parts: readonly SentText[],
  measure: (text: string) => number,
): number {
  return parts.reduce((total, { text }) => total + measure(text), 0);
}

/**
 * Measures a text in UTF-8; returns a smaller number quickly if the text cannot exceed
 * the limit.
 */
function byteLength(text: string, limit = 0): number {
  if (text.length * 3 <= limit) return text.length;
  return new TextEncoder().encode(text).length;
}

/** Measures a text including the NUL that ends it. */
function bytesWithEnd(text: string): number {
  return byteLength(text) + 1;
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
