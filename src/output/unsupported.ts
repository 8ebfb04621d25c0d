import { CodexOutputSchemaError } from "../errors/codex_error.ts";
import type { JsonObject } from "../protocol/json.ts";
import { shorten } from "../util/text.ts";
import { isStackOverflow } from "../util/nesting.ts";

/** How much of a place is said in a message, in characters: names may be long, and places deep. */
const MAX_PATH_LENGTH = 200;

/** A place in words, as a message has it; nothing for the whole. */
export function atPath(path: string): string {
  return path === "" ? "" : ` at "${shorten(path, MAX_PATH_LENGTH)}"`;
}

/** The error for a part of a type that cannot be asked for, with its place in the answer. */
export function unsupported(
  what: string,
  path: string,
  why: string,
  cause?: unknown,
): CodexOutputSchemaError {
  return new CodexOutputSchemaError(
    `Cannot ask for ${what}${atPath(path)}: ${why}`,
    { path, cause },
  );
}

/** What to do about a type or schema that is nested too deep. */
export const NAME_PARTS_ADVICE =
  "name its parts and refer to them: .meta({ id: … }) in zod, $defs and $ref in JSON Schema";

/** The error for a type that its library writes no JSON Schema for. */
export function missingJsonSchema(cause: unknown): CodexOutputSchemaError {
  const reason = isStackOverflow(cause)
    ? `it is nested too deep; ${NAME_PARTS_ADVICE}`
    : cause instanceof Error
    ? cause.message
    : "it has no JSON Schema";
  return unsupported("this output type", "", reason, cause);
}

/** The error for a schema that says nothing, or that nothing fits. */
export function unsupportedSchema(
  schema: JsonObject | boolean,
  path: string,
): CodexOutputSchemaError {
  if (schema === false || (schema !== true && "not" in schema)) {
    return unsupported(
      "what nothing can be",
      path,
      "no answer would fit; leave it out",
    );
  }
  return unsupported(
    "just anything",
    path,
    "the model's strict mode wants a type everywhere; write the types that it can be, as in z.union([…])",
  );
}

/** The error for an object whose keys are not known. */
export function unsupportedKeys(path: string): CodexOutputSchemaError {
  return unsupported(
    "an object with free keys",
    path,
    "the model's strict mode knows named properties only; write an array of { key, value } objects",
  );
}
