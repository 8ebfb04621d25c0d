import { isObject, type JsonObject } from "../../protocol/json.ts";
import { jsonPointer } from "../../util/text.ts";
import { AnswerDecoder } from "./answer_decoder.ts";
import { SchemaWalker } from "./schema_walker.ts";

/** The property that holds an answer that is no object. */
const WRAPPER = "value";

/** What is sent for a type, and the way back from the answer. */
export interface StrictForm {
  /** The JSON Schema that is sent: an object. */
  readonly schema: JsonObject;
  /** Where in the answer the type's value stands, as a JSON pointer: empty, or `/value`. */
  readonly valuePath: string;
  /**
   * The answer as the type knows it; what does not fit stays as it is. Nothing
   * where the object around it is missing.
   */
  decode(answer: unknown): { readonly value: unknown } | undefined;
}

/**
 * A type's JSON Schema in the form that the model's strict mode takes (facts F18),
 * and the way back from it: every object closed and every property required, null
 * for a property that may be left out, and an object around a root that is none.
 *
 * @throws {CodexOutputSchemaError} For what has no such form, with its place in
 * the answer and what to write instead.
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
