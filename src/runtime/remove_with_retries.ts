import { readSystemCode } from "../errors/host_error.ts";
import { sleep } from "../util/sleep.ts";

/**
 * The codes of errors that may be temporary: on Windows, a file cannot be removed while
 * another program has it open, as a virus scanner does right after it was written.
 */
const PASSING = ["EBUSY", "EPERM", "ENOTEMPTY", "EMFILE", "ENFILE"];

/** The pauses before each retry, in ms: 1.5 s in total. */
const PAUSES_MS = [100, 200, 300, 400, 500];

/** Calls `remove`, and retries if the path may only be in use. */
export async function removeWithRetries(
  remove: () => Promise<void>,
): Promise<void> {
  for (const ms of PAUSES_MS) {
    try {
      return await remove();
    } catch (error) {
      if (!PASSING.includes(readSystemCode(error))) throw error;
    }
    await sleep(ms);
  }
  await remove();
}
