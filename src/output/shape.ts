import type { JsonObject } from "../protocol/json.ts";

/**
 * One place of an answer: what is sent for it, and the way back from what the
 * model wrote there. Both are made by the same walk over the type's JSON Schema.
 */
export interface Shape {
  /** What is sent: JSON Schema as the model's strict mode takes it. */
  readonly schema: JsonObject;
  /** Whether a value that was written here is of this shape; formats are not looked at. */
  fits(value: unknown): boolean;
  /** The value as the type knows it. Never fails: what does not fit stays as it is. */
  restore(value: unknown): unknown;
  /** Whether the literals of a value are this shape's: the members of a union are told apart by them. */
  resembles?(value: unknown): boolean;
}

/** The texts of a schema that strict mode lets through, beside its keywords. */
export function textsOf(
  { title, description }: JsonObject,
  ...notes: readonly string[]
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
