import { assert, assertEquals } from "@std/assert";
import { strictForm } from "../../src/output/strict/strict_form.ts";
import type { JsonObject, JsonValue } from "../../src/protocol/json.ts";
import { readHostile } from "./hostile.ts";

const TEXT = { type: "string" };
const NUMBER = { type: "number" };

/** Builds an object schema; properties that are not required are optional. */
function object(
  properties: JsonObject,
  required: readonly string[] = Object.keys(properties),
): JsonObject {
  return { type: "object", properties, required: [...required] };
}

/** Builds the schema of an object with one property, `p`, and definitions. */
function around(p: JsonObject, $defs: JsonObject): JsonObject {
  return { ...object({ p }), $defs };
}

const E = { $ref: "#/$defs/E" };
const F = { $ref: "#/$defs/F" };

/** A type that contains itself, with the parts of nested answers for it. */
interface Recursive {
  readonly schema: JsonObject;
  /** Nests a value one level further. */
  readonly wrap: (inside: JsonValue) => JsonValue;
  /** The innermost values, valid or not. */
  readonly bottoms: readonly JsonValue[];
}

const RECURSIVE: { readonly [name: string]: Recursive } = {
  "a union that is its own last member": {
    schema: around(E, {
      E: {
        anyOf: [object({ a: E, k: NUMBER }), object({ a: E, k: TEXT }), TEXT],
      },
    }),
    wrap: (a) => ({ a, k: "s" }),
    bottoms: ["t", 7],
  },
  "a union of unions by reference": {
    schema: around(E, {
      E: {
        anyOf: [F, { anyOf: [F, F, object({ a: E }, [])] }, { anyOf: [F] }],
      },
      F: {
        anyOf: [object({ a: F, k: NUMBER }), object({ a: E, k: TEXT }), TEXT],
      },
    }),
    wrap: (a) => ({ a, k: "s" }),
    bottoms: ["t", 7],
  },
  "a union of lists": {
    schema: around(E, {
      E: {
        anyOf: [
          { type: "array", items: E, minItems: 2 },
          { type: "array", items: { anyOf: [E, NUMBER] } },
          TEXT,
        ],
      },
    }),
    wrap: (inside) => [inside],
    bottoms: ["t", 7],
  },
  "members that only literals distinguish": {
    schema: around(E, {
      E: {
        anyOf: ["x", "y", "z"].map((k) =>
          object({ k: { const: k }, a: E, b: TEXT }, ["k", "a"])
        ),
      },
    }),
    wrap: (a) => ({ k: "z", a, b: null }),
    bottoms: [7],
  },
};

/** Copies a value so that it counts how often the keys inside it are read. */
function counted(value: JsonValue, count: () => void): JsonValue {
  if (typeof value !== "object" || value === null) return value;
  const copy = Array.isArray(value)
    ? value.map((inner) => counted(inner, count))
    : Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, counted(inner, count)]),
    );
  return new Proxy(copy, {
    ownKeys(target): (string | symbol)[] {
      count();
      return Reflect.ownKeys(target);
    },
    get(target, key, receiver): unknown {
      if (key === "length") count();
      return Reflect.get(target, key, receiver);
    },
  });
}

for (const [name, { schema, wrap, bottoms }] of Object.entries(RECURSIVE)) {
  for (const bottom of bottoms) {
    Deno.test(`strictForm decodes ${name}, over ${JSON.stringify(bottom)}, in time linear in the levels`, () => {
      const form = strictForm(schema);
      const looks = (levels: number): number => {
        let answer: JsonValue = bottom;
        for (let i = 0; i < levels; i += 1) answer = wrap(answer);
        let count = 0;
        form.decode(counted({ p: answer }, () => count += 1));
        return count;
      };
      // Another level costs what the one before it did, not twice as much.
      const level = looks(6) - looks(5);
      assert(level > 0);
      assertEquals(looks(9), looks(5) + 4 * level);
    });
  }
}

Deno.test("strictForm decodes a long answer to a union that contains itself", async () => {
  const { schema, wrap } = RECURSIVE["a union of unions by reference"] ?? {};
  assert(schema !== undefined && wrap !== undefined);
  let answer: JsonValue = "t";
  for (let i = 0; i < 100; i += 1) answer = wrap(answer);
  const text = JSON.stringify({ p: answer });
  assertEquals(
    await readHostile({ schema: JSON.stringify(schema), answer: text }),
    { value: text },
  );
});

Deno.test("strictForm reads a value once, however many ways a union leads to it", async () => {
  const $defs: JsonObject = { d60: object({ a: TEXT, b: TEXT }, ["a"]) };
  for (let i = 0; i < 60; i += 1) {
    const next = { $ref: `#/$defs/d${i + 1}` };
    $defs[`d${i}`] = { anyOf: [next, NUMBER, next] };
  }
  const schema = JSON.stringify({
    ...object({ p: { $ref: "#/$defs/d0" }, q: { $ref: "#/$defs/d0" } }, []),
    $defs,
  });
  assertEquals(
    await readHostile({ schema, answer: '{"p":{"a":"x","b":null},"q":null}' }),
    { value: '{"p":{"a":"x"}}' },
  );
  assertEquals(await readHostile({ schema, answer: '{"p":true,"q":1}' }), {
    value: '{"p":true,"q":1}',
  });
});

Deno.test("strictForm runs no pattern on an answer", async () => {
  const slow = { type: "string", pattern: "^(a+)+$" };
  const schema = object({
    p: { anyOf: [slow, TEXT] },
    q: {
      anyOf: [
        object({ id: slow, x: TEXT }, ["id"]),
        object({ id: TEXT, x: { type: ["string", "null"] } }),
      ],
    },
  });
  const id = `${"a".repeat(100)}!`;
  const answer = JSON.stringify({ p: id, q: { id, x: null } });
  // Members that only a pattern distinguishes: the first one counts.
  assertEquals(
    await readHostile({ schema: JSON.stringify(schema), answer }),
    { value: JSON.stringify({ p: id, q: { id } }) },
  );
});

Deno.test("strictForm resolves unions that contain each other", () => {
  // Each is a member of the other, and null is a member of both through the other.
  const $defs: JsonObject = {
    A: { anyOf: [{ $ref: "#/$defs/B" }, { type: "null" }] },
    B: {
      anyOf: [{ $ref: "#/$defs/A" }, object({ n: NUMBER, m: TEXT }, ["n"])],
    },
  };
  const form = strictForm({
    ...object({ a: { $ref: "#/$defs/A" }, b: { $ref: "#/$defs/B" } }, []),
    $defs,
  });
  assertEquals((form.schema.properties as JsonObject).b, { $ref: "#/$defs/B" });
  assertEquals(form.decode({ a: null, b: null }), {
    value: { a: null, b: null },
  });
  assertEquals(form.decode({ a: { n: 1, m: null }, b: { n: 1, m: null } }), {
    value: { a: { n: 1 }, b: { n: 1 } },
  });
});

Deno.test("strictForm reads an invalid value equally often for any number of properties in the members", () => {
  const looks = (properties: number): number => {
    const wide = Array.from({ length: properties }, (_, n) => [`p${n}`, TEXT]);
    const kinds = ["x", "y"].map((k) =>
      object({ ...Object.fromEntries(wide), k: { const: k } })
    );
    const form = strictForm(object({
      p: { anyOf: [object(Object.fromEntries(wide), []), ...kinds] },
    }));
    let count = 0;
    const wrong = new Proxy({ k: "y", n: 1 }, {
      get(target, key): unknown {
        count += 1;
        return Reflect.get(target, key);
      },
    });
    form.decode({ p: wrong });
    return count;
  };
  assert(looks(10) > 0);
  assertEquals(looks(1000), looks(10));
});
