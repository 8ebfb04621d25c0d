import { isObject, type JsonObject, type JsonValue } from "../protocol/json.ts";
import { jsonPointer } from "../util/text.ts";
import { isSendable } from "./strict/keywords.ts";
import { atPath } from "./unsupported.ts";

/** The maximum number of warnings for one schema. */
const MAX_WARNINGS = 20;

/** The keywords that strict mode accepts with any value. */
const ALWAYS_ALLOWED: ReadonlySet<string> = new Set([
  ...["$schema", "$defs", "definitions", "$ref", "title", "description"],
  ...["type", "properties", "required", "additionalProperties", "items"],
  ...["anyOf", "enum", "const"],
]);

/** The keywords that say which values a schema accepts. */
const TYPES: readonly string[] = ["type", "$ref", "anyOf"];

/**
 * Lists the parts of the caller's own schema that the model's strict mode does not accept
 * (facts F18), each with its JSON pointer; the first 20. The schema is sent anyway, since
 * strict mode may have been extended.
 */
export function schemaWarnings(schema: JsonObject): string[] {
  const warnings: string[] = [];
  const warn = (path: string, what: string): void => {
    if (warnings.length === MAX_WARNINGS) return;
    warnings.push(`outputSchema${atPath(path)} ${what}`);
  };
  if (schema.type !== "object") {
    warn("", "is not an object schema: strict mode requires one at the root");
  }
  checkSchema(schema, "", warn, 0);
  return warnings;
}

type Warn = (path: string, what: string) => void;

function checkSchema(
  schema: JsonValue | undefined,
  path: string,
  warn: Warn,
  depth: number,
): void {
  // No model accepts schemas that are nested this deeply.
  if (depth > 100) return;
  if (typeof schema === "boolean") {
    warn(path, `is ${schema}: strict mode requires a schema with a type`);
  }
  if (!isObject(schema)) return;
  const inside = (inner: JsonValue | undefined, ...keys: PropertyKey[]): void =>
    checkSchema(inner, path + jsonPointer(keys), warn, depth + 1);
  const isTyped = TYPES.some((key) => key in schema);
  const isKnown = Object.keys(schema).every((key) => ALWAYS_ALLOWED.has(key));
  if (!isTyped && isKnown && depth > 0) {
    warn(path, "has no type: strict mode requires one everywhere");
  }
  for (const [key, value] of Object.entries(schema)) {
    if (!ALWAYS_ALLOWED.has(key) && !isSendable(key, value)) {
      warn(
        path,
        `has ${key}: ${formatValue(value)}, which strict mode does not accept`,
      );
    }
  }
  if (schema.type === "object" || "properties" in schema) {
    checkObject(schema, path, warn);
  }
  if (schema.type === "array" && !isObject(schema.items)) {
    warn(
      path,
      "has no items: strict mode requires the type of an array's items",
    );
  }
  for (const holder of ["properties", "$defs", "definitions"]) {
    const named = schema[holder];
    if (!isObject(named)) continue;
    for (const [name, inner] of Object.entries(named)) {
      inside(inner, holder, name);
    }
  }
  inside(schema.items, "items");
  if (Array.isArray(schema.anyOf)) {
    schema.anyOf.forEach((inner, index) => inside(inner, "anyOf", index));
  }
}

function checkObject(schema: JsonObject, path: string, warn: Warn): void {
  if (schema.additionalProperties !== false) {
    warn(path, "is open: strict mode requires additionalProperties: false");
  }
  const properties = isObject(schema.properties) ? schema.properties : {};
  const required = new Set(
    Array.isArray(schema.required) ? schema.required : [],
  );
  for (const name of Object.keys(properties)) {
    if (required.has(name)) continue;
    warn(
      path + jsonPointer(["properties", name]),
      "is not required: strict mode requires every property in required, with null for optional ones",
    );
  }
}

/** Formats a keyword's value for a warning, shortened since it may be any value. */
function formatValue(value: JsonValue): string {
  return typeof value === "object" && value !== null
    ? "…"
    : JSON.stringify(value).slice(0, 40);
}
