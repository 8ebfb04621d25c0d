import { CodexThreadBundleError } from "../../errors/thread_errors.ts";
import { isThreadId } from "../../input/thread_id.ts";
import { quoted, shorten } from "../../util/text.ts";
import type { Rollout } from "./rollout.ts";
import { parseRolloutName } from "./rollout_name.ts";

// A bundle is gzip: a line of JSON as header, then for each file a line of JSON as its row, and
// its bytes. The thread comes first, then the thread that it was forked from, and so on.

/** The name of the format, at the beginning of every bundle. */
export const FORMAT = "acodex-thread";

/** The version of the format. */
export const VERSION = 1;

/** The default limit of a bundle's size, packed and unpacked, in bytes. */
export const MAX_BYTES = 256 * 1024 ** 2;

/** The most files in a bundle: the thread, and the threads that it was forked from. */
export const MAX_FILES = 16;

/** The longest header or row of a file, in bytes. */
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
  /** The thread's id, in lower case. */
  readonly id: string;
}

/** The row of a file in a bundle. */
export interface FileRow {
  /** The file's name. */
  readonly name: string;
  /** Its length in bytes. */
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
 * @throws {CodexThreadBundleError} If the line is not a header, or has another version.
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
 * @throws {CodexThreadBundleError} If the line is not a row, or is that of another thread.
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

/** Tells whether a value is an integer of at least 0. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** Parses a line that is a JSON object; returns `undefined` for any other line. */
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
