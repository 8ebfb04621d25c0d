import { CodexOutputSchemaError } from "../errors/codex_error.ts";
import type { JsonObject } from "../protocol/json.ts";
import { shorten } from "../util/text.ts";
import { isStackOverflow } from "../util/nesting.ts";

/**
 * The maximum length of a path in messages, in characters: names may be long, and paths
 * deep.
 */
const MAX_PATH_LENGTH = 200;

/** Formats a path for a message; returns an empty string for the whole answer. */
export function atPath(path: string): string {
  return path === "" ? "" : ` at "${shorten(path, MAX_PATH_LENGTH)}"`;
}

/**
 * Creates the error for a part of a type that cannot be sent, with its path in the
 * answer.
 */
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

/** The advice for a type or schema that is nested too deeply. */
export const NAME_PARTS_ADVICE =
  "name its parts and refer to them: .meta({ id: … }) in zod, $defs and $ref in JSON Schema";

/** Creates the error for a type whose library cannot generate its JSON Schema. */
export function missingJsonSchema(cause: unknown): CodexOutputSchemaError {
  const reason = isStackOverflow(cause)
    ? `it is nested too deep; ${NAME_PARTS_ADVICE}`
    : cause instanceof Error
    ? cause.message
    : "it has no JSON Schema";
  return unsupported("this output type", "", reason, cause);
}

/** Creates the error for a schema that accepts any value, or none. */
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

/** Creates the error for an object whose keys are not known. */
export function unsupportedKeys(path: string): CodexOutputSchemaError {
  return unsupported(
    "an object with free keys",
    path,
    "the model's strict mode knows named properties only; write an array of { key, value } objects",
  );
}
