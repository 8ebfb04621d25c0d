import {
  isObject,
  type JsonObject,
  type JsonValue,
} from "../../protocol/json.ts";
import { jsonPointer } from "../../util/text.ts";
import { unsupportedKeys, unsupportedSchema } from "../unsupported.ts";
import {
  type Codec,
  listMembers,
  type PlainCodec,
  readAnnotations,
} from "./codec.ts";
import { nullable } from "./union_codec.ts";

/** Creates the codec of a schema inside another one. */
export type Walk = (schema: JsonValue | undefined, path: string) => Codec;

/** Counts a part of a schema that is written out several more times. */
export type AddCost = (part: JsonValue, path: string, times: number) => void;

/** One property of an object. */
class Property {
  readonly codec: Codec;
  readonly #isOptional: boolean;
  #nullMeansAbsent: boolean | undefined;

  constructor(codec: Codec, isOptional: boolean) {
    this.codec = codec;
    this.#isOptional = isOptional;
  }

  /**
   * True if null means that the property is absent; false if its type accepts null.
   */
  get nullMeansAbsent(): boolean {
    this.#nullMeansAbsent ??= this.#isOptional &&
      !listMembers(this.codec).takesNull;
    return this.#nullMeansAbsent;
  }

  /** True if the property has literals by which objects can be distinguished. */
  get isDiscriminator(): boolean {
    return listMembers(this.codec).plain.every(({ matchesLiterals }) =>
      matchesLiterals
    );
  }

  /** Returns the schema that is sent. */
  schema(): JsonObject {
    return this.nullMeansAbsent ? nullable(this.codec) : this.codec.schema();
  }

  /** Tells whether the literals of a value match, without descending into objects. */
  matchesLiterals(value: JsonValue | undefined): boolean {
    return isObject(value) || this.nullMeansAbsent && value === null ||
      listMembers(this.codec).plain.some((member) =>
        member.matchesLiterals?.(value) ?? true
      );
  }
}

/**
 * Creates the codec of an object with named properties. The object is closed, and every
 * property is required. An optional property is sent as nullable and removed again when
 * the model answers null, unless its type accepts null.
 */
export function objectCodec(
  schema: JsonObject,
  path: string,
  walk: Walk,
  addCost: AddCost,
): PlainCodec {
  const required = new Set(
    Array.isArray(schema.required) ? schema.required : [],
  );
  const named = readProperties(schema, path, addCost);
  for (const name of required) {
    if (typeof name === "string" && !Object.hasOwn(named, name)) {
      throw unsupportedSchema(true, path + jsonPointer([name]));
    }
  }
  const properties = new Map(
    Object.entries(named).map(([name, inner]): [string, Property] => {
      const codec = walk(inner, path + jsonPointer([name]));
      return [name, new Property(codec, !required.has(name))];
    }),
  );
  const all = [...properties];
  let discriminators: typeof all | undefined;
  const matchesLiterals = (value: unknown): boolean => {
    if (!isObject(value)) return false;
    discriminators ??= all.filter(([, property]) => property.isDiscriminator);
    return discriminators.every(([name, property]) =>
      property.matchesLiterals(value[name])
    );
  };
  return {
    schema: () => ({
      ...readAnnotations(schema),
      type: "object",
      properties: Object.fromEntries(
        all.map(([name, property]) => [name, property.schema()]),
      ),
      required: [...properties.keys()],
      additionalProperties: false,
    }),
    matches(value, decoder): boolean {
      if (!isObject(value) || !matchesLiterals(value)) return false;
      const names = Object.keys(value);
      // Every property is required, so the same number of known names means that all are
      // present.
      return names.length === properties.size &&
        names.every((name) => properties.has(name)) &&
        decoder.memoizeMatch(
          properties,
          value,
          () =>
            all.every(([name, { codec, nullMeansAbsent }]) =>
              nullMeansAbsent && value[name] === null ||
              decoder.matches(codec, value[name])
            ),
        );
    },
    decode(value, decoder): unknown {
      if (!isObject(value)) return value;
      return Object.fromEntries(
        Object.entries(value).flatMap(([name, inner]) => {
          const property = properties.get(name);
          if (property?.nullMeansAbsent && inner === null) return [];
          return [[
            name,
            property ? decoder.decode(property.codec, inner) : inner,
          ]];
        }),
      );
    },
    matchesLiterals,
  };
}

/** Reads the properties of an object, or of a record whose keys are all known. */
function readProperties(
  schema: JsonObject,
  path: string,
  addCost: AddCost,
): { readonly [name: string]: JsonValue } {
  const { properties, patternProperties, propertyNames } = schema;
  const rest = schema.additionalProperties;
  if (patternProperties !== undefined) throw unsupportedKeys(path);
  const isOpen = rest === undefined || rest === true || rest === false ||
    isObject(rest) && Object.keys(rest).length === 0;
  // For an open object, properties that it merely allows can be ignored, but properties
  // that it describes cannot.
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
  throw unsupportedKeys(path);
}
