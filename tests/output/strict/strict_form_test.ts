import { assertEquals, assertThrows } from "@std/assert";
import { CodexOutputSchemaError } from "../../../src/errors/codex_error.ts";
import { strictForm } from "../../../src/output/strict/strict_form.ts";
import type { JsonObject, JsonValue } from "../../../src/protocol/json.ts";

const TEXT = { type: "string" };

/** Builds an open object schema whose properties are all required. */
function open(properties: JsonObject, more: JsonObject = {}): JsonObject {
  const required = Object.keys(properties);
  return { type: "object", properties, required, ...more };
}

/** Builds an object schema in the form that strict mode accepts. */
function closed(properties: JsonObject, more: JsonObject = {}): JsonObject {
  return open(properties, { ...more, additionalProperties: false });
}

/** Returns the schema that is sent for a property. */
function sentFor(schema: JsonValue, more: JsonObject = {}): JsonValue {
  const sent = strictForm(open({ p: schema }, more)).schema;
  return (sent.properties as JsonObject).p ?? null;
}

const SENT: readonly [what: string, schema: JsonObject, sent: JsonObject][] = [
  ["a const without a type", { const: 3 }, { type: "number", const: 3 }],
  ["an enum without a type", { enum: ["a"] }, { type: "string", enum: ["a"] }],
  [
    "several types",
    { type: ["string", "null"], description: "d", minLength: 2 },
    {
      description: "d",
      anyOf: [
        { type: "string", description: "(at least 2 characters)" },
        { type: "null" },
      ],
    },
  ],
  [
    "oneOf",
    { oneOf: [TEXT, { type: "null" }] },
    { anyOf: [TEXT, { type: "null" }] },
  ],
  ["a union with one member", { anyOf: [TEXT], description: "d" }, {
    ...TEXT,
    description: "d",
  }],
  ["an object without its type", { properties: {} }, closed({})],
  [
    "an empty object",
    { type: "object", additionalProperties: false },
    closed({}),
  ],
  [
    "an array without its type",
    { items: TEXT },
    { type: "array", items: TEXT },
  ],
  [
    "a tuple in the older form",
    { type: "array", items: [TEXT, TEXT], additionalItems: false },
    { type: "array", items: TEXT, minItems: 2, maxItems: 2 },
  ],
  [
    "a tuple with further items of the same type",
    { type: "array", prefixItems: [TEXT], items: TEXT, minItems: 1 },
    { type: "array", items: TEXT, minItems: 1 },
  ],
  [
    "constraints in allOf",
    { type: "string", allOf: [{ pattern: "^a" }, { pattern: "b$" }] },
    { type: "string", pattern: "^a" },
  ],
  [
    "objects in allOf",
    {
      allOf: [open({ a: TEXT }), { properties: { b: TEXT }, required: ["b"] }],
    },
    closed({ a: TEXT, b: TEXT }),
  ],
  [
    "bounds without effect",
    { type: "integer", minimum: Number.MIN_SAFE_INTEGER, maximum: 5 },
    { type: "integer", maximum: 5 },
  ],
  [
    "annotations and unknown keywords",
    { type: "string", default: "x", examples: ["x"], readOnly: true, foo: 1 },
    TEXT,
  ],
  [
    "unique items",
    { type: "array", items: TEXT, uniqueItems: true, description: "Words" },
    { type: "array", items: TEXT, description: "Words (no item twice)" },
  ],
];

for (const [what, schema, sent] of SENT) {
  Deno.test(`strictForm converts ${what} to the form that strict mode accepts`, () => {
    assertEquals(sentFor(schema), sent);
  });
}

Deno.test("strictForm is not misled by properties named like keywords", () => {
  const properties = {
    items: TEXT,
    properties: open({ type: TEXT }),
    $defs: TEXT,
    required: { type: "array", items: TEXT },
    anyOf: TEXT,
    $ref: TEXT,
    type: { type: "string", const: "object" },
  };
  assertEquals(
    strictForm(open(properties)).schema,
    closed({ ...properties, properties: closed({ type: TEXT }) }),
  );
});

Deno.test("strictForm does not change the given schema", () => {
  const schema = open({ p: { oneOf: [open({ a: TEXT })] } }, { $schema: "x" });
  const before = structuredClone(schema);
  strictForm(schema);
  assertEquals(schema, before);
});

Deno.test("strictForm keeps references of either spelling, including names with a slash", () => {
  for (const holder of ["$defs", "definitions"]) {
    const { schema } = strictForm(
      open(
        { p: { $ref: `#/${holder}/a~1b` }, q: { $ref: `#/${holder}/a~1b` } },
        { [holder]: { "a/b": open({ n: TEXT }) } },
      ),
    );
    assertEquals(
      schema,
      closed({ p: { $ref: "#/$defs/a_b" }, q: { $ref: "#/$defs/a_b" } }, {
        $defs: { a_b: closed({ n: TEXT }) },
      }),
    );
  }
});

Deno.test("strictForm keeps definitions of the same name apart", () => {
  const { schema } = strictForm(open(
    { p: { $ref: "#/$defs/A" }, q: { $ref: "#/definitions/A" } },
    { $defs: { A: TEXT }, definitions: { A: { type: "number" } } },
  ));
  assertEquals(schema.$defs, { A: TEXT, A_2: { type: "number" } });
});

Deno.test("strictForm names definitions with letters, digits and _.- only, and keeps them apart", () => {
  const long = "x".repeat(100);
  const names = [
    "a b",
    "a/b",
    "a_b",
    "Größe",
    "名前",
    "v1.2-x",
    long,
    "__proto__",
  ];
  const $defs = Object.fromEntries(names.map((name) => [name, TEXT]));
  const properties = Object.fromEntries(
    names.map((name, index) => [
      `p${index}`,
      { $ref: `#/$defs/${name.replaceAll("/", "~1")}` },
    ]),
  );
  const { schema, decode } = strictForm(open(properties, { $defs }));
  const expected = [
    ...["a_b", "a_b_2", "a_b_3", "Gr_e", "_", "v1.2-x"],
    ...["x".repeat(64), "__proto__"],
  ];
  assertEquals(Object.keys(Object(schema.$defs)).sort(), expected.sort());
  const answer = Object.fromEntries(
    Object.keys(properties).map((key) => [key, key]),
  );
  assertEquals(decode(answer), { value: answer });
});

Deno.test("strictForm decodes an answer through references, and terminates for a type that refers only to itself", () => {
  const node = {
    type: "object",
    properties: { next: { $ref: "#/$defs/N" }, n: { type: "number" } },
    required: ["n"],
  };
  const form = strictForm(
    open({ p: { $ref: "#/$defs/N" } }, { $defs: { N: node } }),
  );
  assertEquals(form.decode({ p: { n: 1, next: { n: 2, next: null } } }), {
    value: { p: { n: 1, next: { n: 2 } } },
  });
  const loop = strictForm(open({ p: { $ref: "#/$defs/L" } }, {
    $defs: { L: { anyOf: [{ $ref: "#/$defs/L" }, open({ a: TEXT })] } },
  }));
  assertEquals(loop.decode({ p: { a: "x" } }), { value: { p: { a: "x" } } });
  assertEquals(loop.decode({ p: 7 }), { value: { p: 7 } });
});

Deno.test("strictForm decodes a union's value by the member that it matches, and an invalid one by its literals", () => {
  const member = (
    kind: string,
    n: JsonObject,
    more: JsonObject,
  ): JsonObject => ({
    ...open({ kind: { const: kind }, n }),
    properties: { kind: { const: kind }, n, ...more },
  });
  const form = strictForm(open({
    p: {
      anyOf: [
        member("a", { type: "number" }, { x: TEXT }),
        member("b", { type: "number" }, { x: { type: ["string", "null"] } }),
      ],
    },
  }));
  const decoded = (p: JsonValue): unknown => form.decode({ p })?.value;
  assertEquals(decoded({ kind: "a", n: 1, x: null }), {
    p: { kind: "a", n: 1 },
  });
  assertEquals(decoded({ kind: "b", n: 1, x: null }), {
    p: { kind: "b", n: 1, x: null },
  });
  // n is wrong, but the kind still identifies the member.
  assertEquals(decoded({ kind: "a", n: "1", x: null }), {
    p: { kind: "a", n: "1" },
  });
  assertEquals(decoded({ kind: "c", n: 1, x: null }), {
    p: { kind: "c", n: 1, x: null },
  });
});

Deno.test("strictForm decodes null for an optional literal", () => {
  const member = (kind: string, more: JsonObject): JsonObject => ({
    ...open({ n: { type: "number" } }),
    properties: { kind: { const: kind }, n: { type: "number" }, ...more },
  });
  const form = strictForm(open({
    p: {
      anyOf: [
        { ...member("a", { x: TEXT }), required: ["kind", "n"] },
        member("b", { x: TEXT }),
      ],
    },
  }));
  // It is the second member, valid or not: the first one requires its kind.
  for (const n of [1, "1"]) {
    assertEquals(form.decode({ p: { kind: null, n, x: null } }), {
      value: { p: { n } },
    });
  }
});

Deno.test("strictForm distinguishes members of a union by constraints that are not sent", () => {
  const form = strictForm(open({
    p: {
      anyOf: [
        {
          type: "object",
          properties: { a: TEXT, b: { type: "string", minLength: 5 } },
          required: ["b"],
        },
        open({ a: { type: ["string", "null"] }, b: TEXT }),
      ],
    },
  }));
  assertEquals(form.decode({ p: { a: null, b: "longer" } }), {
    value: { p: { b: "longer" } },
  });
  assertEquals(form.decode({ p: { a: null, b: "b" } }), {
    value: { p: { a: null, b: "b" } },
  });
});

Deno.test("strictForm keeps keys named like properties of Object.prototype", () => {
  const form = strictForm(JSON.parse(
    '{"type":"object","properties":{"__proto__":{"type":"string"},"constructor":{"type":"string"}},"required":["constructor"]}',
  ));
  assertEquals(form.schema.required, ["__proto__", "constructor"]);
  const { value } = form.decode(
    JSON.parse('{"__proto__":"a","constructor":"b","toString":"c"}'),
  ) ?? {};
  assertEquals(
    JSON.stringify(value),
    '{"__proto__":"a","constructor":"b","toString":"c"}',
  );
});

Deno.test("strictForm ignores keywords named like properties of Object.prototype", () => {
  const odd = JSON.parse(
    '{"type":"string","__proto__":1,"constructor":2,"hasOwnProperty":3,"__defineGetter__":4}',
  );
  const list = { ...odd, type: "array", items: odd };
  const form = strictForm(open({ p: { anyOf: [odd, list] } }));
  assertEquals(
    form.schema.properties,
    { p: { anyOf: [TEXT, { type: "array", items: TEXT }] } },
  );
  assertEquals(form.decode({ p: ["a"] }), { value: { p: ["a"] } });
});

Deno.test("strictForm makes an array without a type optional", () => {
  const form = strictForm({
    type: "object",
    properties: { p: { items: TEXT } },
  });
  assertEquals(
    form.schema,
    closed({
      p: { anyOf: [{ type: "array", items: TEXT }, { type: "null" }] },
    }),
  );
  assertEquals(form.decode({ p: null }), { value: {} });
});

const REJECTED: readonly [schema: JsonValue, what: string, path: string][] = [
  [true, "a value of any type", "/p"],
  [{}, "a value of any type", "/p"],
  [{ type: "any" }, "a value of any type", "/p"],
  [false, "z.never()", "/p"],
  [{ enum: [] }, "z.never()", "/p"],
  [{ anyOf: [] }, "z.never()", "/p"],
  [{ enum: [{ a: 1 }] }, "a value of any type", "/p"],
  [{ type: "array" }, "a value of any type", "/p/0"],
  [{ type: "array", prefixItems: [] }, "a tuple of different types", "/p"],
  [{ type: "object" }, "an object with arbitrary keys", "/p"],
  [
    { type: "object", properties: {}, required: ["q"] },
    "a value of any type",
    "/p/q",
  ],
  [
    { type: "object", properties: {}, patternProperties: { "^a": TEXT } },
    "an object with arbitrary keys",
    "/p",
  ],
  [{ $ref: "#/$defs/nowhere" }, 'the reference "#/$defs/nowhere"', "/p"],
  [{ $ref: "https://example.com/a" }, "the reference", "/p"],
  [{ allOf: [TEXT, { type: "number" }] }, "an intersection", "/p"],
  [
    { allOf: [open({ a: TEXT }), open({ a: { type: "number" } })] },
    "an intersection",
    "/p/a",
  ],
  [
    { ...open({ a: TEXT }), anyOf: [open({ b: TEXT })] },
    "an object that is also a union",
    "/p",
  ],
];

for (const [schema, what, path] of REJECTED) {
  Deno.test(`strictForm rejects ${JSON.stringify(schema)}, and names its path`, () => {
    const error = assertThrows(
      () => sentFor(schema),
      CodexOutputSchemaError,
      what,
    );
    assertEquals([error.path, error.code], [path, "invalid_output_schema"]);
  });
}
