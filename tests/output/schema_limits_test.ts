import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import * as v from "valibot";
import * as z from "zod";
import { CodexOutputSchemaError } from "../../src/errors/codex_error.ts";
import type { OutputType } from "../../src/options/options.ts";
import {
  MAX_SCHEMA_DEPTH,
  MAX_SCHEMA_LENGTH,
} from "../../src/output/schema_limits.ts";
import { schemaWarnings } from "../../src/output/schema_warnings.ts";
import { strictForm } from "../../src/output/strict/strict_form.ts";
import { structuredOutput } from "../../src/output/structured_output.ts";
import type { JsonObject, JsonValue } from "../../src/protocol/json.ts";
import { readHostile } from "./hostile.ts";

const TEXT = { type: "string" };

function object(properties: JsonObject, more: JsonObject = {}): JsonObject {
  const required = Object.keys(properties);
  return { type: "object", properties, required, ...more };
}

/** Builds a chain of definitions, each made of references to the next one. */
function chain(
  length: number,
  link: (next: JsonObject, index: number) => JsonObject,
  last: JsonObject,
): JsonObject {
  const $defs: JsonObject = { [`d${length}`]: last };
  for (let index = 0; index < length; index += 1) {
    $defs[`d${index}`] = link({ $ref: `#/$defs/d${index + 1}` }, index);
  }
  return $defs;
}

const D0 = { $ref: "#/$defs/d0" };

/** Schemas of a few thousand characters that would take hours to expand. */
const BOMBS: readonly [what: string, schema: JsonObject, path: RegExp][] = [
  [
    "constraints that double by allOf",
    object({ p: { type: "string", allOf: [D0] } }, {
      $defs: chain(60, (next) => ({ allOf: [next, next] }), { minLength: 1 }),
    }),
    /^\/p$/,
  ],
  [
    "properties that double by allOf",
    object({ p: { allOf: [D0] } }, {
      $defs: chain(
        60,
        (next) => object({ a: { allOf: [next] }, b: { allOf: [next] } }),
        TEXT,
      ),
    }),
    /^\/p(?:\/[ab])+$/,
  ],
  [
    "records in records",
    object({ p: records(60) }),
    /^\/p(?:\/[ab])+$/,
  ],
  [
    "a long text reached through many allOf",
    object(
      Object.fromEntries(
        Array.from(
          { length: 1000 },
          (_, index) => [`p${index}`, { allOf: [{ $ref: "#/$defs/long" }] }],
        ),
      ),
      { $defs: { long: { ...TEXT, description: "words ".repeat(10_000) } } },
    ),
    /^\/p\d+$/,
  ],
  [
    "one definition under many spellings",
    object(
      Object.fromEntries(
        Array.from(
          { length: 1000 },
          (_, index) => [`p${index}`, { $ref: `#/$defs/long${spelt(index)}` }],
        ),
      ),
      {
        $defs: {
          [`long${"a".repeat(10)}`]: {
            ...TEXT,
            description: "words ".repeat(10_000),
          },
        },
      },
    ),
    /^\/p\d+$/,
  ],
];

function records(levels: number): JsonObject {
  let schema: JsonObject = TEXT;
  for (let level = 0; level < levels; level += 1) {
    schema = {
      type: "object",
      propertyNames: { enum: ["a", "b"] },
      additionalProperties: schema,
      required: ["a", "b"],
    };
  }
  return schema;
}

/** Spells ten letters a, each as an escape if the number's bit is set. */
function spelt(index: number): string {
  return Array.from(
    { length: 10 },
    (_, bit) => index & 1 << bit ? "%61" : "a",
  ).join("");
}

for (const [what, schema, path] of BOMBS) {
  Deno.test(`structuredOutput rejects ${what}, and names a path`, async () => {
    const { error } = await readHostile({ schema: JSON.stringify(schema) });
    assertEquals(
      [error?.name, error?.code],
      ["CodexOutputSchemaError", "invalid_output_schema"],
    );
    assert(path.test(error?.path ?? ""), error?.path);
    assertStringIncludes(
      error?.message ?? "",
      "refer to types by $ref alone",
    );
    // A schema that is sent unchanged is not expanded.
    const own = await readHostile({
      schema: JSON.stringify(schema),
      isOwn: true,
    });
    assertEquals(own.error, undefined);
  });
}

/** Schemas that refer back to themselves. */
const LOOPS: readonly [schema: JsonObject, why: string, path: RegExp][] = [
  [{ $ref: "#" }, "only refers to itself", /^$/],
  [
    { $ref: "#/$defs/a", $defs: { a: { $ref: "#" } } },
    "only refers to itself",
    /^$/,
  ],
  [
    object({ p: { $ref: "#/properties/p" } }),
    "only refers to itself",
    /^\/p$/,
  ],
  [
    object({ p: { $ref: "#/$defs/a" } }, {
      $defs: { a: { $ref: "#/$defs/b" }, b: { $ref: "#/$defs/a" } },
    }),
    "only refers to itself",
    /^\/p$/,
  ],
  [
    object({ p: { $ref: "#/$defs/a" } }, {
      $defs: { a: { anyOf: [{ $ref: "#/$defs/a" }, { $ref: "#/$defs/a" }] } },
    }),
    "only refers to itself",
    /^\/p$/,
  ],
  [
    object({ p: { allOf: [{ $ref: "#/$defs/a" }] } }, {
      $defs: { a: { $ref: "#/$defs/b" }, b: { $ref: "#/$defs/a" } },
    }),
    "only refers to itself",
    /^\/p$/,
  ],
  [{ allOf: [{ $ref: "#" }] }, "or contains itself in allOf", /^$/],
  [
    object({ p: { $ref: "#/$defs/a" } }, {
      $defs: { a: { allOf: [{ $ref: "#/$defs/a" }] } },
    }),
    "or contains itself in allOf",
    /^\/p$/,
  ],
  [
    object({ p: { allOf: [{ $ref: "#/$defs/a" }] } }, {
      $defs: {
        a: { ...object({ x: TEXT }), allOf: [{ $ref: "#/$defs/b" }] },
        b: { ...object({ y: TEXT }), allOf: [{ $ref: "#/$defs/a" }] },
      },
    }),
    "or contains itself in allOf",
    /^\/p$/,
  ],
  [
    object({ p: { allOf: [{ $ref: "#/$defs/a" }] } }, {
      $defs: { a: object({ x: { allOf: [{ $ref: "#/$defs/a" }] } }) },
    }),
    "or contains itself in allOf",
    /^\/p(?:\/x)+$/,
  ],
];

for (const [schema, why, path] of LOOPS) {
  Deno.test(`structuredOutput rejects ${JSON.stringify(schema).slice(0, 200)}: ${why}`, async () => {
    const { error } = await readHostile({ schema: JSON.stringify(schema) });
    assertEquals(error?.name, "CodexOutputSchemaError");
    assert(path.test(error?.path ?? "none"), error?.path);
    assertStringIncludes(error?.message ?? "", why);
  });
}

/** Ways to nest a schema, with the JSON levels of each schema level. */
const NESTED: readonly [
  what: string,
  wrap: (inner: JsonObject) => JsonObject,
  levels: number,
][] = [
  ["objects", (a) => object({ a }), 2],
  ["arrays", (items) => ({ type: "array", items }), 1],
  ["unions with one member", (inner) => ({ anyOf: [inner] }), 2],
  ["allOf", (inner) => ({ allOf: [inner] }), 2],
  ["tuples", (inner) => ({ type: "array", prefixItems: [inner] }), 2],
];

function nested(
  times: number,
  wrap: (inner: JsonObject) => JsonObject,
  around: JsonObject = TEXT,
): JsonObject {
  let schema = around;
  for (let i = 0; i < times; i += 1) schema = wrap(schema);
  return schema;
}

for (const [what, wrap, levels] of NESTED) {
  Deno.test(`structuredOutput accepts ${what} as deep as the CLI reads, and rejects deeper ones`, async () => {
    const parse = (value: unknown): unknown => value;
    // Two levels for the object around it and its properties, one for the text.
    const fitting = Math.floor((MAX_SCHEMA_DEPTH - 3) / levels);
    for (const times of [fitting, fitting + 1, 1600, 100_000]) {
      const schema = object({ p: nested(times, wrap) });
      for (
        const options of [
          { outputSchema: schema },
          { outputType: { schema, parse } },
        ]
      ) {
        const made = structuredOutput(options);
        if (times === fitting) {
          assert((await made).schema !== undefined);
          continue;
        }
        const error = await assertRejects(
          () => made,
          CodexOutputSchemaError,
          "is nested deeper than 127 levels, which the CLI does not read",
        );
        assertStringIncludes(error.message, 'outputSchema at "/properties/p/');
        assertStringIncludes(error.message, "name its parts and refer to them");
      }
    }
  });
}

Deno.test("structuredOutput rejects a schema that is nested too deep only in the form sent, and names the answer's path", async () => {
  const optional = (a: JsonObject): JsonObject => ({
    ...object({ a, b: TEXT }),
    required: ["b"],
  });
  const parse = (value: unknown): unknown => value;
  const send = (schema: JsonObject) =>
    structuredOutput({ outputType: { schema, parse } });
  // Each level adds two more if it may be null.
  assert((await send(object({ p: nested(30, optional) }))).schema);
  const error = await assertRejects(
    () => send(object({ p: nested(50, optional) })),
    CodexOutputSchemaError,
    "nested deeper than 127 levels",
  );
  assertEquals(error.path, `/p${"/a".repeat(31)}`);
  const named = await assertRejects(
    () =>
      send(object({ p: { type: "array", items: { $ref: "#/$defs/N" } } }, {
        $defs: { N: nested(50, optional) },
      })),
    CodexOutputSchemaError,
    "nested deeper than 127 levels",
  );
  assertEquals(named.path, `/p/0${"/a".repeat(31)}`);
});

const LIBRARIES: { readonly [name: string]: (levels: number) => unknown } = {
  zod(levels): unknown {
    let made: z.ZodType = z.string();
    for (let i = 0; i < levels; i += 1) made = z.object({ a: made });
    return made;
  },
  valibot(levels): unknown {
    let made: v.GenericSchema = v.string();
    for (let i = 0; i < levels; i += 1) made = v.object({ a: made });
    return toStandardJsonSchema(made);
  },
  arktype(levels): unknown {
    let made: unknown = type("string");
    for (let i = 0; i < levels; i += 1) made = type({ a: made } as object);
    return made;
  },
};

for (const [name, make] of Object.entries(LIBRARIES)) {
  Deno.test(`structuredOutput rejects a type of ${name} that is nested too deep, strict or not`, async () => {
    for (const strict of [true, false]) {
      // arktype takes a minute for a thousand levels.
      for (const levels of name === "arktype" ? [70] : [70, 1600, 5000]) {
        const outputType = make(levels) as OutputType<unknown>;
        const error = await assertRejects(
          () => structuredOutput({ outputType, strict }),
          CodexOutputSchemaError,
          "nested",
        );
        assertStringIncludes(error.message, "name its parts and refer to them");
      }
      const outputType = make(60) as OutputType<unknown>;
      assert((await structuredOutput({ outputType, strict })).schema);
    }
  });
}

Deno.test("structuredOutput rejects a zod type that reuses its parts too often, and suggests what to do", async () => {
  const made = (levels: number, name?: string): z.ZodType => {
    let made: z.ZodType = z.string();
    for (let i = 0; i < levels; i += 1) {
      made = z.object({ a: made, b: made });
      if (name !== undefined) made = made.meta({ id: `${name}${i}` });
    }
    return made;
  };
  await assertRejects(
    () => structuredOutput({ outputType: made(16) }),
    CodexOutputSchemaError,
    ".meta({ id: … })",
  );
  const { schema } = await structuredOutput({ outputType: made(16, "Twice") });
  assertEquals(Object.keys(schema?.$defs ?? {}).length, 15);
});

Deno.test("structuredOutput rejects an object with too much JSON before it has serialized it completely", async () => {
  let looks = 0;
  /** Builds an object with two such objects in it, for this many levels. */
  const doubling = (levels: number): object => ({
    get a(): object | string {
      looks += 1;
      return levels === 0 ? "" : doubling(levels - 1);
    },
    get b(): object | string {
      looks += 1;
      return levels === 0 ? "" : doubling(levels - 1);
    },
  });
  let shared: object = TEXT;
  for (let i = 0; i < 18; i += 1) shared = { a: shared, b: shared };
  for (
    const outputSchema of [
      shared,
      doubling(20),
      { enum: new Array(3_000_000) },
      { description: "x".repeat(MAX_SCHEMA_LENGTH) },
      // Only its escapes make it too long.
      { description: "\0".repeat(MAX_SCHEMA_LENGTH / 2) },
    ]
  ) {
    const error = await assertRejects(
      () => structuredOutput({ outputSchema }),
      CodexOutputSchemaError,
      "outputSchema is longer than 2000000 characters as JSON",
    );
    assertEquals(error.path, "");
  }
  assert(looks < MAX_SCHEMA_LENGTH);
});

Deno.test("structuredOutput rejects an endless or unreadable object with its own error", async () => {
  const endless = (): object =>
    new Proxy({}, {
      ownKeys: () => ["a", "b"],
      getOwnPropertyDescriptor: () => ({
        configurable: true,
        enumerable: true,
        value: 1,
      }),
      get: (_, key) => key === "toJSON" ? undefined : endless(),
    });
  const own: { self?: object } = {};
  own.self = own;
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const list: unknown[] = [];
  list.push([list]);
  const failing = {
    get type(): string {
      throw new RangeError("of the caller's own");
    },
  };
  for (const outputSchema of [endless(), own, proxy, { list }, failing]) {
    const outputType = { schema: outputSchema, parse: String };
    for (const options of [{ outputSchema }, { outputType }]) {
      const error = await assertRejects(() => structuredOutput(options));
      assertInstanceOf(error, CodexOutputSchemaError);
    }
  }
});

Deno.test("structuredOutput accepts schemas with thousands of parts", async () => {
  const kinds = Array.from({ length: 300 }, (_, index) => `Kind${index}`);
  const any = { $ref: "#/$defs/Any" };
  const $defs: JsonObject = {
    Any: { anyOf: kinds.map((kind) => ({ $ref: `#/$defs/${kind}` })) },
    Base: object({ line: { type: "integer" }, note: TEXT }, {
      required: ["line"],
    }),
  };
  // As in the syntax tree of a language: everything may contain everything.
  for (const kind of kinds) {
    $defs[kind] = {
      description: `What a ${kind} is, in some words`,
      allOf: [
        { $ref: "#/$defs/Base" },
        object({ kind: { const: kind } }),
        {
          ...object({
            left: any,
            right: any,
            list: { type: "array", items: any },
          }),
          required: ["list"],
        },
      ],
    };
  }
  const wide = Object.fromEntries(
    Array.from({ length: 5000 }, (_, index) => [`p${index}`, TEXT]),
  );
  const schema = object({ tree: any, wide: object(wide) }, { $defs });
  const answer = {
    tree: {
      kind: "Kind299",
      line: 1,
      note: null,
      left: null,
      right: {
        kind: "Kind7",
        line: 2,
        note: "n",
        left: null,
        right: null,
        list: [],
      },
      list: [],
    },
    wide: {},
  };
  const { value, error } = await readHostile({
    schema: JSON.stringify(schema),
    answer: JSON.stringify(answer),
  });
  assertEquals(error, undefined);
  assertEquals(JSON.parse(value ?? ""), {
    tree: {
      kind: "Kind299",
      line: 1,
      right: { kind: "Kind7", line: 2, note: "n", list: [] },
      list: [],
    },
    wide: {},
  });
});

Deno.test("structuredOutput accepts a long chain of definitions", async () => {
  const $defs = chain(
    2000,
    (next) => object({ next }),
    object({ end: TEXT, maybe: TEXT }, { required: ["end"] }),
  );
  const bare = chain(2000, (next) => next, object({ end: TEXT }));
  const zodChain = (): z.ZodType => {
    let made: z.ZodType = z.object({ end: z.string() });
    for (let i = 0; i < 300; i += 1) {
      made = z.object({ next: made }).meta({ id: `Chain${i}` });
    }
    return made;
  };
  for (const definitions of [$defs, bare]) {
    const schema = object({ p: D0 }, { $defs: definitions });
    const made = await structuredOutput({
      outputType: { schema, parse: (value: unknown) => value },
    });
    assertEquals(Object.keys(made.schema?.$defs ?? {}).length, 2001);
  }
  const { schema } = await structuredOutput({ outputType: zodChain() });
  assertEquals(Object.keys(schema?.$defs ?? {}).length, 299);
});

/** Creates a list that counts how often its items are read. */
function countedList(
  list: readonly JsonValue[],
): { list: JsonValue[]; looks(): number } {
  let looks = 0;
  const counted = new Proxy([...list], {
    get(target, key, receiver): unknown {
      looks += 1;
      return Reflect.get(target, key, receiver);
    },
  });
  return { list: counted, looks: () => looks };
}

Deno.test("strictForm and schemaWarnings read a schema's required names in time linear in the properties", () => {
  for (const walk of [strictForm, schemaWarnings]) {
    const looksFor = (count: number): number => {
      const names = Array.from({ length: count }, (_, index) => `p${index}`);
      const { list, looks } = countedList(names);
      walk({
        type: "object",
        properties: Object.fromEntries(names.map((name) => [name, TEXT])),
        required: list,
        additionalProperties: false,
      });
      return looks() / count;
    };
    assert(looksFor(1000) <= looksFor(10));
  }
});
