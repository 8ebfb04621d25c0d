/** The interval at which signals are checked, since an event may never arrive, in ms. */
const POLL_MS = 500;

/** The part of a signal that is used: it may come from another realm or another library. */
export type AbortSignalLike = Pick<
  AbortSignal,
  "aborted" | "reason" | "addEventListener" | "removeEventListener"
>;

/** The watch of each signal with listeners; the signal itself has one listener for all of them. */
const WATCHES = new WeakMap<AbortSignalLike, Watch>();

/**
 * Calls a listener when a signal is aborted; at once if it is aborted already. Turns
 * that share a signal share one listener on it: Node 20 warns of a leak from the
 * eleventh on (facts R17).
 *
 * Another listener may stop the event by `stopImmediatePropagation()`, so the signal is
 * also checked twice a second. A dependent signal (`AbortSignal.any`) would be aborted
 * anyway, but it accepts only the runtime's own signals, and becomes slow and leaks on
 * Node 22 (facts R23).
 *
 * @returns A function that removes the listener; once all are removed, this package has no
 * listener on the signal.
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
  // A closure, as the event's `currentTarget` is null on Node for all listeners except
  // the first (facts R22).
  readonly #check = (): void => this.check();
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(signal: AbortSignalLike) {
    this.#signal = signal;
    signal.addEventListener("abort", this.#check);
    WATCHES.set(signal, this);
    this.#timer = startChecking(this);
  }

  /** Adds a listener, and returns the function that removes it. */
  add(listener: () => void): () => void {
    // A new function each time, as the same listener may be added twice.
    const own = (): void => listener();
    this.#listeners.add(own);
    return () => {
      if (this.#listeners.delete(own) && this.#listeners.size === 0) {
        this.#end();
      }
    };
  }

  /** Calls all listeners if the signal is aborted; an event alone does not prove that. */
  check(): void {
    if (!isAborted(this.#signal)) return;
    this.#end();
    for (const listener of this.#listeners) listener();
  }

  #end(): void {
    clearInterval(this.#timer);
    WATCHES.delete(this.#signal);
    // A listener that remains is a leak, and a later abort may end the program (facts R4).
    this.#signal.removeEventListener("abort", this.#check);
  }
}

/** Tells whether a signal is aborted; `false` if reading it throws. */
function isAborted(signal: AbortSignalLike): boolean {
  try {
    return signal.aborted;
  } catch {
    return false;
  }
}

/** Checks a signal twice a second; keeps neither the signal nor the program alive. */
function startChecking(watch: Watch): ReturnType<typeof setInterval> {
  const watched = new WeakRef(watch);
  const timer = setInterval(() => {
    const watch = watched.deref();
    if (watch === undefined) clearInterval(timer);
    else watch.check();
  }, POLL_MS);
  // The program waits for the turn's process anyway.
  if (hasUnref(timer)) timer.unref();
  return timer;
}

/** Tells whether a timer has `unref()`, as on Node, Bun and Deno; the web's types lack it. */
function hasUnref(timer: unknown): timer is { unref(): void } {
  return typeof timer === "object" && timer !== null && "unref" in timer;
}
