import { CodexOutputSchemaError } from "../errors.ts";
import type { JsonObject, JsonValue } from "../protocol/json.ts";
import { jsonPointer } from "../text.ts";

/** Keywords that hold a schema, an array of schemas, or schemas by name. */
const ONE = ["items", "not"];
const MANY = ["anyOf", "allOf", "prefixItems"];
const NAMED = ["properties", "$defs"];

/**
 * A JSON Schema in the form that the model's strict mode takes (facts F18): every
 * object closed, every property required.
 *
 * @throws {CodexOutputSchemaError} For what has no such form, with its place.
 */
export function strictSchema(schema: JsonObject): JsonObject {
  const { $schema: _, ...rest } = rootOf(schema);
  if (rest.type !== "object") {
    throw new CodexOutputSchemaError(
      "Cannot ask for this output type: the model answers with an object, so its schema must be one; wrap it, as in z.object({ value: … })",
    );
  }
  return strict(rest, "");
}

/** The schema with its root in place, where the root only names a definition. */
function rootOf(schema: JsonObject): JsonObject {
  const { $ref, $defs } = schema;
  if (typeof $ref !== "string" || !isObject($defs)) return schema;
  const name = Object.keys($defs).find((name) =>
    $ref === `#${jsonPointer(["$defs", name])}`
  );
  const root = name === undefined ? undefined : $defs[name];
  return isObject(root) ? { ...root, $defs } : schema;
}

function strict(schema: JsonObject, path: string): JsonObject {
  const result: JsonObject = { ...schema };
  // Strict mode knows anyOf only; zod's discriminated unions exclude each other anyway.
  if ("oneOf" in result && !("anyOf" in result)) {
    result.anyOf = result.oneOf ?? [];
    delete result.oneOf;
  }
  if (result.type === "object") closeObject(result, path);
  for (const key of ONE) {
    const child = result[key];
    if (isObject(child)) result[key] = strict(child, `${path}/${key}`);
  }
  for (const key of MANY) {
    const children = result[key];
    if (!Array.isArray(children)) continue;
    result[key] = children.map((child, index) =>
      isObject(child) ? strict(child, `${path}/${key}/${index}`) : child
    );
  }
  for (const key of NAMED) {
    const children = result[key];
    if (!isObject(children)) continue;
    result[key] = Object.fromEntries(
      Object.entries(children).map(([name, child]) => [
        name,
        isObject(child)
          ? strict(child, path + jsonPointer([key, name]))
          : child,
      ]),
    );
  }
  return result;
}

function closeObject(schema: JsonObject, path: string): void {
  const properties = isObject(schema.properties)
    ? schema.properties
    : undefined;
  if (properties === undefined) {
    throw new CodexOutputSchemaError(
      `Cannot ask for an object with free keys at "${path}": the model's strict mode knows named properties only; use an array of { key, value } objects`,
      path,
    );
  }
  const required = Array.isArray(schema.required) ? schema.required : [];
  for (const name of Object.keys(properties)) {
    if (required.includes(name)) continue;
    const place = path + jsonPointer(["properties", name]);
    throw new CodexOutputSchemaError(
      `Cannot ask for an optional property at "${place}": the model's strict mode requires every property; use .nullable() instead`,
      place,
    );
  }
  schema.required = required;
  schema.additionalProperties = false;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
