/** The interval at which signals are checked, since an event may never arrive, in ms. */
const POLL_MS = 500;

/** The part of a signal that is used: it may come from another realm or another library. */
export type AbortSignalLike = Pick<
  AbortSignal,
  "aborted" | "reason" | "addEventListener" | "removeEventListener"
>;

/** The watch over each signal that is listened to; the signal itself has one listener for all. */
const WATCHES = new WeakMap<AbortSignalLike, Watch>();

/**
 * Calls a listener when a signal is aborted, at once if it is already. Turns that
 * share a signal share one listener on it: Node 20 warns of a leak from the
 * eleventh on (facts R17).
 *
 * Another listener may keep the event from arriving by `stopImmediatePropagation()`,
 * so the signal is also checked twice a second. A signal that depends on it
 * (`AbortSignal.any`) would be aborted all the same, but accepts only the runtime's
 * own signals, and gets slow and leaks on Node 22 (facts R23).
 *
 * @returns The function that removes the listener; after the last one, nothing of this
 * package is left on the signal.
 */
export function onAbort(
  signal: AbortSignalLike,
  listener: () => void,
): () => void {
  if (signal.aborted) {
    listener();
    return () => {};
  }
  const watch = WATCHES.get(signal) ?? new Watch(signal);
  return watch.add(listener);
}

/** One listener on a signal, on behalf of many. */
class Watch {
  readonly #signal: AbortSignalLike;
  readonly #listeners = new Set<() => void>();
  // Not found by the event's `currentTarget`: on Node it is null for all listeners
  // but the first (facts R22).
  readonly #check = (): void => this.check();
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(signal: AbortSignalLike) {
    this.#signal = signal;
    signal.addEventListener("abort", this.#check);
    WATCHES.set(signal, this);
    this.#timer = startChecking(this);
  }

  /** Adds a listener, and gives the function that removes it. */
  add(listener: () => void): () => void {
    // A new function each time: the same listener may be there twice.
    const own = (): void => listener();
    this.#listeners.add(own);
    return () => {
      if (this.#listeners.delete(own) && this.#listeners.size === 0) {
        this.#end();
      }
    };
  }

  /** Calls all listeners if the signal is aborted: an event alone does not prove it. */
  check(): void {
    if (!isAborted(this.#signal)) return;
    this.#end();
    for (const listener of this.#listeners) listener();
  }

  #end(): void {
    clearInterval(this.#timer);
    WATCHES.delete(this.#signal);
    // One that stays is a leak, and an abort later may end the program (facts R4).
    this.#signal.removeEventListener("abort", this.#check);
  }
}

/** Tells whether a signal is aborted; not if reading it fails. */
function isAborted(signal: AbortSignalLike): boolean {
  try {
    return signal.aborted;
  } catch {
    return false;
  }
}

/** Checks a signal from time to time; keeps neither the signal nor the program alive. */
function startChecking(watch: Watch): ReturnType<typeof setInterval> {
  const watched = new WeakRef(watch);
  const timer = setInterval(() => {
    const watch = watched.deref();
    if (watch === undefined) clearInterval(timer);
    else watch.check();
  }, POLL_MS);
  // What is listened to on behalf of a turn, the turn's own process waits for.
  if (hasUnref(timer)) timer.unref();
  return timer;
}

/** Tells whether a timer has `unref()`: on Node, Bun and Deno it does; the web's types lack it. */
function hasUnref(timer: unknown): timer is { unref(): void } {
  return typeof timer === "object" && timer !== null && "unref" in timer;
}
