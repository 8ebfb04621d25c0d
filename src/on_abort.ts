/** The listeners of each signal; the signal itself has one for all of them. */
const LISTENERS = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls a listener when a signal is aborted, at once if it is already. Turns that
 * share a signal share one listener on it: Node 20 warns of a leak from the
 * eleventh on.
 *
 * @returns The function that takes the listener away; with the last one, nothing
 * of this package is left on the signal.
 */
export function onAbort(
  signal: AbortSignal,
  listener: () => void,
): () => void {
  if (signal.aborted) {
    listener();
    return () => {};
  }
  const listeners = LISTENERS.get(signal) ?? listen(signal);
  // A function of its own each time: the same listener may be there twice.
  const own = (): void => listener();
  listeners.add(own);
  return () => {
    if (!listeners.delete(own) || listeners.size > 0) return;
    LISTENERS.delete(signal);
    signal.removeEventListener("abort", tellAll);
  };
}

function listen(signal: AbortSignal): Set<() => void> {
  const listeners = new Set<() => void>();
  LISTENERS.set(signal, listeners);
  signal.addEventListener("abort", tellAll, { once: true });
  return listeners;
}

/** One function for all signals, so that it can be taken away from each. */
function tellAll(event: Event): void {
  const signal = event.currentTarget as AbortSignal;
  const listeners = LISTENERS.get(signal);
  LISTENERS.delete(signal);
  for (const listener of listeners ?? []) listener();
}
