import { isObject, type JsonObject } from "../../protocol/json.ts";
import { jsonPointer } from "../../util/text.ts";
import { AnswerDecoder } from "./answer_decoder.ts";
import { SchemaWalker } from "./schema_walker.ts";

/** The property that wraps an answer that is not an object. */
const WRAPPER = "value";

/** The schema that is sent for a type, and the way to decode the answer. */
export interface StrictForm {
  /** The JSON Schema that is sent, always of an object. */
  readonly schema: JsonObject;
  /** The JSON pointer to the type's value in the answer: empty, or `/value`. */
  readonly valuePath: string;
  /**
   * Returns the answer in the form that the type reads; parts that do not match are left
   * unchanged. Returns `undefined` if the object that wraps the value is missing.
   */
  decode(answer: unknown): { readonly value: unknown } | undefined;
}

/**
 * Converts a type's JSON Schema to the form that the model's strict mode accepts (facts
 * F18): every object is closed, every property is required, an optional property is
 * nullable, and a root that is not an object is wrapped in one.
 *
 * @throws {CodexOutputSchemaError} If there is no such form. Names the path in the
 * answer, and what to write instead.
 */
export function strictForm(schema: JsonObject): StrictForm {
  const walker = new SchemaWalker(schema);
  const codec = walker.walkRoot();
  const root = codec.schema();
  if (root.type === "object") {
    return {
      schema: walker.addDefinitions(root),
      valuePath: "",
      decode: (answer) => ({
        value: new AnswerDecoder().decode(codec, answer),
      }),
    };
  }
  return {
    schema: walker.addDefinitions({
      type: "object",
      properties: { [WRAPPER]: root },
      required: [WRAPPER],
      additionalProperties: false,
    }),
    valuePath: jsonPointer([WRAPPER]),
    decode: (answer) =>
      isObject(answer) && Object.hasOwn(answer, WRAPPER)
        ? { value: new AnswerDecoder().decode(codec, answer[WRAPPER]) }
        : undefined,
  };
}
