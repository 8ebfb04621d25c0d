import { type AbortSignalLike, onAbort } from "./on_abort.ts";

/**
 * Waits for a promise, until a signal is aborted. Leaves no listener.
 *
 * @param toError Makes the error for a signal that is aborted first; by default it is the
 * signal's reason.
 */
export async function withSignal<T>(
  awaited: Promise<T>,
  signal: AbortSignalLike,
  toError: () => unknown = () => signal.reason,
): Promise<T> {
  let stop: () => void = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = onAbort(signal, () => reject(toError()));
  });
  try {
    return await Promise.race([awaited, aborted]);
  } finally {
    stop();
  }
}
