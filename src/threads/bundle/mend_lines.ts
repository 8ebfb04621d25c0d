import { readRolloutLine } from "./line_problem.ts";
import { NEWLINE } from "./lines.ts";

/** What a line that cannot be read becomes, around spaces that keep its length. */
const START = new TextEncoder().encode('{"type":""');
const END = new TextEncoder().encode("}");

const SPACE = 32;

/**
 * Replaces the lines of a rollout that cannot be read by lines that can, and mean nothing.
 * A CLI that was killed while it wrote leaves one, and goes on after it: it skips such
 * lines in silence (facts F69). The length stays: forks count in bytes. What stands after the last
 * newline stays as it is.
 *
 * @returns The bytes themselves where every line can be read, or is too short to be replaced.
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
