/**
 * Waits for a promise, at most `ms` ms; resolves to `false` if it has not resolved by then.
 * Leaves no timer.
 */
export async function withDeadline(
  awaited: Promise<unknown>,
  ms: number,
): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  try {
    return await Promise.race([awaited.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
