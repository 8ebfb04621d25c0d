import type * as zod from "zod/v4/core";
import { CodexOutputSchemaError } from "../errors/codex_error.ts";
import { isObject, type JsonObject, type JsonValue } from "../protocol/json.ts";
import { jsonPointer } from "../util/text.ts";
import { memoize } from "../util/memoize.ts";
import { checkOutputSchema, TYPE_SCHEMA_NAME } from "./output_schema.ts";
import { missingJsonSchema, unsupported } from "./unsupported.ts";
import { isUnsupportedZodType, unsupportedZodType } from "./zod_unsupported.ts";
import { MAX_SCHEMA_LENGTH } from "./schema_limits.ts";
import { asZod, type ZodCore, type ZodType } from "./zod_type.ts";

/**
 * The keywords that determine a value's type. Metadata may add one of them to a type that
 * JSON lacks.
 */
const TYPE_KEYWORDS = [
  "type",
  "$ref",
  "anyOf",
  "oneOf",
  "allOf",
  "enum",
  "const",
];

/**
 * The keyword that marks a schema that JSON Schema cannot express. Its value is zod's
 * name for the type.
 */
const UNSUPPORTED_MARK = "x-acodex-not-in-json";

/**
 * Returns the JSON Schema of a type's input, which is the form that the model must write.
 *
 * @param core Returns zod's core, for types that cannot generate their own schema.
 * @throws {CodexOutputSchemaError} If JSON Schema cannot express the type, or the schema
 * cannot be sent.
 */
export function zodJsonSchema(
  type: ZodType<unknown>,
  core: () => ZodCore,
): JsonObject {
  const own = readOwnSchema(type);
  if ("error" in own) throw own.error;
  const written = own.schema ?? writeSchema(type, core());
  const schema = checkOutputSchema(written, TYPE_SCHEMA_NAME);
  throwIfMarked(schema);
  return schema;
}

/**
 * Tells whether a type needs a {@linkcode ZodCore} to generate its schema or to read a
 * value.
 */
export function needsZodCore(type: ZodType<unknown>): boolean {
  const own = readOwnSchema(type);
  return type.safeParse === undefined ||
    !("error" in own) && own.schema === undefined;
}

/** Creates the options for generating one schema. */
function schemaOptions(): zod.ToJSONSchemaParams {
  /**
   * The length of each part when written out: zod contains a part once, however often it
   * is used.
   */
  const lengths = new Map<object, number>();
  return {
    // Marked instead of rejected: metadata on an outer type may still give it a form.
    unrepresentable: "any",
    override({ zodSchema, jsonSchema }): void {
      const { def } = zodSchema._zod;
      const hasForm = def.type !== "file" &&
        TYPE_KEYWORDS.some((key) => key in jsonSchema);
      if (!hasForm && isUnsupportedZodType(def.type) || isBadLiteral(def)) {
        Object.assign(jsonSchema, { [UNSUPPORTED_MARK]: def.type });
      }
      if (measure(jsonSchema, lengths) > MAX_SCHEMA_LENGTH) {
        throw unsupported(
          "",
          `the type is longer than ${MAX_SCHEMA_LENGTH} characters as a JSON Schema, which writes out each use of a type; name the types that are used often: .meta({ id: … })`,
        );
      }
    },
  };
}

/**
 * The schema that a type generates without zod's core, `undefined` if it cannot, or the
 * error that it fails with.
 */
type OwnSchema =
  | { readonly schema: JsonObject | undefined }
  | { readonly error: CodexOutputSchemaError };

const OWN_SCHEMAS = new WeakMap<object, OwnSchema>();

/**
 * Reads the JSON Schema that a type generates itself. Types of `zod/mini` and of zod
 * before 4.2 cannot, nor can a type that contains one of them.
 */
function readOwnSchema(type: ZodType<unknown>): OwnSchema {
  return memoize(OWN_SCHEMAS, type, () => {
    try {
      const schema = type["~standard"]?.jsonSchema?.input({
        target: "draft-2020-12",
        libraryOptions: schemaOptions(),
      });
      return { schema: schema as JsonObject | undefined };
    } catch (error) {
      if (error instanceof CodexOutputSchemaError) return { error };
      // Zod's core supports more types, and explains which ones it does not.
      return { schema: undefined };
    }
  });
}

function writeSchema(type: ZodType<unknown>, core: ZodCore): JsonObject {
  try {
    const options = { ...schemaOptions(), io: "input" } as const;
    return core.toJSONSchema(asZod(type), options) as JsonObject;
  } catch (cause) {
    if (cause instanceof CodexOutputSchemaError) throw cause;
    throw missingJsonSchema(cause);
  }
}

/**
 * Measures the length of a part as JSON, or slightly less. Most inner parts have already
 * been measured.
 */
function measure(part: unknown, lengths: Map<object, number>): number {
  if (typeof part !== "object" || part === null) return String(part).length;
  let length = lengths.get(part);
  if (length === undefined) {
    length = 2;
    for (const [key, inner] of Object.entries(part)) {
      length += key.length + measure(inner, lengths);
    }
    lengths.set(part, length);
  }
  return length;
}

/**
 * Tells whether a literal is undefined or a bigint. Zod would write a number for a
 * bigint, which the type then rejects.
 */
function isBadLiteral(def: zod.$ZodTypes["_zod"]["def"]): boolean {
  return def.type === "literal" &&
    def.values.some((value) =>
      value === undefined || typeof value === "bigint"
    );
}

/** Throws for the first marked schema, with its path in the answer. */
function throwIfMarked(root: JsonObject): void {
  const seen = new Set<JsonObject>();
  const left: [schema: JsonValue | undefined, path: string][] = [[root, ""]];
  // A loop, since a chain of definitions may exceed the depth of the stack.
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const [schema, path] = next;
    if (!isObject(schema) || seen.has(schema)) continue;
    seen.add(schema);
    const mark = schema[UNSUPPORTED_MARK];
    if (typeof mark === "string") throw unsupportedZodType(mark, path);
    const inner = listParts(schema, root);
    for (const [part, ...keys] of inner.reverse()) {
      left.push([part, path + jsonPointer(keys)]);
    }
  }
}

/** Lists the schemas inside a schema, each with the keys that lead to its values. */
function listParts(
  schema: JsonObject,
  { $defs }: JsonObject,
): [part: JsonValue | undefined, ...keys: PropertyKey[]][] {
  const parts: ReturnType<typeof listParts> = [];
  if (typeof schema.$ref === "string" && isObject($defs)) {
    const name = schema.$ref.replace("#/$defs/", "");
    parts.push([$defs[name.replaceAll("~1", "/").replaceAll("~0", "~")]]);
  }
  if (isObject(schema.properties)) {
    for (const [key, inner] of Object.entries(schema.properties)) {
      parts.push([inner, key]);
    }
  }
  for (const key of ["anyOf", "oneOf", "allOf"]) {
    const members = schema[key];
    if (Array.isArray(members)) members.forEach((inner) => parts.push([inner]));
  }
  if (Array.isArray(schema.prefixItems)) {
    schema.prefixItems.forEach((inner, index) => parts.push([inner, index]));
  }
  parts.push([schema.items, 0]);
  parts.push([schema.additionalProperties, "*"]);
  parts.push([schema.propertyNames, "*"]);
  return parts;
}
