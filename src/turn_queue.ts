import { onAbort } from "./on_abort.ts";

/** Lets turns through one at a time, in the order of their coming. */
export class TurnQueue {
  #last: Promise<void> = Promise.resolve();

  /**
   * Waits for the turns that came before, and gives the function that lets the
   * next one through.
   *
   * @throws The reason of a signal that is aborted before the turn is let through.
   */
  async enter(...signals: readonly AbortSignal[]): Promise<() => void> {
    const before = this.#last;
    let leave: () => void = () => {};
    const here = new Promise<void>((resolve) => leave = resolve);
    // A turn that gives up waiting does not let those behind it overtake.
    this.#last = before.then(() => here);
    try {
      await unlessAborted(before, signals);
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
  signals: readonly AbortSignal[],
): Promise<void> {
  for (const signal of signals) signal.throwIfAborted();
  let remove: (() => void)[] = [];
  const aborted = new Promise<never>((_, reject) => {
    remove = signals.map((signal) =>
      onAbort(signal, () => reject(signal.reason))
    );
  });
  try {
    await Promise.race([awaited, aborted]);
  } finally {
    for (const removeOne of remove) removeOne();
  }
}
