/**
 * Runs tasks one after the other, in the order in which they are added; at once if the queue
 * is idle.
 */
export class SerialQueue {
  #underWay = 0;
  #last: Promise<unknown> = Promise.resolve();

  /** `true` if no task is running or waiting. */
  get isIdle(): boolean {
    return this.#underWay === 0;
  }

  /** Runs a task once all earlier ones have completed or failed. */
  run<T>(task: () => Promise<T>): Promise<T> {
    this.#underWay += 1;
    const done = this.#underWay === 1 ? task() : this.#last.then(task, task);
    done.then(this.#leave, this.#leave);
    this.#last = done;
    return done;
  }

  /**
   * Waits for a place in the queue, and resolves to the function that leaves it, or to
   * `undefined` if the signal is aborted first. Abandoning a place does not let later
   * tasks overtake earlier ones.
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

/** Waits for a promise; resolves to `false` if the signal is aborted first. Leaves no listener. */
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
