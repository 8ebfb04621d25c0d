import { ChoiceCodec, type Codec, type PlainCodec } from "./codec.ts";

/**
 * One answer on its way back to what its type knows. What fits is remembered for
 * each value and codec: unions that hold each other would otherwise have the inside
 * of an answer judged again for each member of each union around it.
 */
export class AnswerDecoder {
  readonly #matches = new Map<object, Map<object, boolean>>();

  /** Tells whether a value of the answer is of a codec. */
  matches(codec: Codec, value: unknown): boolean {
    return codec instanceof ChoiceCodec
      ? codec.members.plain.some((member) => member.matches(value, this))
      : codec.matches(value, this);
  }

  /** Gives a value of the answer as the type knows it. */
  decode(codec: Codec, value: unknown): unknown {
    const plain = codec instanceof ChoiceCodec
      ? this.#chooseMember(codec.members.plain, value)
      : codec;
    return plain === undefined ? value : plain.decode(value, this);
  }

  /**
   * Judges what is in a value, once.
   *
   * @param key What stands for the codec.
   * @param match Tells whether what is in the value is of the codec.
   */
  memoizeMatch(key: object, value: object, match: () => boolean): boolean {
    let known = this.#matches.get(key);
    if (known === undefined) this.#matches.set(key, known = new Map());
    let matches = known.get(value);
    if (matches === undefined) known.set(value, matches = match());
    return matches;
  }

  /** The member of a union that a value is of. */
  #chooseMember(
    members: readonly PlainCodec[],
    value: unknown,
  ): PlainCodec | undefined {
    if (members.length < 2) return members[0];
    // What fits none is wrong anyway; its literals still tell which one was meant.
    return members.find((member) => member.matches(value, this)) ??
      members.find((member) => member.matchesLiterals?.(value));
  }
}
