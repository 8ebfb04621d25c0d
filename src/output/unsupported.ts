import { CodexOutputSchemaError } from "../errors/codex_error.ts";
import type { JsonObject } from "../protocol/json.ts";
import { shorten } from "../util/text.ts";
import { isStackOverflow } from "../util/nesting.ts";
import { isError } from "../util/realms.ts";

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
  path: string,
  problem: string,
  cause?: unknown,
): CodexOutputSchemaError {
  return new CodexOutputSchemaError(
    `Unsupported output type${atPath(path)}: ${problem}`,
    { path, cause },
  );
}

/** The advice for a type or schema that is nested too deeply. */
export const NAME_PARTS_ADVICE =
  "name its parts and refer to them: .meta({ id: … }) in zod, $defs and $ref in JSON Schema";

/** Creates the error for a type whose library cannot generate its JSON Schema. */
export function missingJsonSchema(cause: unknown): CodexOutputSchemaError {
  const problem = isStackOverflow(cause)
    ? `the type is nested too deep; ${NAME_PARTS_ADVICE}`
    : isError(cause)
    ? cause.message
    : "the type has no JSON Schema";
  return unsupported("", problem, cause);
}

/** Creates the error for a schema that accepts any value, or none. */
export function unsupportedSchema(
  schema: JsonObject | boolean,
  path: string,
): CodexOutputSchemaError {
  if (schema === false || (schema !== true && "not" in schema)) {
    return unsupported(path, "z.never() accepts no value; remove the property");
  }
  return unsupported(
    path,
    "a value of any type is not possible in strict mode, which requires a type everywhere; use the types that are possible, as in z.union([…])",
  );
}

/** Creates the error for an object whose keys are not known. */
export function unsupportedKeys(path: string): CodexOutputSchemaError {
  return unsupported(
    path,
    "an object with arbitrary keys is not possible in strict mode, which has named properties only; use an array of { key, value } objects",
  );
}
