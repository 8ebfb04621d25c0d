/** A controller, and the number of listeners on its signal. */
export interface CountedController {
  /** The controller. */
  readonly controller: AbortController;
  /** Its signal, which counts its listeners. */
  readonly signal: AbortSignal;
  /** Returns the number of `abort` listeners there are now. */
  listeners(): number;
  /** Returns the largest number that there have been at the same time. */
  most(): number;
  /** Returns how often one was added. */
  added(): number;
}

/**
 * Creates a controller whose signal counts its listeners. A `once` listener counts until
 * it is called. Not every runtime has an API of its own for this.
 */
export function countedController(): CountedController {
  const controller = new AbortController();
  const { signal } = controller;
  const present = new Map<unknown, EventListener>();
  let most = 0;
  let added = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  Object.assign(signal, {
    addEventListener(
      type: string,
      listener: EventListener,
      options?: AddEventListenerOptions,
    ): void {
      added += 1;
      if (present.has(listener)) return;
      const counted = (event: Event): void => {
        if (options?.once) present.delete(listener);
        listener(event);
      };
      present.set(listener, counted);
      most = Math.max(most, present.size);
      add(type, counted, options);
      options?.signal?.addEventListener(
        "abort",
        () => present.delete(listener),
        { once: true },
      );
    },
    removeEventListener(type: string, listener: EventListener): void {
      const counted = present.get(listener);
      if (counted === undefined) return;
      present.delete(listener);
      remove(type, counted);
    },
  });
  return {
    controller,
    signal,
    listeners: () => present.size,
    most: () => most,
    added: () => added,
  };
}
