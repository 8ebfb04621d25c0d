import { Choice, type PlainShape, type Shape } from "./codec.ts";

/**
 * One answer on its way back to what its type knows. What fits is remembered for
 * each value and shape: unions that hold each other would otherwise have the inside
 * of an answer judged again for each member of each union around it.
 */
export class Reading {
  readonly #judged = new Map<object, Map<object, boolean>>();

  /** Tells whether a value of the answer is of a shape. */
  fits(shape: Shape, value: unknown): boolean {
    return shape instanceof Choice
      ? shape.members.plain.some((member) => member.fits(value, this))
      : shape.fits(value, this);
  }

  /** Gives a value of the answer as the type knows it. */
  restore(shape: Shape, value: unknown): unknown {
    const plain = shape instanceof Choice
      ? this.#memberFor(shape.members.plain, value)
      : shape;
    return plain === undefined ? value : plain.restore(value, this);
  }

  /**
   * Judges what is in a value, once.
   *
   * @param shape What stands for the shape.
   * @param judge Tells whether what is in the value is of the shape.
   */
  once(shape: object, value: object, judge: () => boolean): boolean {
    let known = this.#judged.get(shape);
    if (known === undefined) this.#judged.set(shape, known = new Map());
    let fits = known.get(value);
    if (fits === undefined) known.set(value, fits = judge());
    return fits;
  }

  /** The member of a union that a value is of. */
  #memberFor(
    members: readonly PlainShape[],
    value: unknown,
  ): PlainShape | undefined {
    if (members.length < 2) return members[0];
    // What fits none is wrong anyway; its literals still tell which one was meant.
    return members.find((member) => member.fits(value, this)) ??
      members.find((member) => member.resembles?.(value));
  }
}
