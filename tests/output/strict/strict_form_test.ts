import { assertEquals, assertThrows } from "@std/assert";
import { CodexOutputSchemaError } from "../../../src/errors/codex_error.ts";
import { strictForm } from "../../../src/output/strict/strict_form.ts";
import type { JsonObject, JsonValue } from "../../../src/protocol/json.ts";

const TEXT = { type: "string" };

/** Makes an open object schema whose properties are all required. */
function open(properties: JsonObject, more: JsonObject = {}): JsonObject {
  const required = Object.keys(properties);
  return { type: "object", properties, required, ...more };
}

/** Makes an object schema as strict mode accepts it. */
function closed(properties: JsonObject, more: JsonObject = {}): JsonObject {
  return open(properties, { ...more, additionalProperties: false });
}

/** Gives the schema that is sent for a property. */
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
  ["a union of one", { anyOf: [TEXT], description: "d" }, {
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
    "a tuple with more of the same",
    { type: "array", prefixItems: [TEXT], items: TEXT, minItems: 1 },
    { type: "array", items: TEXT, minItems: 1 },
  ],
  [
    "constraints that stand in allOf",
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
    "bounds that say nothing",
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
  Deno.test(`strictForm sends ${what} as strict mode takes it`, () => {
    assertEquals(sentFor(schema), sent);
  });
}

Deno.test("strictForm is not misled by properties that are named like keywords", () => {
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

Deno.test("strictForm leaves the schema that it was given as it is", () => {
  const schema = open({ p: { oneOf: [open({ a: TEXT })] } }, { $schema: "x" });
  const before = structuredClone(schema);
  strictForm(schema);
  assertEquals(schema, before);
});

Deno.test("strictForm keeps references of either spelling, also to what has a slash in its name", () => {
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

Deno.test("strictForm names definitions with letters, digits and _.- alone, and keeps them apart", () => {
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

Deno.test("strictForm decodes an answer through references, and ends where a type is nothing but itself", () => {
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

Deno.test("strictForm decodes the members of a union by what they are, and a wrong one by its literals", () => {
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
  // n is wrong, but the kind still says which one was meant.
  assertEquals(decoded({ kind: "a", n: "1", x: null }), {
    p: { kind: "a", n: "1" },
  });
  assertEquals(decoded({ kind: "c", n: 1, x: null }), {
    p: { kind: "c", n: 1, x: null },
  });
});

Deno.test("strictForm takes null for a literal that may be left out", () => {
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
  // The second one, right or wrong: the first one wants its kind.
  for (const n of [1, "1"]) {
    assertEquals(form.decode({ p: { kind: null, n, x: null } }), {
      value: { p: { n } },
    });
  }
});

Deno.test("strictForm tells members of a union apart by constraints that are not sent", () => {
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

Deno.test("strictForm keeps keys that are JavaScript's own", () => {
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

Deno.test("strictForm passes over keywords that are JavaScript's own", () => {
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

Deno.test("strictForm lets an array without its type be left out", () => {
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
  Deno.test(`strictForm rejects ${JSON.stringify(schema)}, and names its place`, () => {
    const error = assertThrows(
      () => sentFor(schema),
      CodexOutputSchemaError,
      what,
    );
    assertEquals([error.path, error.code], [path, "invalid_output_schema"]);
  });
}
