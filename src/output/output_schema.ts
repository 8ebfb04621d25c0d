import { CodexOutputSchemaError } from "../errors/codex_error.ts";
import { isObject, type JsonObject } from "../protocol/json.ts";
import { jsonPointer } from "../util/text.ts";
import { deepFreeze } from "../util/deep_freeze.ts";
import { atPath, NAME_PARTS_ADVICE } from "./unsupported.ts";
import { MAX_SCHEMA_DEPTH, MAX_SCHEMA_LENGTH } from "./schema_limits.ts";

/** What the schema that a library writes for a type is called in messages. */
export const TYPE_SCHEMA_NAME = "outputType's JSON Schema";

/** Schemas that were checked before, and what they were then. */
const CHECKED = new WeakMap<
  object,
  { readonly text: string; json: JsonObject }
>();

/**
 * Rejects an output schema that is no JSON object: the CLI would take an array
 * and leave it out in silence (facts F22).
 *
 * The copy that it gives is the same as long as the schema is, so that what is made
 * of it is made once. The schema is the caller's, who may change it: its text is
 * compared each time.
 *
 * @param name What the schema is called in messages.
 * @throws {CodexOutputSchemaError} If it is no plain object, JSON cannot hold it, or
 * it is nested deeper or longer than can be sent.
 */
export function checkOutputSchema(
  schema: unknown,
  name = "outputSchema",
): JsonObject {
  let checked: ReturnType<typeof CHECKED.get>;
  let text: string;
  let json: unknown;
  try {
    // In here, since a proxy may throw when it is looked at.
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
 * A schema as JSON. What is nested too deep or gets too long ends it on the way: an
 * object may have getters without an end, or hold one object at many places.
 */
function stringifySchema(schema: object, name: string): string {
  /** The objects around the place, the outermost first, and their keys in each other. */
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
      // What it comes to at the least; the rest is counted when it is there.
      length += key.length + (typeof value === "string" ? value.length : 1);
      if (length > MAX_SCHEMA_LENGTH) throw schemaTooLong(name);
      if (typeof value !== "object" || value === null) return value;
      if (ancestors.length === MAX_SCHEMA_DEPTH) {
        throw new CodexOutputSchemaError(
          `${name}${
            atPath(jsonPointer([...keys.slice(1), key]))
          } is nested deeper than ${MAX_SCHEMA_DEPTH} levels, which the CLI does not read, or holds itself; ${NAME_PARTS_ADVICE}`,
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
    `${name} is longer than ${MAX_SCHEMA_LENGTH} characters as JSON; what stands in it more than once can stand under $defs, and be referred to by $ref`,
  );
}

function notAnObject(name: string, more = "", cause?: unknown): Error {
  return new CodexOutputSchemaError(
    `${name} must be a plain JSON object${more}`,
    { path: "", cause },
  );
}
