import { CodexOutputSchemaError } from "../errors.ts";
import { isObject, type JsonObject } from "../protocol/json.ts";
import { freeze } from "./once.ts";

/** Schemas that were seen before, and what they were then. */
const SEEN = new WeakMap<object, { readonly text: string; json: JsonObject }>();

/**
 * Refuses an output schema that is no JSON object: the CLI would take an array
 * and leave it out in silence (facts F22).
 *
 * The copy that it gives is the same as long as the schema is, so that what is made
 * of it is made once. The schema is the caller's, who may change it: its text is
 * compared each time.
 *
 * @throws {CodexOutputSchemaError} If it is no plain object, or JSON cannot hold it.
 */
export function checkOutputSchema(schema: unknown): JsonObject {
  if (!isObject(schema)) {
    throw new CodexOutputSchemaError(
      "outputSchema must be a plain JSON object",
    );
  }
  const seen = SEEN.get(schema);
  let text: string;
  let json: unknown;
  try {
    text = JSON.stringify(schema) ?? "null";
    if (seen?.text === text) return seen.json;
    json = JSON.parse(text);
  } catch (cause) {
    throw new CodexOutputSchemaError(
      "outputSchema must be a plain JSON object: it cannot be written as JSON",
      "",
      cause,
    );
  }
  if (!isObject(json)) {
    throw new CodexOutputSchemaError(
      "outputSchema must be a plain JSON object",
    );
  }
  SEEN.set(schema, { text, json: freeze(json) });
  return json;
}
