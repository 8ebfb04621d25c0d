import { CodexOutputSchemaError } from "../errors/codex_error.ts";
import type { JsonObject } from "../protocol/json.ts";
import { shorten } from "../util/text.ts";
import { isStackOverflow } from "../util/nesting.ts";

/** How much of a place is said in a message, in characters: names may be long, and places deep. */
const PLACE_LENGTH = 200;

/** A place in words, as a message has it; nothing for the whole. */
export function atPlace(path: string): string {
  return path === "" ? "" : ` at "${shorten(path, PLACE_LENGTH)}"`;
}

/** The error for a part of a type that cannot be asked for, with its place in the answer. */
export function refusal(
  what: string,
  path: string,
  why: string,
  cause?: unknown,
): CodexOutputSchemaError {
  return new CodexOutputSchemaError(
    `Cannot ask for ${what}${atPlace(path)}: ${why}`,
    { path, cause },
  );
}

/** What to do about a type or schema that is nested too deep. */
export const NAME_ITS_PARTS =
  "name its parts and refer to them: .meta({ id: … }) in zod, $defs and $ref in JSON Schema";

/** The error for a type that its library writes no JSON Schema for. */
export function noJsonSchema(cause: unknown): CodexOutputSchemaError {
  const reason = isStackOverflow(cause)
    ? `it is nested too deep; ${NAME_ITS_PARTS}`
    : cause instanceof Error
    ? cause.message
    : "it has no JSON Schema";
  return refusal("this output type", "", reason, cause);
}

/** The error for a schema that says nothing, or that nothing fits. */
export function shapeless(
  schema: JsonObject | boolean,
  path: string,
): CodexOutputSchemaError {
  if (schema === false || (schema !== true && "not" in schema)) {
    return refusal(
      "what nothing can be",
      path,
      "no answer would fit; leave it out",
    );
  }
  return refusal(
    "just anything",
    path,
    "the model's strict mode wants a type everywhere; write the types that it can be, as in z.union([…])",
  );
}

/** The error for an object whose keys are not known. */
export function freeKeys(path: string): CodexOutputSchemaError {
  return refusal(
    "an object with free keys",
    path,
    "the model's strict mode knows named properties only; write an array of { key, value } objects",
  );
}
