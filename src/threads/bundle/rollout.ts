import { CodexThreadBundleError } from "../../errors/thread_errors.ts";
import { isThreadId } from "../../input/thread_id.ts";
import { sleep } from "../../util/sleep.ts";
import { quoted } from "../../util/text.ts";
import { isCount } from "./format.ts";
import { readRolloutLine } from "./line_problem.ts";
import { NEWLINE } from "./lines.ts";

/** The most bytes of a line. */
const MAX_LINE_BYTES = 64 * 1024 ** 2;

/** The most lines of a rollout: many short lines are small to send but slow to read. */
const MAX_LINES = 1_000_000;

/** The number of bytes after which reading yields to the event loop. */
const BYTES_AT_ONCE = 4 * 1024 ** 2;

/** The length to which a string of the rollout's metadata is cut, in characters. */
const MAX_WORD_LENGTH = 200;

/** The place in another thread's rollout where a fork begins (facts F67). */
export interface ForkBase {
  /** The thread's id, in lower case. */
  readonly threadId: string;
  /** The byte offset in its rollout at which the fork begins. */
  readonly endOffset: number;
}

/** A rollout that was read: the file that the CLI keeps a thread in. */
export interface Rollout {
  /** Its name. */
  readonly name: string;
  /** Its content: whole lines. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The version of the CLI that created it; empty if it does not say. */
  readonly cliVersion: string;
  /** The model provider that it was created with; empty if it does not say. */
  readonly modelProvider: string;
  /** The place where it was forked from another thread; `undefined` if it is not a fork. */
  readonly base: ForkBase | undefined;
}

/**
 * Reads a rollout, and checks every line of it.
 *
 * @param id The id of its thread, in lower case.
 * @throws {CodexThreadBundleError} If it is not a rollout, or is that of another thread.
 */
export async function readRollout(
  name: string,
  id: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Rollout> {
  let meta: { [name: string]: unknown } | undefined;
  let lineNumber = 0;
  let rested = 0;
  const reject = (why: string): never => {
    throw new CodexThreadBundleError(
      `Line ${lineNumber} of ${quoted(name)} ${why}`,
      { fileName: name, lineNumber },
    );
  };
  for (let start = 0; start < bytes.length;) {
    lineNumber++;
    const end = bytes.indexOf(NEWLINE, start);
    if (end === -1) reject("is cut off");
    if (end - start > MAX_LINE_BYTES) reject("is longer than 64 MiB");
    if (lineNumber > MAX_LINES) reject("exceeds the limit of a million lines");
    const read = readRolloutLine(bytes.subarray(start, end));
    if ("problem" in read) return reject(read.problem);
    if (read.line.type === "session_meta") {
      const payload: { [name: string]: unknown } = Object(read.line.payload);
      const { id: found } = payload;
      if (!isThreadId(found) || found.toLowerCase() !== id) {
        reject(`is about another thread than ${id}`);
      }
      meta ??= payload;
    } else if (meta === undefined) reject("is not the thread's session_meta");
    start = end + 1;
    if (start - rested > BYTES_AT_ONCE) {
      rested = start;
      await sleep(0);
    }
  }
  if (meta === undefined) {
    throw new CodexThreadBundleError(`${quoted(name)} is empty`, {
      fileName: name,
    });
  }
  lineNumber = 1;
  const base = readBase(meta.history_base, reject);
  return {
    name,
    bytes,
    base,
    cliVersion: toWord(meta.cli_version),
    modelProvider: toWord(meta.model_provider),
  };
}

function readBase(
  given: unknown,
  reject: (why: string) => never,
): ForkBase | undefined {
  if (given === undefined || given === null) return undefined;
  const { thread_id, end_byte_offset }: { [name: string]: unknown } = Object(
    given,
  );
  if (!isThreadId(thread_id) || !isCount(end_byte_offset)) {
    return reject("has a history_base that cannot be read");
  }
  return { threadId: thread_id.toLowerCase(), endOffset: end_byte_offset };
}

function toWord(value: unknown): string {
  return typeof value === "string" ? value.slice(0, MAX_WORD_LENGTH) : "";
}
