import { type AbortSignalLike, onAbort } from "./on_abort.ts";

/**
 * Waits for a promise; rejects if a signal is aborted first. Leaves no listener.
 *
 * @param toError Creates the error for the aborted signal; by default the signal's reason.
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
