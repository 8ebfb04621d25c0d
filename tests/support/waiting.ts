/** Waits that have a bound, and the bound. @module */

import { withDeadline } from "../../src/util/deadline.ts";

/**
 * How long anything may take on a busy machine, in ms. A bound against hanging, and no
 * measure of time: what must not be waited for lasts longer.
 */
export const MINUTE_MS = 60_000;

/** A shell's command that lasts longer than {@linkcode MINUTE_MS}. */
export const SLEEP = "sleep 100";

/** Waits. */
export function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/**
 * Asks again and again until there is an answer.
 *
 * @param what What is waited for: the error names it if it has not come in a minute.
 */
export async function until<T>(
  what: string,
  ask: () => T | undefined | Promise<T | undefined>,
): Promise<T> {
  const started = performance.now();
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() - started > MINUTE_MS) {
      throw new Error(`Waited for a minute, in vain: ${what}`);
    }
    await wait(10);
  }
}

/** Waits for a promise, and fails if it has not settled in a minute. */
export async function withinMinute<T>(
  what: string,
  promise: Promise<T>,
): Promise<T> {
  if (await withDeadline(promise, MINUTE_MS)) return await promise;
  throw new Error(`Waited for a minute, in vain: ${what}`);
}

/** Reads a file that somebody else writes, once it holds something. */
export async function contentOf(path: string): Promise<string> {
  return await until(
    `something in ${path}`,
    async () => await Deno.readTextFile(path).catch(() => "") || undefined,
  );
}

/** How long something took, in ms. */
export async function timed(task: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await task();
  return performance.now() - start;
}
