/**
 * A signal that tells how many listeners it has: no runtime's own way to ask is
 * there on all of them.
 *
 * @module
 */

/** A controller and the number of listeners that its signal has. */
export interface CountedController {
  /** The controller. */
  readonly controller: AbortController;
  /** Its signal, watched. */
  readonly signal: AbortSignal;
  /** How many `abort` listeners are there now. */
  listeners(): number;
  /** How many there have been at the same time, at most. */
  most(): number;
}

/** Makes a controller whose signal counts. */
export function countedController(): CountedController {
  const controller = new AbortController();
  const { signal } = controller;
  const present = new Set<unknown>();
  let most = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  Object.assign(signal, {
    addEventListener(
      type: string,
      listener: EventListener,
      options?: AddEventListenerOptions,
    ): void {
      add(type, listener, options);
      present.add(listener);
      most = Math.max(most, present.size);
      options?.signal?.addEventListener(
        "abort",
        () => present.delete(listener),
      );
    },
    removeEventListener(type: string, listener: EventListener): void {
      remove(type, listener);
      present.delete(listener);
    },
  });
  return {
    controller,
    signal,
    listeners: () => present.size,
    most: () => most,
  };
}
