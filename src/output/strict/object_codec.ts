import {
  isObject,
  type JsonObject,
  type JsonValue,
} from "../../protocol/json.ts";
import { jsonPointer } from "../../util/text.ts";
import { freeKeys, shapeless } from "../unsupported.ts";
import { membersOf, type PlainShape, type Shape, textsOf } from "./codec.ts";
import { orNull } from "./union_codec.ts";

/** Makes the shape of what stands in a schema. */
export type Walk = (schema: JsonValue | undefined, path: string) => Shape;

/** Counts a part of a schema that is walked through so many times more. */
export type AddCost = (part: JsonValue, path: string, times: number) => void;

/** One property of an object. */
class Property {
  readonly shape: Shape;
  readonly #isOptional: boolean;
  #leftOut: boolean | undefined;

  constructor(shape: Shape, isOptional: boolean) {
    this.shape = shape;
    this.#isOptional = isOptional;
  }

  /** Whether null stands for its absence: not where null is a value of its own. */
  get leftOut(): boolean {
    this.#leftOut ??= this.#isOptional && !membersOf(this.shape).takesNull;
    return this.#leftOut;
  }

  /** Whether it has literals that tell one object from another. */
  get isTelling(): boolean {
    return membersOf(this.shape).plain.every(({ resembles }) => resembles);
  }

  /** What is sent for it. */
  schema(): JsonObject {
    return this.leftOut ? orNull(this.shape) : this.shape.schema();
  }

  /** Whether a value's literals are this property's; what is in an object is not looked at. */
  resembles(value: JsonValue | undefined): boolean {
    return isObject(value) || this.leftOut && value === null ||
      membersOf(this.shape).plain.some((member) =>
        member.resembles?.(value) ?? true
      );
  }
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
  addCost: AddCost,
): PlainShape {
  const required = new Set(
    Array.isArray(schema.required) ? schema.required : [],
  );
  const named = namedProperties(schema, path, addCost);
  for (const name of required) {
    if (typeof name === "string" && !Object.hasOwn(named, name)) {
      throw shapeless(true, path + jsonPointer([name]));
    }
  }
  const properties = new Map(
    Object.entries(named).map(([name, inner]): [string, Property] => {
      const shape = walk(inner, path + jsonPointer([name]));
      return [name, new Property(shape, !required.has(name))];
    }),
  );
  const all = [...properties];
  let telling: typeof all | undefined;
  const resembles = (value: unknown): boolean => {
    if (!isObject(value)) return false;
    telling ??= all.filter(([, property]) => property.isTelling);
    return telling.every(([name, property]) => property.resembles(value[name]));
  };
  return {
    schema: () => ({
      ...textsOf(schema),
      type: "object",
      properties: Object.fromEntries(
        all.map(([name, property]) => [name, property.schema()]),
      ),
      required: [...properties.keys()],
      additionalProperties: false,
    }),
    fits(value, reading): boolean {
      if (!isObject(value) || !resembles(value)) return false;
      const names = Object.keys(value);
      // All of them are required, so that one too many is one that is not known.
      return names.length === properties.size &&
        names.every((name) => properties.has(name)) &&
        reading.once(
          properties,
          value,
          () =>
            all.every(([name, { shape, leftOut }]) =>
              leftOut && value[name] === null ||
              reading.fits(shape, value[name])
            ),
        );
    },
    restore(value, reading): unknown {
      if (!isObject(value)) return value;
      return Object.fromEntries(
        Object.entries(value).flatMap(([name, inner]) => {
          const property = properties.get(name);
          if (property?.leftOut && inner === null) return [];
          return [[
            name,
            property ? reading.restore(property.shape, inner) : inner,
          ]];
        }),
      );
    },
    resembles,
  };
}

/** The properties, also of a record whose keys are all known. */
function namedProperties(
  schema: JsonObject,
  path: string,
  addCost: AddCost,
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
    addCost(rest, path, names.length - 1);
    return Object.fromEntries(names.map((name) => [String(name), rest]));
  }
  if (rest === false && properties === undefined) return {};
  throw freeKeys(path);
}
