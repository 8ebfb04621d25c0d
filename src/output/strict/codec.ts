import type { JsonObject } from "../../protocol/json.ts";
import type { AnswerDecoder } from "./answer_decoder.ts";

/**
 * Describes one value of an answer: the schema that is sent for it, and the way to decode
 * the value that the model wrote. One walk over the type's JSON Schema creates both; they
 * can be used once the walk has finished.
 */
export type Codec = PlainCodec | ChoiceCodec;

/** The codec of an object, an array, or a value without parts. */
export interface PlainCodec {
  /**
   * Returns the schema that is sent, in the form that the model's strict mode accepts.
   */
  readonly schema: () => JsonObject;
  /**
   * Tells whether a value of the answer matches. Ignores formats and patterns: a pattern
   * may never finish on a text that the model wrote.
   *
   * @param decoder Matches the parts of the value.
   */
  matches(value: unknown, decoder: AnswerDecoder): boolean;
  /**
   * Returns the value in the form that the type reads. Never fails: a value that does not
   * match is returned unchanged.
   *
   * @param decoder Decodes the parts of the value.
   */
  decode(value: unknown, decoder: AnswerDecoder): unknown;
  /**
   * Tells whether the literals in a value match; they distinguish the members of a union.
   */
  matchesLiterals?(value: unknown): boolean;
  /** True for the codec of null. */
  readonly isNull?: boolean;
}

/** The plain codecs of a codec: see {@linkcode listMembers}. */
interface Members {
  readonly plain: readonly PlainCodec[];
  /** True if one of them is the codec of null. */
  readonly takesNull: boolean;
}

/** The codec of a union or a reference: a value matches one of several codecs. */
export class ChoiceCodec {
  /** Returns the schema that is sent. */
  readonly schema: () => JsonObject;
  readonly #candidates: () => readonly Codec[];
  #members: Members | undefined;

  /**
   * Creates a choice between codecs.
   *
   * @param candidates Returns the codecs, once all of them have been created.
   */
  constructor(schema: () => JsonObject, candidates: () => readonly Codec[]) {
    this.schema = schema;
    this.#candidates = candidates;
  }

  /** The plain codecs that it leads to, looked up when first needed. */
  get members(): Members {
    this.#members ??= this.#findMembers(() => {});
    return this.#members;
  }

  /**
   * Looks up the members ahead of time.
   *
   * @param onStep Called for each codec that is visited; may throw.
   */
  resolve(onStep: () => void): void {
    this.#members ??= this.#findMembers(onStep);
  }

  #findMembers(onStep: () => void): Members {
    const [first, second] = this.#candidates();
    // A reference to another choice has the same members; chains of them may be long.
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
 * Lists the plain codecs of a codec: the codec itself, or those that a choice leads to,
 * including through other choices. They are in order, each listed once, even if a choice
 * contains itself or leads to another one in several ways.
 */
export function listMembers(codec: Codec): Members {
  return codec instanceof ChoiceCodec ? codec.members : toMembers([codec]);
}

function toMembers(plain: readonly PlainCodec[]): Members {
  return { plain, takesNull: plain.some(({ isNull }) => isNull) };
}

/** Reads the title and description of a schema, and adds notes to the description. */
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
