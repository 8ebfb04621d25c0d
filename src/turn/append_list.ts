/**
 * An immutable list that is cheap to append to.
 *
 * Lists made by appending share one array, and each remembers its own length. Appending
 * copies the array only if the same list was appended to before.
 */
export class AppendList<T> {
  readonly #shared: T[];
  readonly #length: number;

  /** Creates a list, by default an empty one. */
  constructor(shared: T[] = [], length: number = shared.length) {
    this.#shared = shared;
    this.#length = length;
  }

  /** Returns a new list with these values and one more. */
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
