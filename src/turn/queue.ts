import { type AbortSignalLike, onAbort } from "../util/on_abort.ts";

/** Lets turns through one at a time, in the order of their coming. */
export class TurnQueue {
  #last: Promise<void> = Promise.resolve();

  /**
   * Waits for the turns that came before, and gives the function that lets the
   * next one through; nothing if a signal is aborted first.
   */
  async enter(
    ...signals: readonly AbortSignalLike[]
  ): Promise<(() => void) | undefined> {
    const before = this.#last;
    let leave: () => void = () => {};
    const here = new Promise<void>((resolve) => leave = resolve);
    // A turn that gives up waiting does not let those behind it overtake.
    this.#last = before.then(() => here);
    let hasPlace = false;
    try {
      hasPlace = await unlessAborted(before, signals);
      return hasPlace ? leave : undefined;
    } finally {
      if (!hasPlace) leave();
    }
  }
}

/** Waits for something, and tells whether no signal was aborted first; leaves no listener. */
async function unlessAborted(
  awaited: Promise<void>,
  signals: readonly AbortSignalLike[],
): Promise<boolean> {
  const remove: (() => void)[] = [];
  try {
    const aborted = new Promise<boolean>((resolve) => {
      for (const signal of signals) {
        remove.push(onAbort(signal, () => resolve(false)));
      }
    });
    return await Promise.race([aborted, awaited.then(() => true)]);
  } finally {
    for (const removeOne of remove) removeOne();
  }
}
