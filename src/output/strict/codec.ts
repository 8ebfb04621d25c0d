import type { JsonObject } from "../../protocol/json.ts";
import type { AnswerDecoder } from "./answer_decoder.ts";

/**
 * One value of an answer: the schema that is sent for it, and the way to decode what
 * the model wrote. One walk over the type's JSON Schema makes both; they can be used
 * when the walk has finished.
 */
export type Codec = PlainCodec | ChoiceCodec;

/** The codec of an object, an array, or a value without parts. */
export interface PlainCodec {
  /** Gives the schema that is sent, as the model's strict mode accepts it. */
  readonly schema: () => JsonObject;
  /**
   * Tells whether a value of the answer matches. Ignores formats and patterns: a
   * pattern may take forever on a text that the model wrote.
   *
   * @param decoder Matches the parts of the value.
   */
  matches(value: unknown, decoder: AnswerDecoder): boolean;
  /**
   * Gives the value in the form that the type reads. Never fails: a value that does
   * not match stays as it is.
   *
   * @param decoder Decodes the parts of the value.
   */
  decode(value: unknown, decoder: AnswerDecoder): unknown;
  /**
   * Tells whether the literals in a value match. The members of a union are told
   * apart by them.
   */
  matchesLiterals?(value: unknown): boolean;
  /** True if it is the codec of null. */
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
  /** Gives the schema that is sent. */
  readonly schema: () => JsonObject;
  readonly #candidates: () => readonly Codec[];
  #members: Members | undefined;

  /**
   * Makes a choice between codecs.
   *
   * @param candidates Gives the codecs, as soon as all of them are made.
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
 * Lists the plain codecs of a codec: itself, or those that a choice leads to, also
 * through other choices. They are in order and each is listed once, even if a choice
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
