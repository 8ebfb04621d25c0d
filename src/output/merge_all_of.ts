import { isObject, type JsonObject, type JsonValue } from "../protocol/json.ts";
import { jsonPointer } from "../text.ts";
import { refusal } from "./refusal.ts";

/** A schema without `allOf`. */
export interface Merged {
  /** The schema. */
  readonly schema: JsonObject;
  /** Further constraints on the same value. */
  readonly more: readonly JsonObject[];
}

/** The keywords of a schema that merging knows; every other one speaks of a value, not of its type. */
const TYPED = ["type", "properties", "$ref", "anyOf", "oneOf", "const", "enum"];

/**
 * A schema with its `allOf`, which strict mode does not know, worked in: objects
 * become one object, and constraints stand beside each other.
 *
 * @throws {CodexOutputSchemaError} For what cannot be one schema.
 */
export function mergeAllOf(
  schema: JsonObject,
  path: string,
  resolve: (schema: JsonObject) => JsonObject,
): Merged {
  if (!Array.isArray(schema.allOf)) return { schema, more: [] };
  const { allOf, ...rest } = schema;
  const more: JsonObject[] = [];
  let merged = rest;
  for (const member of allOf) {
    const part = isObject(member) ? resolve(member) : member;
    if (!isObject(part)) throw cannotMerge(path);
    const inner = mergeAllOf(part, path, resolve);
    more.push(...inner.more);
    if (TYPED.every((key) => inner.schema[key] === undefined)) {
      more.push(inner.schema);
    } else if (TYPED.every((key) => merged[key] === undefined)) {
      merged = { ...inner.schema, ...merged };
    } else {
      merged = mergeObjects(merged, inner.schema, path);
    }
  }
  return { schema: merged, more };
}

function mergeObjects(a: JsonObject, b: JsonObject, path: string): JsonObject {
  const left = propertiesOf(a, path);
  const right = propertiesOf(b, path);
  for (const [name, schema] of Object.entries(right)) {
    if (!Object.hasOwn(left, name)) continue;
    if (JSON.stringify(left[name]) !== JSON.stringify(schema)) {
      throw cannotMerge(path + jsonPointer([name]));
    }
  }
  return {
    ...b,
    ...a,
    properties: { ...left, ...right },
    required: [...new Set([...listOf(a.required), ...listOf(b.required)])],
  };
}

/** The properties of an object schema that has nothing but properties. */
function propertiesOf(
  { type, properties, ...rest }: JsonObject,
  path: string,
): JsonObject {
  const others = [...TYPED, "propertyNames", "patternProperties"];
  const isOpen = !isObject(rest.additionalProperties) ||
    Object.keys(rest.additionalProperties).length === 0;
  if (
    (type === undefined || type === "object") && isObject(properties) &&
    others.every((key) => rest[key] === undefined) && isOpen
  ) return properties;
  throw cannotMerge(path);
}

function listOf(value: JsonValue | undefined): JsonValue[] {
  return Array.isArray(value) ? value : [];
}

function cannotMerge(path: string): Error {
  return refusal(
    "this intersection",
    path,
    "the model's strict mode knows none, and only objects without a property in common can be made one; write one z.object({ … })",
  );
}
