import { assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import { CodexConfigError } from "../../src/errors/codex_error.ts";
import { serializeConfigOverrides } from "../../src/cli/config_overrides.ts";
import type {
  CodexConfigObject,
  CodexConfigValue,
} from "../../src/options/options.ts";

function refuses(config: CodexConfigObject): void {
  const error = assertThrows(() => serializeConfigOverrides(config));
  assertInstanceOf(error, CodexConfigError);
  assertEquals(error.code, "invalid_config");
  assertEquals(
    /is nested deeper than 80 levels, or contains itself$/.test(error.message),
    true,
  );
}

/** Nests a value in this many arrays or objects. */
function nested(
  levels: number,
  wrap: (value: CodexConfigValue) => CodexConfigValue,
): CodexConfigValue {
  let value: CodexConfigValue = 1;
  for (let level = 0; level < levels; level++) value = wrap(value);
  return value;
}

Deno.test("serializeConfigOverrides rejects an object that contains itself", () => {
  const object: CodexConfigObject = {};
  object.self = object;
  refuses(object);
  refuses({ a: object });
});

Deno.test("serializeConfigOverrides rejects an array that contains itself", () => {
  const list: CodexConfigValue[] = [];
  list.push(list);
  refuses({ list });
});

Deno.test("serializeConfigOverrides rejects a cycle through an inline table", () => {
  const table: CodexConfigObject = {};
  table["odd key"] = [table];
  refuses({ table });
});

Deno.test("serializeConfigOverrides accepts one object in several places", () => {
  const shared = { b: 1 };
  assertEquals(serializeConfigOverrides({ a: shared, c: [shared, shared] }), [
    "a.b=1",
    "c=[{b = 1}, {b = 1}]",
  ]);
});

// Facts F27.
Deno.test("serializeConfigOverrides accepts 80 levels and rejects 81, like the CLI", () => {
  const inArray = (value: CodexConfigValue) => [value];
  const inObject = (value: CodexConfigValue) => ({ "odd key": value });
  assertEquals(serializeConfigOverrides({ a: nested(80, inArray) }), [
    `a=${"[".repeat(80)}1${"]".repeat(80)}`,
  ]);
  refuses({ a: nested(81, inArray) });
  assertEquals(
    serializeConfigOverrides({ a: nested(80, inObject) })[0]?.length,
    '{"odd key" = }'.length * 80 + "a=1".length,
  );
  refuses({ a: nested(81, inObject) });
  // Far beyond the limit of the stack.
  refuses({ a: nested(100_000, inArray) });
  refuses({ a: nested(100_000, (value) => ({ value })) });
});
