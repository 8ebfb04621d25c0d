/**
 * Does one thing after the other, in the order in which they were asked for; at
 * once where nothing is under way.
 */
export class InOrder {
  #underWay = 0;
  #last: Promise<unknown> = Promise.resolve();

  /** Whether nothing is under way. */
  get isIdle(): boolean {
    return this.#underWay === 0;
  }

  /** Does something when all that was asked for before is done, or has failed. */
  do<T>(step: () => Promise<T>): Promise<T> {
    this.#underWay += 1;
    const done = this.#underWay === 1 ? step() : this.#last.then(step, step);
    done.then(this.#count, this.#count);
    this.#last = done;
    return done;
  }

  readonly #count = (): void => {
    this.#underWay -= 1;
  };
}
