/**
 * A list that is never changed and yet cheap to append to.
 *
 * Lists made by appending share one array; each remembers how much of it is
 * its own. Only when two lists are made from the same one does the second copy.
 */
export class AppendList<T> {
  readonly #shared: T[];
  readonly #length: number;

  /** Makes an empty list. */
  constructor(shared: T[] = [], length: number = shared.length) {
    this.#shared = shared;
    this.#length = length;
  }

  /** Makes a new list of these values and one more. */
  append(value: T): AppendList<T> {
    const shared = this.#shared.length === this.#length
      ? this.#shared
      : this.toArray();
    shared.push(value);
    return new AppendList(shared, this.#length + 1);
  }

  /** Copies the values into an array. */
  toArray(): T[] {
    return this.#shared.slice(0, this.#length);
  }
}
