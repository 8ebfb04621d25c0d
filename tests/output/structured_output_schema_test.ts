import { assertEquals, assertRejects } from "@std/assert";
import * as z from "zod";
import { CodexOutputSchemaError } from "../../src/errors.ts";
import type { OutputType } from "../../src/options.ts";
import { structuredOutput } from "../../src/output/structured_output.ts";
import type { JsonObject, JsonValue } from "../../src/protocol/json.ts";

const A = z.object({ a: z.string() });

async function schemaOf(type: OutputType<unknown>): Promise<JsonObject> {
  return (await structuredOutput({ outputType: type })).schema ?? {};
}

/** Every object schema in a schema. */
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
  ["objects in tuples", z.object({ p: z.tuple([A, z.number()]) }), 2],
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
  ["a named root", A.meta({ id: "NamedRoot" }), 2],
  ["a recursive root", Tree, 1],
  ["recursion further in", z.object({ root: Tree }), 2],
  ["loose objects", z.looseObject({ a: z.string() }), 1],
];

for (const [name, type, objects] of TYPES) {
  Deno.test(`structuredOutput closes every object of ${name} and requires every property`, async () => {
    const schema = await schemaOf(type);
    const found = objectsIn(schema);
    assertEquals(schema.type, "object");
    assertEquals(found.length, objects, JSON.stringify(schema));
    for (const { properties, required, additionalProperties } of found) {
      assertEquals(additionalProperties, false);
      assertEquals(required, Object.keys(properties as JsonObject));
    }
  });
}

Deno.test("structuredOutput keeps the references of a recursive type, and nothing dangles", async () => {
  const root = await schemaOf(Tree);
  assertEquals((root.properties as JsonObject).children, {
    type: "array",
    items: { $ref: "#" },
  });
  const inner = await schemaOf(z.object({ root: Tree }));
  const [name] = Object.keys(inner.$defs as JsonObject);
  assertEquals((inner.properties as JsonObject).root, {
    $ref: `#/$defs/${name}`,
  });
});

Deno.test("structuredOutput refuses what strict mode cannot ask for, and names its place", async () => {
  const refused: [z.ZodType, string][] = [
    [
      z.object({ p: z.object({ "x/y": z.string().optional() }) }),
      "/properties/p/properties/x~1y",
    ],
    [z.object({ p: z.string().default("x") }), "/properties/p"],
    [z.object({ p: z.record(z.string(), z.number()) }), "/properties/p"],
    [z.object({ p: z.array(z.record(z.string(), A)) }), "/properties/p/items"],
    [z.record(z.string(), z.string()), ""],
    [z.array(A), ""],
    [z.string(), ""],
    [z.union([A, z.object({ b: z.string() })]), ""],
    [A.nullable(), ""],
  ];
  for (const [type, path] of refused) {
    const error = await assertRejects(
      () => schemaOf(type),
      CodexOutputSchemaError,
    );
    assertEquals([error.path, error.code], [path, "invalid_output_schema"]);
  }
});

Deno.test("structuredOutput refuses a type that JSON Schema has no word for, and names its place", async () => {
  const refused: [z.ZodType, string][] = [
    [
      z.object({ p: z.object({ "x/y": z.date() }) }),
      "/properties/p/properties/x~1y",
    ],
    [z.object({ p: z.array(z.bigint()) }), "/properties/p/items"],
    [z.object({ p: z.union([A, z.symbol()]) }), "/properties/p/anyOf/1"],
    [z.object({ p: z.map(z.string(), z.string()) }), "/properties/p"],
    [z.object({ p: z.custom<string>() }), "/properties/p"],
    [z.date(), ""],
  ];
  for (const [type, path] of refused) {
    const error = await assertRejects(
      () => schemaOf(type),
      CodexOutputSchemaError,
      path === ""
        ? "Cannot ask for this output type: "
        : `Cannot ask for this output type at "${path}": `,
    );
    assertEquals(error.path, path);
    assertEquals(error.cause instanceof Error, true);
  }
});

Deno.test("structuredOutput takes a type that JSON Schema has no word for beside a schema", async () => {
  const output = await structuredOutput({
    outputType: z.object({ when: z.coerce.date() }),
    outputSchema: { type: "object" },
  });
  assertEquals(output.read('{"when":"2026-01-02"}'), {
    when: new Date("2026-01-02"),
  });
});
