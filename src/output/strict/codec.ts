import type { JsonObject } from "../../protocol/json.ts";
import type { Reading } from "./answer_decoder.ts";

/**
 * One place of an answer: what is sent for it, and the way back from what the
 * model wrote there. Both are made by the same walk over the type's JSON Schema,
 * and can be asked for once that walk is over.
 */
export type Shape = PlainShape | Choice;

/** An object, an array or a value without parts. */
export interface PlainShape {
  /** Gives what is sent: JSON Schema as the model's strict mode takes it. */
  readonly schema: () => JsonObject;
  /**
   * Tells whether a value that was written here is of this shape. Formats and
   * patterns are not looked at: a pattern may take time without end on a text of
   * the model's.
   *
   * @param reading Judges what is in the value.
   */
  fits(value: unknown, reading: Reading): boolean;
  /**
   * Gives the value as the type knows it. Never fails: what does not fit stays as
   * it is.
   *
   * @param reading Restores what is in the value.
   */
  restore(value: unknown, reading: Reading): unknown;
  /**
   * Tells whether the literals of a value are this shape's: the members of a union
   * are told apart by them.
   */
  resembles?(value: unknown): boolean;
  /** Whether null is the shape's own value. */
  readonly isNull?: boolean;
}

/** What a shape comes to: see {@linkcode membersOf}. */
interface Members {
  readonly plain: readonly PlainShape[];
  /** Whether null is a value of one of them. */
  readonly takesNull: boolean;
}

/** Some shapes, of which a value has one: a union, or what a reference leads to. */
export class Choice {
  /** Gives what is sent. */
  readonly schema: () => JsonObject;
  readonly #among: () => readonly Shape[];
  #members: Members | undefined;

  /**
   * Makes a choice among some shapes.
   *
   * @param among Gives the shapes, once they are all there.
   */
  constructor(schema: () => JsonObject, among: () => readonly Shape[]) {
    this.schema = schema;
    this.#among = among;
  }

  /** What it comes to; it is looked for when it is first asked for. */
  get members(): Members {
    this.#members ??= this.#lookFor(() => {});
    return this.#members;
  }

  /**
   * Looks for what it comes to, so that it is known.
   *
   * @param onStep Called for each shape that is looked at; may throw.
   */
  settle(onStep: () => void): void {
    this.#members ??= this.#lookFor(onStep);
  }

  #lookFor(onStep: () => void): Members {
    const [first, second] = this.#among();
    // What only leads to another one comes to the same: there may be many of them.
    if (first instanceof Choice && second === undefined && first.#members) {
      return first.#members;
    }
    const plain = new Set<PlainShape>();
    const seen = new Set<Shape>();
    const left: Shape[] = [this];
    for (let shape = left.pop(); shape !== undefined; shape = left.pop()) {
      onStep();
      if (seen.has(shape)) continue;
      seen.add(shape);
      if (shape instanceof Choice) {
        const inner = shape.#members?.plain ?? shape.#among();
        for (const one of inner.toReversed()) left.push(one);
      } else plain.add(shape);
    }
    return membersAmong([...plain]);
  }
}

/**
 * The shapes that a shape comes to: itself, or those that a choice, and the choices
 * in it, are among. In order, and each once, also where a choice holds itself or
 * leads to another one by many ways.
 */
export function membersOf(shape: Shape): Members {
  return shape instanceof Choice ? shape.members : membersAmong([shape]);
}

function membersAmong(plain: readonly PlainShape[]): Members {
  return { plain, takesNull: plain.some(({ isNull }) => isNull) };
}

/** The texts of a schema that strict mode lets through, beside its keywords. */
export function textsOf(
  { title, description }: JsonObject,
  notes: readonly string[] = [],
): JsonObject {
  const words = [
    ...typeof description === "string" && description !== ""
      ? [description]
      : [],
    ...notes.length === 0 ? [] : [`(${notes.join("; ")})`],
  ];
  return {
    ...typeof title === "string" ? { title } : {},
    ...words.length === 0 ? {} : { description: words.join(" ") },
  };
}
