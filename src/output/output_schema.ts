import { CodexOutputSchemaError } from "../errors/codex_error.ts";
import { isObject, type JsonObject } from "../protocol/json.ts";
import { jsonPointer } from "../util/text.ts";
import { deepFreeze } from "../util/deep_freeze.ts";
import { atPath, NAME_PARTS_ADVICE } from "./unsupported.ts";
import { MAX_SCHEMA_DEPTH, MAX_SCHEMA_LENGTH } from "./schema_limits.ts";

/** The name in messages for the schema that a library generates for a type. */
export const TYPE_SCHEMA_NAME = "outputType's JSON Schema";

/** The schemas checked so far: the text at that time, and the copy parsed from it. */
const CHECKED = new WeakMap<
  object,
  { readonly text: string; json: JsonObject }
>();

/**
 * Checks that an output schema is a JSON object, and returns a frozen copy of it. The CLI
 * would send an array unchanged (facts F22).
 *
 * As long as the schema does not change, every call returns the same copy, so that work
 * done for the copy can be memoized. The caller owns the schema and may change it, so its
 * text is compared each time.
 *
 * @param name The name of the schema in messages.
 * @throws {CodexOutputSchemaError} If it is not a plain object, cannot be written as
 * JSON, is nested too deeply, or is too long.
 */
export function checkOutputSchema(
  schema: unknown,
  name = "outputSchema",
): JsonObject {
  let checked: ReturnType<typeof CHECKED.get>;
  let text: string;
  let json: unknown;
  try {
    // Inside the `try`, since a proxy may throw when it is inspected.
    if (isLibraryType(schema)) throw libraryTypeError(name);
    if (!isObject(schema)) throw notAnObject(name);
    checked = CHECKED.get(schema);
    text = stringifySchema(schema, name);
    if (checked?.text === text) return checked.json;
    json = JSON.parse(text);
  } catch (cause) {
    if (cause instanceof CodexOutputSchemaError) throw cause;
    throw notAnObject(name, ": it cannot be written as JSON", cause);
  }
  if (!isObject(json)) throw notAnObject(name);
  CHECKED.set(schema, { text, json: deepFreeze(json) });
  return json;
}

/**
 * Tells whether a value is a library's type rather than the JSON Schema that the type may
 * provide.
 */
function isLibraryType(value: unknown): boolean {
  if (typeof value === "function") return "~standard" in value;
  if (!isObject(value)) return false;
  // Zod adds `~standard` to the JSON Schemas that it generates, too.
  return "_zod" in value || "_def" in value ||
    "~standard" in value && !("$schema" in value);
}

function libraryTypeError(name: string): CodexOutputSchemaError {
  return new CodexOutputSchemaError(
    `${name} is a type of a library, not a JSON Schema: pass it as outputType`,
  );
}

/**
 * Writes a schema as JSON. Stops as soon as it is nested too deeply or gets too long: an
 * object may have endless getters, or contain one object in many places.
 */
function stringifySchema(schema: object, name: string): string {
  /**
   * The objects around the current value, the outermost first; `keys` has the key of
   * each.
   */
  const ancestors: unknown[] = [];
  const keys: string[] = [];
  let length = 0;
  const text = JSON.stringify(
    schema,
    function (this: unknown, key: string, value: unknown): unknown {
      while (ancestors.length > 0 && ancestors.at(-1) !== this) {
        ancestors.pop();
        keys.pop();
      }
      // The shortest possible JSON; the exact length is checked at the end.
      length += key.length + (typeof value === "string" ? value.length : 1);
      if (length > MAX_SCHEMA_LENGTH) throw schemaTooLong(name);
      if (typeof value !== "object" || value === null) return value;
      if (ancestors.length === MAX_SCHEMA_DEPTH) {
        throw new CodexOutputSchemaError(
          `${name}${
            atPath(jsonPointer([...keys.slice(1), key]))
          } is nested deeper than ${MAX_SCHEMA_DEPTH} levels, which the CLI does not read, or contains itself; ${NAME_PARTS_ADVICE}`,
        );
      }
      ancestors.push(value);
      keys.push(key);
      return value;
    },
  ) ?? "null";
  if (text.length > MAX_SCHEMA_LENGTH) throw schemaTooLong(name);
  return text;
}

function schemaTooLong(name: string): Error {
  return new CodexOutputSchemaError(
    `${name} is longer than ${MAX_SCHEMA_LENGTH} characters as JSON; move what it contains more than once to $defs, and refer to it by $ref`,
  );
}

function notAnObject(name: string, more = "", cause?: unknown): Error {
  return new CodexOutputSchemaError(
    `${name} must be a plain JSON object${more}`,
    { path: "", cause },
  );
}
