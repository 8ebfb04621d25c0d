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
  const present = new Map<unknown, EventListener>();
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  Object.assign(signal, {
    addEventListener(
      type: string,
      listener: EventListener,
      options?: AddEventListenerOptions,
    ): void {
      const wrapped = (event: Event): void => {
        if (options?.once) present.delete(listener);
        listener(event);
      };
      present.set(listener, wrapped);
      add(type, wrapped, options);
      options?.signal?.addEventListener(
        "abort",
        () => present.delete(listener),
        { once: true },
      );
    },
    removeEventListener(type: string, listener: EventListener): void {
      const wrapped = present.get(listener);
      present.delete(listener);
      if (wrapped !== undefined) remove(type, wrapped);
    },
  });
  return { controller, signal, listeners: () => present.size };
}
