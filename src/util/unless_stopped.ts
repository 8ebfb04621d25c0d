/**
 * Waits for a promise; resolves to `undefined` if the signal is aborted before it settles.
 * If the signal is aborted already, the promise may still settle at once. Leaves no
 * listener and no timer.
 */
export async function unlessStopped<T>(
  awaited: Promise<T>,
  signal: AbortSignal,
): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stop: () => void = () => {};
  const stopped = new Promise<undefined>((resolve) => {
    stop = () => timer = setTimeout(() => resolve(undefined), 0);
  });
  signal.addEventListener("abort", stop, { once: true });
  try {
    if (signal.aborted) stop();
    return await Promise.race([awaited, stopped]);
  } finally {
    signal.removeEventListener("abort", stop);
    clearTimeout(timer);
  }
}
