import { assertEquals, assertRejects } from "@std/assert";
import * as z from "zod";
import { CodexOutputSchemaError } from "../../src/errors/codex_error.ts";
import type { OutputType } from "../../src/options/options.ts";
import { structuredOutput } from "../../src/output/structured_output.ts";
import type { JsonObject, JsonValue } from "../../src/protocol/json.ts";

const A = z.object({ a: z.string() });

async function makeSchema(type: OutputType<unknown>): Promise<JsonObject> {
  return (await structuredOutput({ outputType: type })).schema ?? {};
}

/** Lists every object schema inside a schema. */
function objectsIn(value: JsonValue): JsonObject[] {
  if (Array.isArray(value)) return value.flatMap(objectsIn);
  if (typeof value !== "object" || value === null) return [];
  const inner = Object.values(value).flatMap(objectsIn);
  return value.type === "object" ? [value, ...inner] : inner;
}

interface Tree {
  name: string;
  children: Tree[];
}
const Tree: z.ZodType<Tree> = z.lazy(() =>
  z.object({ name: z.string(), children: z.array(Tree) })
);

const TYPES: readonly [name: string, type: z.ZodType, objects: number][] = [
  ["nested objects", z.object({ p: z.object({ q: A }) }), 3],
  ["objects in arrays", z.object({ p: z.array(z.array(A)) }), 2],
  ["objects in tuples", z.object({ p: z.tuple([A, A]) }), 2],
  ["unions", z.object({ p: z.union([A, z.object({ b: z.null() })]) }), 3],
  [
    "discriminated unions",
    z.object({
      p: z.discriminatedUnion("kind", [
        z.object({ kind: z.literal("x"), a: z.string() }),
        z.object({ kind: z.literal("y") }),
      ]),
    }),
    3,
  ],
  ["nullable objects", z.object({ p: A.nullable() }), 2],
  ["intersections", z.object({ p: A.and(z.object({ b: z.string() })) }), 2],
  ["named objects", z.object({ p: A.meta({ id: "NamedA" }) }), 2],
  ["a named root", A.meta({ id: "NamedRoot" }), 1],
  ["a recursive root", Tree, 1],
  ["recursion deeper in the type", z.object({ root: Tree }), 2],
  ["loose objects", z.looseObject({ a: z.string() }), 1],
];

for (const [name, type, objects] of TYPES) {
  Deno.test(`structuredOutput closes every object of ${name} and requires every property`, async () => {
    const schema = await makeSchema(type);
    const found = objectsIn(schema);
    assertEquals(schema.type, "object");
    assertEquals(found.length, objects, JSON.stringify(schema));
    for (const { properties, required, additionalProperties } of found) {
      assertEquals(additionalProperties, false);
      assertEquals(required, Object.keys(properties as JsonObject));
    }
  });
}

Deno.test("structuredOutput keeps the references of a recursive type, and leaves none dangling", async () => {
  const root = await makeSchema(Tree);
  assertEquals((root.properties as JsonObject).children, {
    type: "array",
    items: { $ref: "#" },
  });
  const inner = await makeSchema(z.object({ root: Tree }));
  const [name] = Object.keys(inner.$defs as JsonObject);
  assertEquals((inner.properties as JsonObject).root, {
    $ref: `#/$defs/${name}`,
  });
});

Deno.test("structuredOutput rejects what strict mode cannot express, and names its path in the answer", async () => {
  const rejected: [z.ZodType, string, what: string][] = [
    [
      z.object({ p: z.record(z.string(), A) }),
      "/p",
      "an object with arbitrary keys",
    ],
    [
      z.object({ p: z.array(z.record(z.string(), A)) }),
      "/p/0",
      "an object with arbitrary keys",
    ],
    [z.record(z.string(), z.string()), "", "an object with arbitrary keys"],
    [A.catchall(z.number()), "", "an object with arbitrary keys"],
    [
      z.object({ p: z.tuple([A, z.string()]) }),
      "/p",
      "a tuple of different types",
    ],
    [
      z.object({ p: z.object({ "x/y": z.any() }) }),
      "/p/x~1y",
      "a value of any type",
    ],
    [z.object({ p: z.unknown().optional() }), "/p", "a value of any type"],
    [z.object({ p: z.never() }), "/p", "z.never()"],
    [
      z.object({ p: z.number().and(z.string()) }),
      "/p",
      "an intersection",
    ],
  ];
  for (const [type, path, what] of rejected) {
    const error = await assertRejects(
      () => makeSchema(type),
      CodexOutputSchemaError,
      what,
    );
    assertEquals([error.path, error.code], [path, "invalid_output_schema"]);
  }
});

const NOT_IN_JSON: [z.ZodType, path: string, what: string][] = [
  [
    z.object({ p: z.object({ "x/y": z.date() }) }),
    "/p/x~1y",
    "a date",
  ],
  [z.object({ p: z.array(z.bigint()) }), "/p/0", "a bigint"],
  [z.object({ p: z.union([A, z.symbol()]) }), "/p", "a symbol"],
  [z.object({ p: z.map(z.string(), z.string()) }), "/p", "a map"],
  [z.object({ p: z.custom<string>() }), "/p", "a custom type"],
  [z.object({ p: z.tuple([A, z.file()]) }), "/p/1", "a file"],
  [z.object({ p: z.record(z.string(), z.date()) }), "/p/*", "a date"],
  [
    z.object({ p: z.literal(5n) }),
    "/p",
    "a literal of undefined or a bigint",
  ],
  [
    z.object({ p: z.object({ q: z.date() }).meta({ id: "HoldsADate" }) }),
    "/p/q",
    "a date",
  ],
  [z.date(), "", "a date"],
];

Deno.test("structuredOutput rejects a type that JSON Schema cannot express, strict or not, and names its path in the answer", async () => {
  for (const [outputType, path, what] of NOT_IN_JSON) {
    for (const strict of [true, false]) {
      const error = await assertRejects(
        () => structuredOutput({ outputType, strict }),
        CodexOutputSchemaError,
        `JSON cannot represent ${what};`,
      );
      assertEquals(error.path, path);
    }
  }
});

Deno.test("structuredOutput accepts a type that JSON Schema cannot express if its metadata has a schema", async () => {
  const schema = await makeSchema(z.object({
    when: z.coerce.date().meta({ type: "string", format: "date-time" }),
  }));
  assertEquals((schema.properties as JsonObject).when, {
    type: "string",
    format: "date-time",
  });
});

Deno.test("structuredOutput with strict: false sends the schema as zod writes it", async () => {
  const type = z.object({
    a: z.string().optional(),
    b: z.record(z.string(), z.number()),
    c: z.tuple([z.string(), z.any()]),
  });
  const output = await structuredOutput({ outputType: type, strict: false });
  assertEquals(
    output.schema,
    z.toJSONSchema(type, { io: "input" }) as JsonObject,
  );
  assertEquals(output.read('{"b":{"x":1},"c":["a",1]}'), {
    b: { x: 1 },
    c: ["a", 1],
  });
});

Deno.test("structuredOutput accepts a type that JSON Schema cannot express together with a schema", async () => {
  const output = await structuredOutput({
    outputType: z.object({ when: z.coerce.date() }),
    outputSchema: { type: "object" },
  });
  assertEquals(output.read('{"when":"2026-01-02"}'), {
    when: new Date("2026-01-02"),
  });
});
