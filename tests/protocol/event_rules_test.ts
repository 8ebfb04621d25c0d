import { assert, assertEquals } from "@std/assert";
import {
  eventRules,
  ITEM_EVENT_TYPES,
} from "../../src/protocol/event_rules.ts";
import type { JsonObject, JsonValue } from "../../src/protocol/json.ts";
import type { Rule } from "../../src/protocol/rule.ts";
import { EVENT_SAMPLES } from "./event_samples.ts";
import { ITEM_SAMPLES } from "./item_samples.ts";
import {
  changedAtRandom,
  changedInOnePlace,
  copySample,
} from "./mutate_sample.ts";
import type { Sample } from "./sample.ts";
import { EVENT_SCHEMAS, ITEM_SCHEMAS } from "./schema.ts";

/** The part of a zod schema that the tests use. */
interface Schema {
  safeParse(value: unknown): {
    readonly success: boolean;
    readonly error?: {
      readonly issues: readonly {
        readonly path: readonly PropertyKey[];
        readonly message: string;
      }[];
    };
  };
}

const { items: ITEM_RULES, events: EVENT_RULES } = eventRules();

/** Every kind that a rule checks: the rule, its zod schema and its sample. */
const KINDS: readonly {
  readonly name: string;
  readonly rule: Rule<unknown>;
  readonly schema: Schema;
  readonly sample: Sample<unknown>;
  readonly full: JsonObject;
  readonly required: { readonly [key: string]: readonly JsonValue[] };
  readonly optional: { readonly [key: string]: readonly JsonValue[] };
}[] = [
  ...entries(ITEM_RULES, ITEM_SCHEMAS, ITEM_SAMPLES),
  ...entries(EVENT_RULES, EVENT_SCHEMAS, EVENT_SAMPLES),
];

function entries<K extends string>(
  rules: { readonly [P in K]: Rule<unknown> },
  schemas: { readonly [P in NoInfer<K>]: Schema },
  samples: { readonly [P in NoInfer<K>]: Sample<unknown> },
): typeof KINDS[number][] {
  return (Object.keys(rules) as K[]).map((name) => ({
    name,
    rule: rules[name],
    schema: schemas[name],
    sample: samples[name],
    full: samples[name].full as JsonObject,
    required: samples[name].required,
    optional: samples[name].optional,
  }));
}

function without(value: JsonObject, key: string): JsonObject {
  const { [key]: _, ...rest } = value;
  return rest;
}

Deno.test("eventRules() and ITEM_EVENT_TYPES cover exactly the kinds of the types", () => {
  assertEquals(
    Object.keys(ITEM_RULES).sort(),
    Object.keys(ITEM_SAMPLES).sort(),
  );
  assertEquals(
    [...Object.keys(EVENT_RULES), ...ITEM_EVENT_TYPES].sort(),
    Object.keys(EVENT_SAMPLES).sort(),
  );
});

for (const { name, rule, full, required, optional } of KINDS) {
  Deno.test(`the rule of ${name} accepts what its type allows`, () => {
    assert(rule.matches(full), "every field");
    const least = Object.keys(optional).reduce(without, full);
    assert(rule.matches(least), "the required fields alone");
    assert(
      rule.matches({ ...full, added_later: { a: 1 } }),
      "a key that a newer CLI adds",
    );
    for (const key of Object.keys(optional)) {
      assert(rule.matches(without(full, key)), `no ${key}`);
      assert(rule.matches({ ...full, [key]: null }), `null ${key}`);
    }
  });

  Deno.test(`the rule of ${name} rejects what its type forbids`, () => {
    for (const key of ["type", ...Object.keys(required)]) {
      assert(!rule.matches(without(full, key)), `no ${key}`);
    }
    assert(!rule.matches({ ...full, type: `${name}s` }), "type");
    for (const [key, values] of Object.entries({ ...required, ...optional })) {
      for (const value of values) {
        const bad = { ...full, [key]: value };
        assert(!rule.matches(bad), JSON.stringify(bad));
      }
    }
  });
}

Deno.test("the rules accept every status that the types name", () => {
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
      assert(ITEM_RULES[name].matches(item), `${kind} ${status}`);
    }
  }
  for (const kind of ["add", "delete", "update"]) {
    const item = {
      ...ITEM_SAMPLES.file_change.full,
      changes: [{ path: "/repo/a", kind }],
    };
    assert(ITEM_RULES.file_change.matches(item), kind);
  }
});

Deno.test("the rule of mcp_tool_call accepts blocks of every kind", () => {
  const content = [
    { type: "text", text: "5" },
    { type: "image", data: "AA==", mimeType: "image/png" },
    { type: "audio", data: "AA==", mimeType: "audio/wav" },
    { type: "resource", resource: { uri: "file:///a", text: "a" } },
    { type: "resource_link", uri: "file:///a", name: "a" },
    { type: "added_later" },
  ];
  const item = { ...ITEM_SAMPLES.mcp_tool_call.full, result: { content } };
  assert(ITEM_RULES.mcp_tool_call.matches(item));
});

/** Compares a rule's issues with those of the zod schema, word for word. */
function compare(
  { rule, schema }: typeof KINDS[number],
  value: JsonObject,
): boolean {
  const { success, error } = schema.safeParse(value);
  assertEquals(rule.matches(value), success, JSON.stringify(value));
  if (success) return true;
  assertEquals(
    [...rule.issues(value, [])],
    error?.issues.map(({ path, message }) => ({
      path: path.map(String),
      message,
    })),
    JSON.stringify(value),
  );
  return false;
}

for (const kind of KINDS) {
  Deno.test(`the rule of ${kind.name} agrees with zod, with any value in one place`, () => {
    assert(compare(kind, copySample(kind.sample)));
    for (const value of changedInOnePlace(kind.sample)) compare(kind, value);
  });
}

Deno.test("the rules agree with zod, with any values in some places", () => {
  const counts = { fitting: 0, wrong: 0 };
  for (const kind of KINDS) {
    for (let seed = 0; seed < 2_000; seed++) {
      const matches = compare(kind, changedAtRandom(kind.sample, seed));
      counts[matches ? "fitting" : "wrong"]++;
    }
  }
  assert(counts.fitting > 1000 && counts.wrong > 1000, JSON.stringify(counts));
});
