import { ChoiceCodec, type Codec, type PlainCodec } from "./codec.ts";

/**
 * Decodes one answer. Remembers for each value and codec whether they match: for unions
 * nested in unions, the inner parts of an answer would otherwise be matched again for
 * each member of each enclosing union.
 */
export class AnswerDecoder {
  readonly #matches = new Map<object, Map<object, boolean>>();

  /** Tells whether a value of the answer matches a codec. */
  matches(codec: Codec, value: unknown): boolean {
    return codec instanceof ChoiceCodec
      ? codec.members.plain.some((member) => member.matches(value, this))
      : codec.matches(value, this);
  }

  /** Returns a value of the answer in the form that its type reads. */
  decode(codec: Codec, value: unknown): unknown {
    const plain = codec instanceof ChoiceCodec
      ? this.#chooseMember(codec.members.plain, value)
      : codec;
    return plain === undefined ? value : plain.decode(value, this);
  }

  /**
   * Matches the contents of a value, only once for each key and value.
   *
   * @param key The object that identifies the codec.
   * @param match Tells whether the contents of the value match the codec.
   */
  memoizeMatch(key: object, value: object, match: () => boolean): boolean {
    let known = this.#matches.get(key);
    if (known === undefined) this.#matches.set(key, known = new Map());
    let matches = known.get(value);
    if (matches === undefined) known.set(value, matches = match());
    return matches;
  }

  /** Chooses the member of a union that a value belongs to. */
  #chooseMember(
    members: readonly PlainCodec[],
    value: unknown,
  ): PlainCodec | undefined {
    if (members.length < 2) return members[0];
    // A value that matches no member is invalid, but its literals still show which member
    // was meant.
    return members.find((member) => member.matches(value, this)) ??
      members.find((member) => member.matchesLiterals?.(value));
  }
}
