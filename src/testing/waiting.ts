/** Bounded waits. @module */

/**
 * The longest that a step of a test may take on a busy machine, in ms. It only guards
 * against hanging and measures nothing: a process that must not be waited for lasts longer.
 */
export const MINUTE_MS = 60_000;

/** A shell command that lasts longer than {@linkcode MINUTE_MS}. */
export const SLEEP = "sleep 100";

/** Waits for a number of ms. */
export function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/**
 * Polls every 10 ms until `ask` returns something other than `undefined`.
 *
 * @param what A description of what is awaited, for the error.
 * @throws {Error} If that has not happened in time.
 */
export async function until<T>(
  what: string,
  ask: () => T | undefined | Promise<T | undefined>,
  ms: number = MINUTE_MS,
): Promise<T> {
  const started = performance.now();
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() - started > ms) {
      throw new Error(`Timed out after ${ms / 1000} s: ${what}`);
    }
    await wait(10);
  }
}

/** Waits for a promise, and throws if it has not settled in time. */
export async function within<T>(
  ms: number,
  what: string,
  promise: Promise<T>,
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`Timed out after ${ms / 1000} s: ${what}`)),
      ms,
    );
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits for a promise, and throws if it has not settled in a minute. */
export function withinMinute<T>(what: string, promise: Promise<T>): Promise<T> {
  return within(MINUTE_MS, what, promise);
}

/** Measures how long a task takes, in ms. */
export async function timed(task: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await task();
  return performance.now() - start;
}
