/** An independent check of the schemas that are sent. @module */

import { assert, assertEquals } from "@std/assert";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { JsonObject, JsonValue } from "../../src/protocol/json.ts";

/**
 * Compiles a JSON Schema 2020-12 to a check of values, with ajv. The schema must be
 * valid.
 */
export function judge(schema: JsonObject): (value: unknown) => boolean {
  const ajv = new Ajv2020({
    strict: true,
    // Strict mode requires a type next to each other keyword, ajv only next to those of
    // `anyOf`.
    strictRequired: false,
    validateFormats: false,
    unicodeRegExp: false,
  });
  return ajv.compile(schema);
}

/**
 * The keywords that the model's strict mode documents, and those allowed next to them.
 */
const KEYWORDS = new Set([
  ...[
    "type",
    "title",
    "description",
    "$ref",
    "$defs",
    "anyOf",
    "enum",
    "const",
  ],
  ...["properties", "required", "additionalProperties", "items", "minItems"],
  ...["maxItems", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"],
  ...["multipleOf", "pattern", "format"],
]);

const FORMATS = new Set([
  ...["date-time", "time", "date", "duration", "email", "hostname"],
  ...["ipv4", "ipv6", "uuid"],
]);

/**
 * Fails if a schema contains something that the model's strict mode does not accept.
 * Written from its documentation, independently of the code that builds the schemas.
 */
export function assertStrict(schema: JsonObject): void {
  assertEquals(schema.type, "object");
  const definitions = new Set(Object.keys(schema.$defs ?? {}));
  const check = (node: JsonValue | undefined): void => {
    assert(typeof node === "object" && node !== null && !Array.isArray(node));
    const shown = JSON.stringify(node).slice(0, 300);
    for (const key of Object.keys(node)) assert(KEYWORDS.has(key), shown);
    if (node.$ref !== undefined) {
      assertEquals(Object.keys(node), ["$ref"]);
      const name = String(node.$ref).replace("#/$defs/", "");
      assert(name === "#" || definitions.has(unescape(name)), shown);
      return;
    }
    if (node.format !== undefined) assert(FORMATS.has(String(node.format)));
    if (node.pattern !== undefined) {
      assert(!/\(\?[=!<]|\\[pPk1-9]/.test(String(node.pattern)), shown);
    }
    if (node.anyOf === undefined) {
      assertEquals(typeof node.type, "string", shown);
    } else (node.anyOf as JsonValue[]).forEach(check);
    if (node.type === "object") {
      assertEquals(node.additionalProperties, false);
      assertEquals(node.required, Object.keys(node.properties as JsonObject));
      Object.values(node.properties as JsonObject).forEach(check);
    }
    if (node.type === "array") check(node.items);
    Object.values(node.$defs ?? {}).forEach(check);
  };
  check(schema);
}

function unescape(name: string): string {
  return name.replaceAll("~1", "/").replaceAll("~0", "~");
}
