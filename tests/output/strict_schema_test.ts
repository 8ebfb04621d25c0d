import { assertEquals, assertThrows } from "@std/assert";
import { CodexOutputSchemaError } from "../../src/errors.ts";
import { strictSchema } from "../../src/output/strict_schema.ts";
import type { JsonObject } from "../../src/protocol/json.ts";

const TEXT = { type: "string" };

/** An object schema as zod writes it, open. */
function open(properties: JsonObject, more: JsonObject = {}): JsonObject {
  const required = Object.keys(properties);
  return { type: "object", properties, required, ...more };
}

/** An object schema as strict mode takes it. */
function closed(properties: JsonObject, more: JsonObject = {}): JsonObject {
  return open(properties, { ...more, additionalProperties: false });
}

Deno.test("strictSchema closes objects wherever schemas stand in a schema", () => {
  const inner = open({ a: TEXT });
  const innerClosed = closed({ a: TEXT });
  const places: ((schema: JsonObject) => JsonObject)[] = [
    (schema) => schema,
    (schema) => ({ type: "array", items: schema }),
    (schema) => ({ type: "array", prefixItems: [TEXT, schema], items: false }),
    (schema) => ({ anyOf: [schema, { type: "null" }] }),
    (schema) => ({ allOf: [schema] }),
    (schema) => ({ not: schema }),
  ];
  for (const place of places) {
    assertEquals(
      strictSchema(open({ p: place(inner) })),
      closed({ p: place(innerClosed) }),
    );
  }
});

Deno.test("strictSchema closes definitions and keeps references to them", () => {
  const node = open({
    value: TEXT,
    next: { anyOf: [{ $ref: "#/$defs/Node" }, { type: "null" }] },
  });
  const strict = strictSchema(
    open({ first: { $ref: "#/$defs/Node" } }, { $defs: { Node: node } }),
  );
  assertEquals(
    strict,
    closed({ first: { $ref: "#/$defs/Node" } }, {
      $defs: { Node: { ...node, additionalProperties: false } },
    }),
  );
});

Deno.test("strictSchema puts a root that only names a definition in its place", () => {
  const strict = strictSchema({
    $ref: "#/$defs/a~1b",
    $defs: { "a/b": open({ a: TEXT }) },
  });
  assertEquals(
    strict,
    closed({ a: TEXT }, { $defs: { "a/b": closed({ a: TEXT }) } }),
  );
});

Deno.test("strictSchema writes oneOf as anyOf, the one of the two that strict mode knows", () => {
  assertEquals(
    strictSchema(open({ p: { oneOf: [open({ a: TEXT }), TEXT] } })),
    closed({ p: { anyOf: [closed({ a: TEXT }), TEXT] } }),
  );
});

Deno.test("strictSchema drops $schema and leaves every other node as it is", () => {
  const properties = {
    a: { type: "string", description: "an a", pattern: "^a$" },
    b: { enum: [{ type: "object" }, 1] },
    c: { const: { type: "object" } },
    d: { type: ["string", "null"] },
    e: { type: "array", items: { type: "integer", minimum: 0 }, minItems: 1 },
  };
  const schema = open(properties, { $schema: "https://json-schema.org/x" });
  assertEquals(
    strictSchema(schema),
    closed({ ...properties, e: properties.e }),
  );
});

Deno.test("strictSchema closes an object that says it is open but names its properties", () => {
  for (const additionalProperties of [true, {}, TEXT]) {
    assertEquals(
      strictSchema(open({ a: TEXT }, { additionalProperties })),
      closed({ a: TEXT }),
    );
  }
});

Deno.test("strictSchema takes an object without properties as an empty one", () => {
  assertEquals(
    strictSchema({ type: "object", properties: {} }),
    closed({}),
  );
});

Deno.test("strictSchema is not misled by properties that are named like keywords", () => {
  const properties = {
    items: TEXT,
    properties: open({ type: TEXT }),
    $defs: TEXT,
    required: { type: "array", items: TEXT },
    oneOf: TEXT,
    type: { type: "string", const: "object" },
  };
  assertEquals(
    strictSchema(open(properties)),
    closed({ ...properties, properties: closed({ type: TEXT }) }),
  );
});

Deno.test("strictSchema leaves the schema that it was given as it is", () => {
  const schema = open({ p: { oneOf: [open({ a: TEXT })] } }, { $schema: "x" });
  const before = structuredClone(schema);
  strictSchema(schema);
  assertEquals(schema, before);
});

Deno.test("strictSchema refuses an optional property, and names its place", () => {
  const optional = { type: "object", properties: { "x/y~z": TEXT } };
  const places: [JsonObject, string][] = [
    [optional, ""],
    [open({ p: optional }), "/properties/p"],
    [open({ p: { type: "array", items: optional } }), "/properties/p/items"],
    [open({ p: { anyOf: [TEXT, optional] } }), "/properties/p/anyOf/1"],
    [open({ "a/b": optional }), "/properties/a~1b"],
    [open({}, { $defs: { D: optional } }), "/$defs/D"],
  ];
  for (const [schema, place] of places) {
    const path = `${place}/properties/x~1y~0z`;
    const error = assertThrows(
      () => strictSchema(schema),
      CodexOutputSchemaError,
      `Cannot ask for an optional property at "${path}": the model's strict mode requires every property; use .nullable() instead`,
    );
    assertEquals(error.path, path);
  }
});

Deno.test("strictSchema refuses an object with free keys, and names its place", () => {
  const records: JsonObject[] = [
    { type: "object" },
    { type: "object", additionalProperties: TEXT },
  ];
  for (const record of records) {
    const places: [JsonObject, string][] = [
      [record, ""],
      [open({ p: record }), "/properties/p"],
      [open({ p: { type: "array", items: record } }), "/properties/p/items"],
    ];
    for (const [schema, path] of places) {
      const error = assertThrows(
        () => strictSchema(schema),
        CodexOutputSchemaError,
        `Cannot ask for an object with free keys at "${path}"`,
      );
      assertEquals([error.path, error.code], [path, "invalid_output_schema"]);
    }
  }
});

Deno.test("strictSchema refuses a root that is no object", () => {
  const roots: JsonObject[] = [
    {},
    TEXT,
    { type: "array", items: TEXT },
    { type: ["object", "null"] },
    { anyOf: [open({ a: TEXT }), open({ b: TEXT })] },
    { $ref: "#/$defs/missing", $defs: {} },
  ];
  for (const root of roots) {
    const error = assertThrows(
      () => strictSchema(root),
      CodexOutputSchemaError,
      "the model answers with an object",
    );
    assertEquals(error.path, "");
  }
});
