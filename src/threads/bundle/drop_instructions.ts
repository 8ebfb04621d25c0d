import { CodexThreadBundleError } from "../../errors/thread_errors.ts";
import { quoted } from "../../util/text.ts";
import { NEWLINE } from "./lines.ts";
import { readRolloutLine } from "./line_problem.ts";
import type { Rollout } from "./rollout.ts";

const SPACE = 32;

/**
 * Removes the base instructions from a rollout (facts F70). Spaces replace them, because forks
 * refer to their ancestor by a byte offset.
 *
 * @throws {CodexThreadBundleError} If a line without them is longer than before.
 */
export function dropInstructions(rollout: Rollout): Rollout {
  const bytes = rollout.bytes.slice();
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(NEWLINE, start);
    const line = withoutInstructions(bytes.subarray(start, end));
    if (line !== undefined) {
      if (line.length > end - start) throw tooLong(rollout.name);
      bytes.fill(SPACE, start, end);
      bytes.set(line, start);
    }
    start = end + 1;
  }
  return { ...rollout, bytes };
}

/** Writes a line without its base instructions; returns `undefined` if it has none. */
function withoutInstructions(bytes: Uint8Array): Uint8Array | undefined {
  const read = readRolloutLine(bytes);
  if ("problem" in read || read.line.type !== "session_meta") return undefined;
  const payload: unknown = read.line.payload;
  if (typeof payload !== "object" || payload === null) return undefined;
  if (!("base_instructions" in payload)) return undefined;
  const { base_instructions: _, ...rest } = payload;
  return new TextEncoder().encode(
    JSON.stringify({ ...read.line, payload: rest }),
  );
}

/** Creates the error for a line that grows when written again, such as one with `1e9`. */
function tooLong(name: string): CodexThreadBundleError {
  return new CodexThreadBundleError(
    `Cannot take the base instructions out of ${
      quoted(name)
    }: its session_meta is not written as the CLI writes it`,
    { fileName: name },
  );
}
