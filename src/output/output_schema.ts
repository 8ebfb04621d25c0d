import { CodexOutputSchemaError } from "../errors.ts";
import { isObject, type JsonObject } from "../protocol/json.ts";

/**
 * Refuses an output schema that is no JSON object: the CLI would take an array
 * and leave it out in silence (facts F22).
 *
 * @throws {CodexOutputSchemaError} If it is no plain object, or JSON cannot hold it.
 */
export function checkOutputSchema(schema: unknown): JsonObject {
  if (!isObject(schema)) {
    throw new CodexOutputSchemaError(
      "outputSchema must be a plain JSON object",
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(JSON.stringify(schema) ?? "null");
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
  return json;
}
