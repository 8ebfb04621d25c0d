import type { ChildProcess, EndingSignal } from "../runtime/types.ts";
import { withDeadline } from "./deadline.ts";

/** How long each signal is given to work, in ms. */
export const SIGNAL_GRACE_MS = 2000;

/**
 * Ends a child in steps, each on a deadline, and waits until it is gone.
 *
 * SIGINT first: on it the CLI stops its commands and tells the thread that the
 * turn was aborted, which it does on no other signal (facts F15, F20). A child
 * that ignores all but SIGKILL is gone after twice the grace; the last wait has a
 * bound too, since a process can hang in the kernel.
 */
export async function shutDown(
  child: ChildProcess,
  platform: string,
): Promise<void> {
  for (const signal of signalsFor(platform)) {
    child.kill(signal);
    if (await withDeadline(child.exited, SIGNAL_GRACE_MS)) return;
  }
}

/** Windows has no signals: every one of them ends the process at once. */
function signalsFor(platform: string): readonly EndingSignal[] {
  return platform === "win32" ? ["SIGKILL"] : ["SIGINT", "SIGTERM", "SIGKILL"];
}
