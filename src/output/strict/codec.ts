import type { JsonObject } from "../../protocol/json.ts";
import type { AnswerDecoder } from "./answer_decoder.ts";

/**
 * One place of an answer: what is sent for it, and the way back from what the
 * model wrote there. Both are made by the same walk over the type's JSON Schema,
 * and can be asked for once that walk is over.
 */
export type Codec = PlainCodec | ChoiceCodec;

/** An object, an array or a value without parts. */
export interface PlainCodec {
  /** Gives what is sent: JSON Schema as the model's strict mode takes it. */
  readonly schema: () => JsonObject;
  /**
   * Tells whether a value that was written here is of this codec. Formats and
   * patterns are not looked at: a pattern may take time without end on a text of
   * the model's.
   *
   * @param decoder Judges what is in the value.
   */
  matches(value: unknown, decoder: AnswerDecoder): boolean;
  /**
   * Gives the value as the type knows it. Never fails: what does not fit stays as
   * it is.
   *
   * @param decoder Restores what is in the value.
   */
  decode(value: unknown, decoder: AnswerDecoder): unknown;
  /**
   * Tells whether the literals of a value are this codec's: the members of a union
   * are told apart by them.
   */
  matchesLiterals?(value: unknown): boolean;
  /** Whether null is the codec's own value. */
  readonly isNull?: boolean;
}

/** What a codec comes to: see {@linkcode listMembers}. */
interface Members {
  readonly plain: readonly PlainCodec[];
  /** Whether null is a value of one of them. */
  readonly takesNull: boolean;
}

/** Some codecs, of which a value has one: a union, or what a reference leads to. */
export class ChoiceCodec {
  /** Gives what is sent. */
  readonly schema: () => JsonObject;
  readonly #candidates: () => readonly Codec[];
  #members: Members | undefined;

  /**
   * Makes a choice among some codecs.
   *
   * @param candidates Gives the codecs, once they are all there.
   */
  constructor(schema: () => JsonObject, candidates: () => readonly Codec[]) {
    this.schema = schema;
    this.#candidates = candidates;
  }

  /** What it comes to; it is looked for when it is first asked for. */
  get members(): Members {
    this.#members ??= this.#findMembers(() => {});
    return this.#members;
  }

  /**
   * Looks for what it comes to, so that it is known.
   *
   * @param onStep Called for each codec that is looked at; may throw.
   */
  resolve(onStep: () => void): void {
    this.#members ??= this.#findMembers(onStep);
  }

  #findMembers(onStep: () => void): Members {
    const [first, second] = this.#candidates();
    // What only leads to another one comes to the same: there may be many of them.
    if (
      first instanceof ChoiceCodec && second === undefined && first.#members
    ) {
      return first.#members;
    }
    const plain = new Set<PlainCodec>();
    const seen = new Set<Codec>();
    const left: Codec[] = [this];
    for (let codec = left.pop(); codec !== undefined; codec = left.pop()) {
      onStep();
      if (seen.has(codec)) continue;
      seen.add(codec);
      if (codec instanceof ChoiceCodec) {
        const inner = codec.#members?.plain ?? codec.#candidates();
        for (const one of inner.toReversed()) left.push(one);
      } else plain.add(codec);
    }
    return toMembers([...plain]);
  }
}

/**
 * The codecs that a codec comes to: itself, or those that a choice, and the choices
 * in it, are among. In order, and each once, also where a choice holds itself or
 * leads to another one by many ways.
 */
export function listMembers(codec: Codec): Members {
  return codec instanceof ChoiceCodec ? codec.members : toMembers([codec]);
}

function toMembers(plain: readonly PlainCodec[]): Members {
  return { plain, takesNull: plain.some(({ isNull }) => isNull) };
}

/** The texts of a schema that strict mode lets through, beside its keywords. */
export function readAnnotations(
  { title, description }: JsonObject,
  notes: readonly string[] = [],
): JsonObject {
  const descriptions = [
    ...typeof description === "string" && description !== ""
      ? [description]
      : [],
    ...notes.length === 0 ? [] : [`(${notes.join("; ")})`],
  ];
  return {
    ...typeof title === "string" ? { title } : {},
    ...descriptions.length === 0 ? {} : { description: descriptions.join(" ") },
  };
}
