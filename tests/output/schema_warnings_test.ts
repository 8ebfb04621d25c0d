import { assertEquals } from "@std/assert";
import { schemaWarnings } from "../../src/output/schema_warnings.ts";
import type { JsonObject } from "../../src/protocol/json.ts";

const GOOD: JsonObject = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "T",
  type: "object",
  properties: {
    a: { type: "string", pattern: "^a", format: "date" },
    b: { type: ["integer", "null"], minimum: 0, multipleOf: 2 },
    c: { type: "array", items: { $ref: "#/$defs/C" }, minItems: 1 },
    d: {
      anyOf: [{ type: "string", enum: ["x"] }, { const: 1, type: "number" }],
    },
  },
  required: ["a", "b", "c", "d"],
  additionalProperties: false,
  $defs: {
    C: {
      type: "object",
      properties: {},
      required: [],
      additionalProperties: false,
    },
  },
};

Deno.test("schemaWarnings returns nothing for a schema that strict mode accepts", () => {
  assertEquals(schemaWarnings(GOOD), []);
});

const WARNED: readonly [schema: JsonObject, warnings: string[]][] = [
  [{ type: "array", items: { type: "string" } }, [
    "outputSchema is not an object schema: strict mode requires one at the root",
  ]],
  [{ ...GOOD, additionalProperties: true }, [
    "outputSchema is open: strict mode requires additionalProperties: false",
  ]],
  [{ ...GOOD, required: ["a", "b", "c"] }, [
    'outputSchema at "/properties/d" is not required: strict mode requires every property in required, with null for optional ones',
  ]],
  [{
    ...GOOD,
    properties: {
      ...GOOD.properties as JsonObject,
      a: {},
      b: { enum: ["x"], description: "A letter" },
      c: true,
    },
  }, [
    'outputSchema at "/properties/a" has no type: strict mode requires one everywhere',
    'outputSchema at "/properties/b" has no type: strict mode requires one everywhere',
    'outputSchema at "/properties/c" is true: strict mode requires a schema with a type',
  ]],
  [{ ...GOOD, $defs: { C: { type: "string", minLength: 1 } } }, [
    'outputSchema at "/$defs/C" has minLength: 1, which strict mode does not accept',
  ]],
  [{ ...GOOD, $defs: { C: { allOf: [{ type: "string" }] } } }, [
    'outputSchema at "/$defs/C" has allOf: …, which strict mode does not accept',
  ]],
  [{ ...GOOD, $defs: { C: { type: "array", items: { format: "uri" } } } }, [
    'outputSchema at "/$defs/C/items" has format: "uri", which strict mode does not accept',
  ]],
  [{ ...GOOD, $defs: { C: { anyOf: [{ type: "array" }] } } }, [
    'outputSchema at "/$defs/C/anyOf/0" has no items: strict mode requires the type of an array\'s items',
  ]],
];

Deno.test("schemaWarnings reports keywords named like properties of Object.prototype", () => {
  const odd = JSON.parse('{"__proto__":1,"__defineGetter__":2}');
  assertEquals(schemaWarnings({ ...GOOD, $defs: { C: odd } }), [
    'outputSchema at "/$defs/C" has __proto__: 1, which strict mode does not accept',
    'outputSchema at "/$defs/C" has __defineGetter__: 2, which strict mode does not accept',
  ]);
});

for (const [schema, warnings] of WARNED) {
  Deno.test(`schemaWarnings returns: ${warnings.join()}`, () => {
    const before = structuredClone(schema);
    assertEquals(schemaWarnings(schema), warnings);
    assertEquals(schema, before);
  });
}

Deno.test("schemaWarnings stops at twenty warnings, and in a very deep schema", () => {
  const properties = Object.fromEntries(
    Array.from(
      { length: 100 },
      (_, index) => [`p${index}`, { type: "string" }],
    ),
  );
  assertEquals(schemaWarnings({ ...GOOD, properties }).length, 20);
  let deep: JsonObject = { minLength: 1 };
  for (let i = 0; i < 5000; i += 1) deep = { anyOf: [deep] };
  assertEquals(schemaWarnings({ ...GOOD, $defs: { deep } }), []);
});
