/** Lets turns through one at a time, in the order of their coming. */
export class TurnQueue {
  #last: Promise<void> = Promise.resolve();

  /**
   * Waits for the turns that came before, and gives the function that lets the
   * next one through.
   *
   * @throws The signal's reason, if it is aborted before the turn is let through.
   */
  async enter(signal: AbortSignal): Promise<() => void> {
    const before = this.#last;
    let leave: () => void = () => {};
    const here = new Promise<void>((resolve) => leave = resolve);
    // A turn that gives up waiting does not let those behind it overtake.
    this.#last = before.then(() => here);
    try {
      await unlessAborted(before, signal);
      return leave;
    } catch (error) {
      leave();
      throw error;
    }
  }
}

/** Waits for something, unless a signal is aborted first; leaves no listener. */
async function unlessAborted(
  awaited: Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  let abort: () => void = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
  });
  try {
    await Promise.race([awaited, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
