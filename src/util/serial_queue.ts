/**
 * Lets one thing happen after the other, in the order in which they were asked for;
 * at once where nothing is under way.
 */
export class SerialQueue {
  #underWay = 0;
  #last: Promise<unknown> = Promise.resolve();

  /** True if nothing is under way. */
  get isIdle(): boolean {
    return this.#underWay === 0;
  }

  /** Runs a task when all that was asked for before is done, or has failed. */
  run<T>(task: () => Promise<T>): Promise<T> {
    this.#underWay += 1;
    const done = this.#underWay === 1 ? task() : this.#last.then(task, task);
    done.then(this.#leave, this.#leave);
    this.#last = done;
    return done;
  }

  /**
   * Waits for a place in the queue, and gives the function that leaves it; nothing if
   * the signal is aborted first. Who gives up waiting does not let those behind
   * overtake those before.
   */
  async enter(signal?: AbortSignal): Promise<(() => void) | undefined> {
    let leave: () => void = () => {};
    const left = new Promise<void>((resolve) => leave = resolve);
    const entered = new Promise<boolean>((resolve) => {
      this.run(() => {
        resolve(true);
        return left;
      });
    });
    if (await unlessAborted(entered, signal)) return leave;
    leave();
    return undefined;
  }

  readonly #leave = (): void => {
    this.#underWay -= 1;
  };
}

/** Waits for something; gives false if the signal is aborted first. Leaves no listener. */
async function unlessAborted(
  awaited: Promise<boolean>,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  if (signal === undefined) return await awaited;
  if (signal.aborted) return false;
  let abort: () => void = () => {};
  const aborted = new Promise<boolean>((resolve) => {
    abort = () => resolve(false);
  });
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([aborted, awaited]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
