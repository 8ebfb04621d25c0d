/** Waits that have a bound, and the bound. @module */

import { MINUTE_MS, within } from "../../src/testing/waiting.ts";

export { MINUTE_MS, until, wait } from "../../src/testing/waiting.ts";

/** A shell's command that lasts longer than {@linkcode MINUTE_MS}. */
export const SLEEP = "sleep 100";

/** Waits for a promise, and fails if it has not settled in a minute. */
export async function withinMinute<T>(
  what: string,
  promise: Promise<T>,
): Promise<T> {
  return await within(MINUTE_MS, what, promise);
}

/** How long something took, in ms. */
export async function timed(task: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await task();
  return performance.now() - start;
}
