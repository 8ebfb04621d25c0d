import { assert, assertEquals } from "@std/assert";
import type { JsonObject, JsonValue } from "../../src/protocol/json.ts";
import { isPlainItem } from "../../src/protocol/plain_item.ts";
import { ITEM_SCHEMAS } from "../../src/protocol/schema.ts";
import { randomNumbers } from "../chaos/support/random.ts";
import { ITEM_SAMPLES } from "./item_samples.ts";

/** The kinds that are left to their schemas. */
const RARE = ["collab_tool_call", "error"];

/** What a place may hold: all of JSON's kinds, numbers beyond a double, and the words of the protocol. */
const VALUES: readonly (JsonValue | undefined)[] = [
  undefined,
  null,
  true,
  false,
  0,
  -1.5,
  1e308 * 10,
  "",
  "text",
  [],
  [null],
  [[]],
  {},
  { type: "text" },
  { message: "text" },
  { content: [] },
  { length: 0 },
  ...["in_progress", "completed", "failed", "declined", "Completed"],
  ...["add", "delete", "update", "rename"],
  ...Object.keys(ITEM_SAMPLES),
];

type Container = { [key: string]: JsonValue | undefined };

/** Every object and array in a value, with the keys that they have or might have. */
function places(value: unknown): [Container, string][] {
  if (typeof value !== "object" || value === null) return [];
  const container = value as Container;
  return [...Object.keys(container), "text", "message"].flatMap((key) => [
    [container, key],
    ...places(container[key]),
  ]);
}

/** Puts a value into a place; without one it is taken away. */
function put(
  [container, key]: [Container, string],
  value: JsonValue | undefined,
): void {
  if (value === undefined) delete container[key];
  else container[key] = structuredClone(value);
}

function sample(kind: string): JsonObject {
  const { full } = ITEM_SAMPLES[kind as keyof typeof ITEM_SAMPLES];
  return structuredClone(full) as unknown as JsonObject;
}

/** Holds both judges against each other. */
function compare(item: JsonObject): boolean {
  const kind = item.type as keyof typeof ITEM_SCHEMAS;
  const fits = Object.hasOwn(ITEM_SCHEMAS, kind) &&
    ITEM_SCHEMAS[kind].safeParse(item).success;
  const plain = isPlainItem(item);
  if (RARE.includes(kind)) assertEquals(plain, false);
  else assertEquals(plain, fits, JSON.stringify(item));
  return fits;
}

for (const kind of Object.keys(ITEM_SAMPLES)) {
  Deno.test(`isPlainItem judges ${kind} as its schema does, whatever is in one place`, () => {
    assert(compare(sample(kind)));
    const count = places(sample(kind)).length;
    for (let place = 0; place < count; place++) {
      for (const value of VALUES) {
        const item = sample(kind);
        const found = places(item)[place];
        if (found !== undefined) put(found, value);
        compare(item);
      }
    }
  });
}

Deno.test("isPlainItem judges items as their schemas do, whatever is in some places", () => {
  const kinds = Object.keys(ITEM_SAMPLES);
  const fitting = new Set<unknown>();
  for (let seed = 0; seed < 20_000; seed++) {
    const random = randomNumbers(seed);
    const item = sample(kinds[random(kinds.length)] ?? "");
    for (let count = 1 + random(4); count > 0; count--) {
      const all = places(item);
      const found = all[random(all.length)];
      if (found !== undefined) put(found, VALUES[random(VALUES.length)]);
    }
    if (compare(item)) fitting.add(item.type);
  }
  assertEquals(fitting.size, kinds.length);
});
