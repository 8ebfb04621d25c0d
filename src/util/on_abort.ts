/** How often a signal is looked at whose event may never arrive, in ms. */
const POLL_MS = 500;

/** What is used of a signal: it may be of another realm, or of another library than the runtime's. */
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
 * so the signal is looked at twice a second as well. A signal that depends on it
 * (`AbortSignal.any`) would be told in spite of that, but takes signals of the
 * runtime's own alone, and gets slow and leaks on Node 22 (facts R23).
 *
 * @returns The function that takes the listener away; with the last one, nothing
 * of this package is left on the signal.
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

  /** Adds a listener, and gives the function that takes it away. */
  add(listener: () => void): () => void {
    // A function of its own each time: the same listener may be there twice.
    const own = (): void => listener();
    this.#listeners.add(own);
    return () => {
      if (this.#listeners.delete(own) && this.#listeners.size === 0) {
        this.#end();
      }
    };
  }

  /** Tells all who listen if the signal is aborted: an event alone does not say so. */
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

/** Whether a signal is aborted; one that fails to say is not. */
function isAborted(signal: AbortSignalLike): boolean {
  try {
    return signal.aborted;
  } catch {
    return false;
  }
}

/** Looks at a signal from time to time; holds neither the signal nor the program up. */
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

/** Node, Bun and Deno have it; the web's types do not know it. */
function hasUnref(timer: unknown): timer is { unref(): void } {
  return typeof timer === "object" && timer !== null && "unref" in timer;
}
