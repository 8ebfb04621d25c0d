import { isObject, type JsonObject, type JsonValue } from "../protocol/json.ts";
import { jsonPointer } from "../text.ts";
import { freeKeys, shapeless } from "./refusal.ts";
import { type Shape, textsOf } from "./shape.ts";
import { orNull } from "./union_shape.ts";

/** Makes the shape of what stands in a schema. */
export type Walk = (schema: JsonValue | undefined, path: string) => Shape;

/** One property of an object. */
interface Property {
  readonly shape: Shape;
  /** What is sent for it. */
  readonly schema: JsonObject;
  /** Whether null stands for its absence. */
  readonly leftOut: boolean;
}

/**
 * An object with named properties, closed and each of them required. A property
 * that may be left out may be null instead, and is left out again on the way back;
 * where null is a value of its own it stays null.
 */
export function objectShape(
  schema: JsonObject,
  path: string,
  walk: Walk,
  takesNull: (schema: JsonValue | undefined) => boolean,
): Shape {
  const required = Array.isArray(schema.required) ? schema.required : [];
  const named = namedProperties(schema, path);
  const missing = required.find((name) =>
    typeof name === "string" && !Object.hasOwn(named, name)
  );
  if (typeof missing === "string") {
    throw shapeless(true, path + jsonPointer([missing]));
  }
  const properties = new Map(
    Object.entries(named).map(([name, inner]): [string, Property] => {
      const shape = walk(inner, path + jsonPointer([name]));
      const isOptional = !required.includes(name);
      const leftOut = isOptional && !takesNull(inner);
      return [name, {
        shape,
        schema: leftOut ? orNull(shape) : shape.schema,
        leftOut,
      }];
    }),
  );
  return {
    schema: {
      ...textsOf(schema),
      type: "object",
      properties: Object.fromEntries(
        [...properties].map(([name, { schema }]) => [name, schema]),
      ),
      required: [...properties.keys()],
      additionalProperties: false,
    },
    fits: (value) =>
      isObject(value) &&
      Object.keys(value).every((name) => properties.has(name)) &&
      [...properties].every(([name, { shape, leftOut }]) =>
        Object.hasOwn(value, name) &&
        (leftOut && value[name] === null || shape.fits(value[name]))
      ),
    restore(value): unknown {
      if (!isObject(value)) return value;
      return Object.fromEntries(
        Object.entries(value).flatMap(([name, inner]) => {
          const property = properties.get(name);
          if (property?.leftOut && inner === null) return [];
          return [[name, property ? property.shape.restore(inner) : inner]];
        }),
      );
    },
    resembles: (value) =>
      isObject(value) &&
      [...properties].every(([name, { shape }]) =>
        shape.resembles === undefined ||
        isObject(value[name]) || shape.resembles(value[name])
      ),
  };
}

/** The properties, also of a record whose keys are all known. */
function namedProperties(
  schema: JsonObject,
  path: string,
): { readonly [name: string]: JsonValue } {
  const { properties, patternProperties, propertyNames } = schema;
  const rest = schema.additionalProperties;
  if (patternProperties !== undefined) throw freeKeys(path);
  const isOpen = rest === undefined || rest === true || rest === false ||
    isObject(rest) && Object.keys(rest).length === 0;
  // What an open object lets pass need not be asked for; what it describes has to be.
  if (isObject(properties) && isOpen) return properties;
  const names = isObject(propertyNames)
    ? "const" in propertyNames ? [propertyNames.const] : propertyNames.enum
    : undefined;
  if (
    properties === undefined && rest !== undefined && Array.isArray(names) &&
    names.length > 0
  ) {
    return Object.fromEntries(names.map((name) => [String(name), rest]));
  }
  if (rest === false && properties === undefined) return {};
  throw freeKeys(path);
}
