import { CodexThreadBundleError } from "../../errors/thread_errors.ts";
import { quoted } from "../../util/text.ts";
import { NEWLINE } from "./lines.ts";
import type { ForkBase, Rollout } from "./rollout.ts";

/**
 * Checks that a fork begins at the end of a line of its ancestor's rollout.
 *
 * @throws {CodexThreadBundleError} If it does not.
 */
export function checkForkBase(
  name: string,
  { threadId, endOffset }: ForkBase,
  ancestor: Pick<Rollout, "bytes">,
): void {
  if (ancestor.bytes[endOffset - 1] === NEWLINE) return;
  throw new CodexThreadBundleError(
    `${
      quoted(name)
    } was forked from thread ${threadId} at byte ${endOffset}, where no line of that thread ends`,
    { fileName: name, lineNumber: 1 },
  );
}
