/**
 * A signal that tells how many listeners it has, those that go by themselves once
 * called (`once`) left out: no runtime's own way to ask is there on all of them.
 *
 * @module
 */

/** A controller, and the number of listeners that its signal has. */
export interface WatchedController {
  /** The controller. */
  readonly controller: AbortController;
  /** Its signal. */
  readonly signal: AbortSignal;
  /** How many listeners are there now. */
  listeners(): number;
}

/** Makes a controller whose signal counts. */
export function watchedController(): WatchedController {
  const controller = new AbortController();
  const { signal } = controller;
  const present = new Set<unknown>();
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  Object.assign(signal, {
    addEventListener(
      type: string,
      listener: EventListener,
      options?: AddEventListenerOptions,
    ): void {
      present.add(listener);
      add(type, listener, options);
      const gone = (): void => void present.delete(listener);
      if (options?.once) add(type, gone, { once: true });
      options?.signal?.addEventListener("abort", gone, { once: true });
    },
    removeEventListener(type: string, listener: EventListener): void {
      present.delete(listener);
      remove(type, listener);
    },
  });
  return { controller, signal, listeners: () => present.size };
}
