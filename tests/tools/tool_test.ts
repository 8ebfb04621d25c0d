import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { assertEquals, assertThrows } from "@std/assert";
import { type } from "arktype";
import * as v from "valibot";
import * as z from "zod";
import * as mini from "zod/mini";
import { CodexInputError } from "../../src/errors/codex_error.ts";
import type { OutputType } from "../../src/options/options.ts";
import type { ToolDefinition } from "../../src/options/tools.ts";
import { tool } from "../../src/tools/tool.ts";
import { prepareInput } from "../../src/tools/tool_input.ts";

/** Creates a tool with an input type. */
function taking(input: unknown): ReturnType<typeof tool> {
  return tool({
    name: "take",
    description: "Takes it",
    input: input as OutputType<unknown>,
    run: () => "",
  });
}

/** Asserts that an input type is rejected, with a part of the message. */
function refuses(input: unknown, words: string): void {
  const error = assertThrows(() => taking(input), CodexInputError, words);
  assertEquals(error.path, "input");
  assertEquals(
    error.message.startsWith('Cannot use the input of the tool "take": '),
    true,
  );
}

for (
  const [library, input] of [
    ["zod", z.object({ n: z.number() })],
    ["zod/mini", mini.object({ n: mini.number() })],
    ["valibot", toStandardJsonSchema(v.object({ n: v.number() }))],
    ["arktype", type({ n: "number" })],
    ["a plain JSON Schema", {
      schema: {
        type: "object",
        properties: { n: { type: "number" } },
        required: ["n"],
      },
      parse(value: unknown): { n: number } {
        const { n } = value as { n: number };
        if (typeof n !== "number") throw new Error("n must be a number");
        return { n };
      },
    }],
  ] as [string, OutputType<{ n: number }>][]
) {
  Deno.test(`the input of a tool may be a type of ${library}`, async () => {
    const { schema, read } = await prepareInput(taking(input));
    assertEquals(schema.type, "object");
    assertEquals(schema.required, ["n"]);
    assertEquals(await read({ n: 1 }), { value: { n: 1 } });
    const wrong = await read({ n: "1" });
    assertEquals("problem" in wrong && wrong.problem.length > 0, true);
  });
}

Deno.test("the schema of a tool keeps optional properties, and reading an input fills in defaults", async () => {
  const { schema, read } = await prepareInput(taking(z.object({
    a: z.string(),
    b: z.number().optional(),
    c: z.string().default("x"),
  })));
  assertEquals(schema.required, ["a"]);
  assertEquals(await read({ a: "1" }), { value: { a: "1", c: "x" } });
});

Deno.test("a type may validate asynchronously", async () => {
  const even = z.object({ n: z.number() })
    .refine(({ n }) => Promise.resolve(n % 2 === 0), "must be even");
  const { read } = await prepareInput(taking(even));
  assertEquals(await read({ n: 2 }), { value: { n: 2 } });
  assertEquals(await read({ n: 1 }), { problem: "must be even" });
});

Deno.test("tool() rejects an input type that is not an object type", () => {
  refuses(undefined, "it must be a zod 4 schema, a Standard Schema or");
  refuses({ type: "object" }, "it must be a zod 4 schema");
  refuses(z.string(), "the type of an object");
  refuses(z.union([z.object({}), z.object({ a: z.string() })]), "of an object");
  refuses(z.array(z.string()), "the type of an object");
  refuses(z.object({ when: z.date() }), "when");
  refuses(v.object({ n: v.number() }), "without a JSON Schema");
  refuses({ schema: [], parse: () => ({}) }, "must be a plain JSON object");
});

Deno.test("tool() rejects a schema that is nested more deeply than the CLI reads", () => {
  let schema: object = { type: "string" };
  for (let depth = 0; depth < 60; depth += 1) {
    schema = { type: "object", properties: { a: schema } };
  }
  refuses({ schema, parse: () => ({}) }, "nested deeper than 100 levels");
});

Deno.test("an input that is nested too deeply is not read", async () => {
  const { read } = await prepareInput(taking(z.object({}).loose()));
  const deep = JSON.parse(`{"a":${"[".repeat(5000)}${"]".repeat(5000)}}`);
  assertEquals(await read(deep), {
    problem: "it is nested deeper than 500 levels",
  });
});

Deno.test("tool() rejects an invalid name, description or run", () => {
  const good: ToolDefinition<unknown> = {
    name: "a",
    description: "b",
    input: z.object({}),
    run: () => "",
  };
  for (
    const [field, value] of [
      ["name", "a b"],
      ["description", ""],
      ["run", undefined],
    ] as const
  ) {
    const error = assertThrows(
      () => tool({ ...good, [field]: value } as ToolDefinition<unknown>),
      CodexInputError,
    );
    assertEquals(error.path, field);
  }
  assertThrows(() => tool(Object(null)), CodexInputError);
  assertThrows(() => tool(undefined as never), CodexInputError);
});

Deno.test("a tool is frozen", () => {
  const made = taking(z.object({}));
  assertThrows(() => Object.assign(made, { name: "other" }), TypeError);
});
