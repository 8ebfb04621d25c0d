/**
 * Runs a task with intervals that elapse only when `tick` is called.
 *
 * @module
 */
export async function withFakeTime(
  task: (tick: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const { setInterval: set, clearInterval: clear } = globalThis;
  const running = new Map<number, () => void>();
  globalThis.setInterval = ((callback: () => void): number => {
    const id = running.size + 1;
    running.set(id, callback);
    return id;
  }) as unknown as typeof set;
  globalThis.clearInterval = (id) => {
    running.delete(Number(id));
  };
  try {
    await task(async () => {
      // Pending work before and after the interval runs, too.
      await new Promise((resolve) => setTimeout(resolve, 0));
      for (const callback of running.values()) callback();
      await new Promise((resolve) => setTimeout(resolve, 0));
    });
    if (running.size > 0) throw new Error("An interval is left");
  } finally {
    globalThis.setInterval = set;
    globalThis.clearInterval = clear;
  }
}
