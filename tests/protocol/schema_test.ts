import { assert, assertEquals } from "@std/assert";
import type { JsonObject, JsonValue } from "../../src/protocol/json.ts";
import {
  EVENT_SCHEMAS,
  ITEM_EVENT_TYPES,
  ITEM_SCHEMAS,
} from "../../src/protocol/schema.ts";
import { EVENT_SAMPLES } from "./event_samples.ts";
import { ITEM_SAMPLES } from "./item_samples.ts";
import type { Sample } from "./sample.ts";

interface Judge {
  safeParse(value: unknown): { readonly success: boolean };
}

/** Every kind that a schema judges, its schema and its sample. */
const KINDS: readonly {
  readonly name: string;
  readonly schema: Judge;
  readonly full: JsonObject;
  readonly required: { readonly [key: string]: readonly JsonValue[] };
  readonly optional: { readonly [key: string]: readonly JsonValue[] };
}[] = [
  ...entries(ITEM_SCHEMAS, ITEM_SAMPLES),
  ...entries(EVENT_SCHEMAS, EVENT_SAMPLES),
];

function entries<K extends string>(
  schemas: { readonly [P in K]: Judge },
  samples: { readonly [P in NoInfer<K>]: Sample<unknown> },
): typeof KINDS[number][] {
  return (Object.keys(schemas) as K[]).map((name) => ({
    name,
    schema: schemas[name],
    full: samples[name].full as JsonObject,
    required: samples[name].required,
    optional: samples[name].optional,
  }));
}

function without(value: JsonObject, key: string): JsonObject {
  const { [key]: _, ...rest } = value;
  return rest;
}

Deno.test("ITEM_SCHEMAS, EVENT_SCHEMAS and ITEM_EVENT_TYPES know the kinds of the types, and no others", () => {
  assertEquals(
    Object.keys(ITEM_SCHEMAS).sort(),
    Object.keys(ITEM_SAMPLES).sort(),
  );
  assertEquals(
    [...Object.keys(EVENT_SCHEMAS), ...ITEM_EVENT_TYPES].sort(),
    Object.keys(EVENT_SAMPLES).sort(),
  );
});

for (const { name, schema, full, required, optional } of KINDS) {
  Deno.test(`the schema of ${name} takes what its type allows`, () => {
    assert(schema.safeParse(full).success, "every field");
    const least = Object.keys(optional).reduce(without, full);
    assert(schema.safeParse(least).success, "the required fields alone");
    assert(
      schema.safeParse({ ...full, added_later: { a: 1 } }).success,
      "a key that a newer CLI adds",
    );
    for (const key of Object.keys(optional)) {
      assert(schema.safeParse(without(full, key)).success, `no ${key}`);
      assert(schema.safeParse({ ...full, [key]: null }).success, `null ${key}`);
    }
  });

  Deno.test(`the schema of ${name} refuses what its type forbids`, () => {
    for (const key of ["type", ...Object.keys(required)]) {
      assert(!schema.safeParse(without(full, key)).success, `no ${key}`);
    }
    assert(!schema.safeParse({ ...full, type: `${name}s` }).success, "type");
    for (const [key, values] of Object.entries({ ...required, ...optional })) {
      for (const value of values) {
        const bad = { ...full, [key]: value };
        assert(!schema.safeParse(bad).success, JSON.stringify(bad));
      }
    }
  });
}

Deno.test("the schemas take every status that the types name", () => {
  const statuses = {
    command_execution: ["in_progress", "completed", "failed", "declined"],
    file_change: ["in_progress", "completed", "failed"],
    mcp_tool_call: ["in_progress", "completed", "failed"],
    collab_tool_call: ["in_progress", "completed", "failed"],
  } as const;
  for (const [kind, words] of Object.entries(statuses)) {
    const name = kind as keyof typeof statuses;
    for (const status of words) {
      const item = { ...ITEM_SAMPLES[name].full, status };
      assert(ITEM_SCHEMAS[name].safeParse(item).success, `${kind} ${status}`);
    }
  }
  for (const kind of ["add", "delete", "update"]) {
    const item = {
      ...ITEM_SAMPLES.file_change.full,
      changes: [{ path: "/repo/a", kind }],
    };
    assert(ITEM_SCHEMAS.file_change.safeParse(item).success, kind);
  }
});

Deno.test("the schema of mcp_tool_call takes blocks of every kind", () => {
  const content = [
    { type: "text", text: "5" },
    { type: "image", data: "AA==", mimeType: "image/png" },
    { type: "audio", data: "AA==", mimeType: "audio/wav" },
    { type: "resource", resource: { uri: "file:///a", text: "a" } },
    { type: "resource_link", uri: "file:///a", name: "a" },
    { type: "added_later" },
  ];
  const item = { ...ITEM_SAMPLES.mcp_tool_call.full, result: { content } };
  assert(ITEM_SCHEMAS.mcp_tool_call.safeParse(item).success);
});
