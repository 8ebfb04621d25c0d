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

/** The keywords that say what a value is: a type that JSON has none for may be given one of them as metadata. */
const TYPE_KEYWORDS = [
  "type",
  "$ref",
  "anyOf",
  "oneOf",
  "allOf",
  "enum",
  "const",
];

/** Marks a schema that cannot be said, with its type in zod's words. */
const UNSUPPORTED_MARK = "x-acodex-not-in-json";

/**
 * The JSON Schema of what the model is to write: the side that goes into the type.
 *
 * @param core Gives what writes it for types that do not by themselves.
 * @throws {CodexOutputSchemaError} For what JSON Schema has no word for, and for
 * what cannot be sent.
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

/** Tells whether a type needs a {@linkcode ZodCore} to be asked for and read. */
export function needsZodCore(type: ZodType<unknown>): boolean {
  const own = readOwnSchema(type);
  return type.safeParse === undefined ||
    !("error" in own) && own.schema === undefined;
}

/** How a type is to be written, once. */
function schemaOptions(): zod.ToJSONSchemaParams {
  /** How long each part is, written out: zod has it once, however often it is used. */
  const lengths = new Map<object, number>();
  return {
    // What cannot be said is marked instead: metadata may say it further out.
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
          "this output type",
          "",
          `its JSON Schema is longer than ${MAX_SCHEMA_LENGTH} characters, since each use of a type is written out; give a type that is used often a name: .meta({ id: … })`,
        );
      }
    },
  };
}

/** What a type writes by itself: nothing where it cannot, or why it may not be sent. */
type OwnSchema =
  | { readonly schema: JsonObject | undefined }
  | { readonly error: CodexOutputSchemaError };

const OWN_SCHEMAS = new WeakMap<object, OwnSchema>();

/**
 * The JSON Schema that a type writes by itself. Nothing for those of `zod/mini` or of
 * zod before 4.2, also where one stands in a type that does write its own.
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
      // Zod's core writes more of them, and says what it cannot.
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

/** How long a part of a schema is as JSON, or a little less; what is in it has mostly been seen before. */
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

/** JSON Schema would be given a number for a bigint, which the type does not take. */
function isBadLiteral(def: zod.$ZodTypes["_zod"]["def"]): boolean {
  return def.type === "literal" &&
    def.values.some((value) =>
      value === undefined || typeof value === "bigint"
    );
}

/** Looks for what is marked, by the places that it has in the answer. */
function throwIfMarked(root: JsonObject): void {
  const seen = new Set<JsonObject>();
  const left: [schema: JsonValue | undefined, path: string][] = [[root, ""]];
  // Not one inside the other: a chain of definitions may be longer than the stack is deep.
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

/** The schemas in a schema, each with the keys that lead to its values. */
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
