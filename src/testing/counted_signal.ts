/** A controller, and how many listeners its signal has. */
export interface CountedController {
  /** The controller. */
  readonly controller: AbortController;
  /** Its signal, which counts. */
  readonly signal: AbortSignal;
  /** Counts the `abort` listeners that are there now. */
  listeners(): number;
  /** Tells how many there have been at the same time, at most. */
  most(): number;
  /** Tells how often one was added. */
  added(): number;
}

/**
 * Makes a controller whose signal counts its listeners; one that goes once it is
 * called (`once`) counts until then. No runtime's own way to ask is there on all.
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
