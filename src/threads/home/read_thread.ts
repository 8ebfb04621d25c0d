import { CodexThreadBundleError } from "../../errors/thread_errors.ts";
import { CodexThreadNotFoundError } from "../../errors/turn_errors.ts";
import { quoted } from "../../util/text.ts";
import { checkForkBase } from "../bundle/chain.ts";
import { MAX_BYTES, MAX_FILES, type ThreadBundle } from "../bundle/format.ts";
import { wholeLines } from "../bundle/lines.ts";
import { mendLines } from "../bundle/mend_lines.ts";
import { readRollout, type Rollout } from "../bundle/rollout.ts";
import { parseRolloutName } from "../bundle/rollout_name.ts";
import { findRollout, type FoundRollout } from "./find_rollout.ts";
import type { ThreadHome } from "./thread_home.ts";

/**
 * Reads a thread and the threads that it was forked from, each of these up to the offset of
 * its fork.
 *
 * @param id The thread's id, in lower case.
 * @param check Throws if the export was cancelled; called before each file.
 * @throws {CodexThreadNotFoundError} If the home does not have the thread.
 * @throws {CodexThreadBundleError} If it cannot be exported.
 */
export async function readThread(
  home: ThreadHome,
  id: string,
  check: () => void,
): Promise<ThreadBundle> {
  const found = await findRollout(home, id);
  check();
  if (found === undefined) throw notFound(home, id);
  const budget = { bytes: MAX_BYTES };
  const thread = await readFound(home, found, id, undefined, budget);
  const rollouts: [Rollout, ...Rollout[]] = [thread];
  for (let last = thread; last.base !== undefined;) {
    check();
    const { threadId, endOffset } = last.base;
    if (rollouts.length === MAX_FILES) {
      throw new CodexThreadBundleError(
        `Cannot export thread ${id}: it was forked more than ${
          MAX_FILES - 1
        } times`,
        { fileName: last.name },
      );
    }
    const next = await findRollout(home, threadId);
    if (next === undefined) {
      throw new CodexThreadBundleError(
        `Cannot export thread ${id}: ${
          quoted(last.name)
        } was forked from thread ${threadId}, which is not in ${
          quoted(home.path)
        }`,
        { fileName: last.name },
      );
    }
    const ancestor = await readFound(home, next, threadId, endOffset, budget);
    checkForkBase(last.name, last.base, ancestor);
    rollouts.push(ancestor);
    last = ancestor;
  }
  return { id, rollouts };
}

/** Reads a rollout up to an offset, or to its last whole line: the CLI may be writing more. */
async function readFound(
  { files }: ThreadHome,
  { path, name }: FoundRollout,
  id: string,
  endOffset: number | undefined,
  budget: { bytes: number },
): Promise<Rollout> {
  if (parseRolloutName(name) === undefined) {
    throw new CodexThreadBundleError(
      `Cannot export thread ${id}: ${
        quoted(name)
      } is not a file name of the CLI`,
      { fileName: name },
    );
  }
  const size = (await files.look(path))?.size ?? 0;
  budget.bytes -= Math.min(size, endOffset ?? size);
  if (budget.bytes < 0) {
    throw new CodexThreadBundleError(
      `Cannot export thread ${id}: it has more than ${MAX_BYTES} bytes`,
      { fileName: name },
    );
  }
  const bytes = await files.read(path) ?? new Uint8Array(0);
  const part = bytes.subarray(0, endOffset ?? bytes.length);
  return await readRollout(name, id, mendLines(wholeLines(part)));
}

function notFound(home: ThreadHome, id: string): CodexThreadNotFoundError {
  return new CodexThreadNotFoundError(
    `Cannot export thread ${id}: it is not in ${
      quoted(home.path)
    }; set codexHome to the home that has it`,
    { requestedThreadId: id, openedThreadId: null },
  );
}
