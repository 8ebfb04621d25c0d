import { assert, assertEquals, assertThrows } from "@std/assert";
import { CodexOutputSchemaError } from "../../src/errors/codex_error.ts";
import { checkOutputSchema } from "../../src/output/output_schema.ts";

Deno.test("checkOutputSchema accepts any plain object, including an open or empty one", () => {
  const schemas = [
    {},
    { type: "object", additionalProperties: true },
    { type: "object", properties: { a: { type: "string" } } },
    Object.assign(Object.create(null), { type: "object" }),
  ];
  for (const schema of schemas) {
    assertEquals(checkOutputSchema(schema), { ...schema });
  }
});

Deno.test("checkOutputSchema returns a copy with only what JSON represents", () => {
  const schema = { type: "object", title: undefined, nested: { a: [1] } };
  const checked = checkOutputSchema(schema);
  assertEquals(Object.keys(checked), ["type", "nested"]);
  schema.nested.a.push(2);
  assertEquals(checked.nested, { a: [1] });
});

Deno.test("checkOutputSchema rejects a value that is not a plain object", () => {
  const values = [undefined, null, true, 1, "{}", Symbol("s"), 1n, () => ({})];
  for (const value of [...values, [], [{ type: "object" }], new Date(0)]) {
    const error = assertThrows(
      () => checkOutputSchema(value),
      CodexOutputSchemaError,
      "outputSchema must be a plain JSON object",
    );
    assertEquals([error.path, error.code], ["", "invalid_output_schema"]);
  }
});

Deno.test("checkOutputSchema rejects an object whose JSON is not an object", () => {
  for (const json of [undefined, null, [], "text", 1]) {
    assertThrows(
      () => checkOutputSchema({ toJSON: () => json }),
      CodexOutputSchemaError,
      "outputSchema must be a plain JSON object",
    );
  }
});

Deno.test("checkOutputSchema rejects a value that JSON cannot represent, and keeps the cause", () => {
  const cyclic: Record<string, unknown> = { type: "object" };
  cyclic.properties = { self: cyclic };
  const fault = new Error("no JSON of me");
  const values = [cyclic, { maximum: 1n }, {
    toJSON: () => {
      throw fault;
    },
  }];
  for (const value of values) {
    const error = assertThrows(
      () => checkOutputSchema(value),
      CodexOutputSchemaError,
      "outputSchema must be a plain JSON object: it cannot be written as JSON",
    );
    assert(error.cause instanceof Error);
  }
});
