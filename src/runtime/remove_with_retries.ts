import { readSystemCode } from "../errors/host_error.ts";
import { sleep } from "../util/sleep.ts";

/**
 * The codes of what may be over in a moment: on Windows nobody removes a file that
 * another program has open, as a scanner for viruses does right after it was written.
 */
const PASSING = ["EBUSY", "EPERM", "ENOTEMPTY", "EMFILE", "ENFILE"];

/** The pauses before it is tried again, in ms: 1.5 s in all. */
const PAUSES_MS = [100, 200, 300, 400, 500];

/** Removes something, and tries again where it may only be in use. */
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
