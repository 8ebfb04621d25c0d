import {
  isObject,
  type JsonObject,
  type JsonValue,
} from "../../protocol/json.ts";
import { jsonPointer } from "../../util/text.ts";
import { unsupported } from "../unsupported.ts";
import { checkDepth } from "./walk_limits.ts";

/** A schema without `allOf`. */
export interface Merged {
  /** The merged schema. */
  readonly schema: JsonObject;
  /** Further constraints on the same value. */
  readonly more: readonly JsonObject[];
}

/**
 * The keywords that determine a value's type; all others only constrain the value.
 */
const TYPE_KEYWORDS = [
  "type",
  "properties",
  "$ref",
  "anyOf",
  "oneOf",
  "const",
  "enum",
];

/** The keywords that an object schema must not have to be merged. */
const UNMERGEABLE_KEYWORDS = [
  ...TYPE_KEYWORDS.filter((key) => key !== "type" && key !== "properties"),
  "propertyNames",
  "patternProperties",
];

/**
 * Merges the `allOf` of a schema into it, since strict mode does not support `allOf`:
 * objects become one object, and constraints are collected.
 *
 * @param depth The number of levels around the schema.
 * @param resolve Follows references and returns the schema that they lead to.
 * @throws {CodexOutputSchemaError} If the members cannot be merged into one schema.
 */
export function mergeAllOf(
  schema: JsonObject,
  path: string,
  depth: number,
  resolve: (schema: JsonObject) => JsonObject,
): Merged {
  checkDepth(depth, path);
  if (!Array.isArray(schema.allOf)) return { schema, more: [] };
  const { allOf, ...rest } = schema;
  const more: JsonObject[] = [];
  const keywords = new Map(Object.entries(rest));
  let object: MergedObject | undefined;
  for (const member of allOf) {
    const part = isObject(member) ? resolve(member) : member;
    if (!isObject(part)) throw unsupportedIntersection(path);
    const inner = mergeAllOf(part, path, depth + 1, resolve);
    for (const constraints of inner.more) more.push(constraints);
    if (isTyped((key) => inner.schema[key])) {
      if (isTyped((key) => keywords.get(key))) {
        object ??= new MergedObject(keywords, path);
        object.add(inner.schema);
      }
      for (const [key, value] of Object.entries(inner.schema)) {
        if (!keywords.has(key)) keywords.set(key, value);
      }
    } else {
      more.push(inner.schema);
    }
  }
  return {
    schema: { ...Object.fromEntries(keywords), ...object?.schema() },
    more,
  };
}

function isTyped(get: (key: string) => JsonValue | undefined): boolean {
  return TYPE_KEYWORDS.some((key) => get(key) !== undefined);
}

/** Several object schemas, merged into one. */
class MergedObject {
  readonly #path: string;
  readonly #properties: Map<string, JsonValue>;
  readonly #json = new Map<string, string>();
  readonly #required: Set<JsonValue>;

  constructor(keywords: ReadonlyMap<string, JsonValue>, path: string) {
    this.#path = path;
    const properties = readProperties((key) => keywords.get(key), path);
    this.#properties = new Map(Object.entries(properties));
    this.#required = new Set(toList(keywords.get("required")));
  }

  /**
   * Adds another object schema. A property may be in both only if it is the same in both.
   */
  add(schema: JsonObject): void {
    const properties = readProperties((key) => schema[key], this.#path);
    for (const [name, property] of Object.entries(properties)) {
      const known = this.#properties.get(name);
      if (known === undefined) this.#properties.set(name, property);
      else if (known !== property) {
        const text = this.#json.get(name) ?? JSON.stringify(known);
        this.#json.set(name, text);
        if (text !== JSON.stringify(property)) {
          throw unsupportedIntersection(this.#path + jsonPointer([name]));
        }
      }
    }
    for (const name of toList(schema.required)) this.#required.add(name);
  }

  schema(): JsonObject {
    return {
      properties: Object.fromEntries(this.#properties),
      required: [...this.#required],
    };
  }
}

/**
 * Reads the properties of an object schema; throws if the schema contains anything else.
 */
function readProperties(
  get: (key: string) => JsonValue | undefined,
  path: string,
): JsonObject {
  const [type, properties] = [get("type"), get("properties")];
  const others = get("additionalProperties");
  const isOpen = !isObject(others) || Object.keys(others).length === 0;
  if (
    (type === undefined || type === "object") && isObject(properties) &&
    UNMERGEABLE_KEYWORDS.every((key) => get(key) === undefined) && isOpen
  ) return properties;
  throw unsupportedIntersection(path);
}

function toList(value: JsonValue | undefined): JsonValue[] {
  return Array.isArray(value) ? value : [];
}

function unsupportedIntersection(path: string): Error {
  return unsupported(
    path,
    "an intersection is not possible in strict mode, unless its objects share no property; use one z.object({ … })",
  );
}
