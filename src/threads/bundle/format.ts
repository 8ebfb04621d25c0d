import { CodexThreadBundleError } from "../../errors/thread_errors.ts";
import { isThreadId } from "../../input/thread_id.ts";
import { quoted, shorten } from "../../util/text.ts";
import type { Rollout } from "./rollout.ts";
import { parseRolloutName } from "./rollout_name.ts";

// A bundle is gzip of lines of JSON: a header, then for each file a row and its bytes.
// The thread comes first, then the thread that it was forked from, and so on.

/** The name of the format, which every bundle begins with. */
export const FORMAT = "acodex-thread";

/** The version of the format. */
export const VERSION = 1;

/** The most bytes of a bundle, packed and unpacked, in the absence of another limit. */
export const MAX_BYTES = 256 * 1024 ** 2;

/** The most files: the thread, and the threads that it was forked from. */
export const MAX_FILES = 16;

/** The most bytes of the header, and of the row of a file. */
export const MAX_ROW_BYTES = 64 * 1024;

/** The thread of a bundle. */
export interface ThreadBundle {
  /** The thread's id. */
  readonly id: string;
  /** The thread's rollout, then that of the thread that it was forked from, and so on. */
  readonly rollouts: readonly [Rollout, ...Rollout[]];
}

/** The header of a bundle. */
export interface BundleHeader {
  /** The thread's id, in small letters. */
  readonly id: string;
}

/** The row of a file in a bundle. */
export interface FileRow {
  /** The file's name. */
  readonly name: string;
  /** Its length. */
  readonly bytes: number;
  /** The SHA-256 of its bytes, in hexadecimal. */
  readonly sha256: string;
}

/** Writes the header of a bundle, with its newline. */
export function headerLine(id: string, cliVersion: string): string {
  return toLine({ format: FORMAT, version: VERSION, id, cliVersion });
}

/** Writes the row of a file, with its newline. */
export function rowLine({ name, bytes, sha256 }: FileRow): string {
  return toLine({ name, bytes, sha256 });
}

/**
 * Reads the header of a bundle.
 *
 * @throws {CodexThreadBundleError} If it is not one, or of another version.
 */
export function parseHeader(line: string): BundleHeader {
  const header = parseObject(line);
  if (header?.format !== FORMAT) {
    throw new CodexThreadBundleError(
      "Cannot import the bundle: it was not written by exportThread()",
    );
  }
  const { version, id, cliVersion } = header;
  if (version !== VERSION) {
    throw new CodexThreadBundleError(
      `Cannot import the bundle: its format has version ${
        display(version)
      }, and this package reads version ${VERSION}; use a newer @acodex/sdk`,
    );
  }
  if (!isThreadId(id)) {
    throw new CodexThreadBundleError(
      `Cannot import the bundle: the id in its header is ${
        display(id)
      }, which is not a UUID`,
    );
  }
  if (typeof cliVersion !== "string") {
    throw new CodexThreadBundleError(
      "Cannot import the bundle: its header has no cliVersion",
    );
  }
  return { id: id.toLowerCase() };
}

/**
 * Reads the row of a file.
 *
 * @param id The thread whose file is expected.
 * @throws {CodexThreadBundleError} If it is not one, or that of another thread.
 */
export function parseRow(line: string, id: string): FileRow {
  const { name, bytes, sha256 } = parseObject(line) ?? {};
  const fileId = typeof name === "string" ? parseRolloutName(name)?.id : null;
  if (typeof name !== "string" || !fileId) {
    throw new CodexThreadBundleError(
      `Cannot import the bundle: it has a file named ${
        display(name)
      }, not rollout-<date>T<time>-<id>.jsonl`,
    );
  }
  const reject = (why: string): never => {
    throw new CodexThreadBundleError(
      `Cannot import the bundle: its file ${quoted(name)} ${why}`,
      { fileName: name },
    );
  };
  if (fileId !== id) {
    reject(`is not that of thread ${id}, which is expected here`);
  }
  if (!isCount(bytes) || bytes === 0) reject("is listed without its length");
  if (typeof sha256 !== "string" || !/^[0-9a-f]{64}$/.test(sha256)) {
    reject("is listed without its SHA-256");
  }
  return { name, bytes, sha256 } as FileRow;
}

/** Tells whether a value is a whole number from 0. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** Parses a line of JSON that is an object; gives `undefined` for any other. */
function parseObject(line: string): { [name: string]: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? { ...value }
      : undefined;
  } catch {
    return undefined;
  }
}

function display(value: unknown): string {
  return typeof value === "string"
    ? quoted(shorten(value, 100))
    : typeof value === "object" && value !== null
    ? "(an object)"
    : String(value);
}

function toLine(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
