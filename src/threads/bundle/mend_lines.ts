import { readRolloutLine } from "./line_problem.ts";
import { NEWLINE } from "./lines.ts";

/** The start and the end of a replacement line; spaces between them keep the length. */
const START = new TextEncoder().encode('{"type":""');
const END = new TextEncoder().encode("}");

const SPACE = 32;

/**
 * Replaces unreadable lines of a rollout by readable ones without a meaning. A CLI that is
 * killed while it writes leaves such a line; later runs skip it silently and write after it
 * (facts F69). The length is kept, because forks refer to their ancestor by a byte offset.
 * The part after the last newline is unchanged.
 *
 * @returns The same array if every line is readable, or too short to be replaced.
 */
export function mendLines(
  bytes: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  let mended: Uint8Array<ArrayBuffer> | undefined;
  let start = 0;
  for (;;) {
    const end = bytes.indexOf(NEWLINE, start);
    if (end === -1) return mended ?? bytes;
    if (
      end - start >= START.length + END.length &&
      isBroken(bytes.subarray(start, end))
    ) {
      mended ??= bytes.slice();
      mended.set(START, start);
      mended.fill(SPACE, start + START.length, end - END.length);
      mended.set(END, end - END.length);
    }
    start = end + 1;
  }
}

function isBroken(line: Uint8Array): boolean {
  const read = readRolloutLine(line);
  return "problem" in read && read.isBroken;
}
