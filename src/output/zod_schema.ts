import type * as zod from "zod/v4/core";
import { isObject, type JsonObject, type JsonValue } from "../protocol/json.ts";
import { jsonPointer } from "../text.ts";
import { once } from "./once.ts";
import { isNotInJson, notInJson, refusal } from "./refusal.ts";
import { asZod, type ZodCore, type ZodType } from "./zod_type.ts";

/** The keywords that say what a value is: a type that JSON has none for may be given one of them as metadata. */
const FORMS = ["type", "$ref", "anyOf", "oneOf", "allOf", "enum", "const"];

/** Marks a schema that cannot be said, with its type in zod's words. */
const MARK = "x-acodex-not-in-json";

/**
 * The JSON Schema of what the model is to write: the side that goes into the type.
 *
 * @param core Gives what writes it for types that do not by themselves.
 * @throws {CodexOutputSchemaError} For what JSON Schema has no word for.
 */
export function zodJsonSchema(
  type: ZodType<unknown>,
  core: () => ZodCore,
): JsonObject {
  const schema = ownJsonSchema(type) ?? coreJsonSchema(type, core());
  refuseMarked(schema, schema, "", new Set());
  return schema;
}

/** Tells whether a type needs a {@linkcode ZodCore} to be asked for and read. */
export function needsZodCore(type: ZodType<unknown>): boolean {
  return type.safeParse === undefined || ownJsonSchema(type) === undefined;
}

const OPTIONS: zod.ToJSONSchemaParams = {
  // What cannot be said is marked instead: metadata may say it further out.
  unrepresentable: "any",
  override({ zodSchema, jsonSchema }): void {
    const { def } = zodSchema._zod;
    const hasForm = def.type !== "file" &&
      FORMS.some((key) => key in jsonSchema);
    if (!hasForm && isNotInJson(def.type) || isBadLiteral(def)) {
      Object.assign(jsonSchema, { [MARK]: def.type });
    }
  },
};

/** What types write by themselves; nothing where they cannot. */
const OWN = new WeakMap<object, { schema: JsonObject | undefined }>();

/**
 * The JSON Schema that a type writes by itself. Nothing for those of `zod/mini` or of
 * zod before 4.2, also where one stands in a type that does write its own.
 */
function ownJsonSchema(type: ZodType<unknown>): JsonObject | undefined {
  return once(OWN, type, () => {
    try {
      const schema = type["~standard"]?.jsonSchema?.input({
        target: "draft-2020-12",
        libraryOptions: OPTIONS,
      });
      return { schema: schema as JsonObject | undefined };
    } catch {
      // Zod's core writes more of them, and says what it cannot.
      return { schema: undefined };
    }
  }).schema;
}

function coreJsonSchema(type: ZodType<unknown>, core: ZodCore): JsonObject {
  try {
    const options = { ...OPTIONS, io: "input" } as const;
    return core.toJSONSchema(asZod(type), options) as JsonObject;
  } catch (cause) {
    const reason = cause instanceof Error
      ? cause.message
      : "it has no JSON Schema";
    throw refusal("this output type", "", reason, cause);
  }
}

/** JSON Schema would be given a number for a bigint, which the type does not take. */
function isBadLiteral(def: zod.$ZodTypes["_zod"]["def"]): boolean {
  return def.type === "literal" &&
    def.values.some((value) =>
      value === undefined || typeof value === "bigint"
    );
}

/** Looks for what is marked, by the places that it has in the answer. */
function refuseMarked(
  schema: JsonValue | undefined,
  root: JsonObject,
  path: string,
  seen: Set<JsonObject>,
): void {
  if (!isObject(schema) || seen.has(schema)) return;
  seen.add(schema);
  const mark = schema[MARK];
  if (typeof mark === "string") throw notInJson(mark, path);
  const look = (inner: JsonValue | undefined, ...keys: PropertyKey[]): void =>
    refuseMarked(inner, root, path + jsonPointer(keys), seen);
  if (typeof schema.$ref === "string" && isObject(root.$defs)) {
    const name = schema.$ref.replace("#/$defs/", "");
    look(root.$defs[name.replaceAll("~1", "/").replaceAll("~0", "~")]);
  }
  if (isObject(schema.properties)) {
    for (const [key, inner] of Object.entries(schema.properties)) {
      look(inner, key);
    }
  }
  for (const key of ["anyOf", "oneOf", "allOf"]) {
    const members = schema[key];
    if (Array.isArray(members)) members.forEach((inner) => look(inner));
  }
  if (Array.isArray(schema.prefixItems)) {
    schema.prefixItems.forEach((inner, index) => look(inner, index));
  }
  look(schema.items, 0);
  look(schema.additionalProperties, "*");
  look(schema.propertyNames, "*");
}
