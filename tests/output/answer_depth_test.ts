import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { scope } from "arktype";
import * as v from "valibot";
import * as z from "zod";
import type { StandardOutputType } from "../../src/options/options.ts";
import { repairPrompt } from "../../src/output/repair_prompt.ts";
import {
  structuredOutput,
  type StructuredOutputOptions,
} from "../../src/output/structured_output.ts";
import { CodexStructuredResponseError } from "../../src/errors/turn_errors.ts";

interface Tree {
  kids?: Tree[];
}

const ZodTree: z.ZodType<Tree> = z.object({
  get kids() {
    return z.array(ZodTree).optional();
  },
});
const ValibotTree: v.GenericSchema<Tree> = v.object({
  kids: v.optional(v.array(v.lazy(() => ValibotTree))),
});
const ArkTree = scope({ tree: { "kids?": "tree[]" } }).export().tree;
const SCHEMA = {
  type: "object",
  properties: { kids: { type: "array", items: { $ref: "#" } } },
};

const TREES: { readonly [name: string]: StructuredOutputOptions<unknown> } = {
  "a zod type": { outputType: ZodTree },
  "a zod type with strict: false": { outputType: ZodTree, strict: false },
  "a zod type that validates asynchronously": {
    outputType: ZodTree.refine(() => Promise.resolve(true)),
  },
  "a valibot type": { outputType: toStandardJsonSchema(ValibotTree) },
  "an arktype type": { outputType: ArkTree },
  "a schema with a parse function": {
    outputType: { schema: SCHEMA, parse: (value) => value },
  },
  "a recursive union with a parse function": {
    outputType: {
      schema: {
        type: "object",
        properties: {
          kids: {
            type: "array",
            items: { anyOf: [{ type: "string" }, { $ref: "#" }] },
          },
        },
      },
      parse: (value) => value,
    },
  },
  "a type with a schema": { outputType: ZodTree, outputSchema: SCHEMA },
  "a schema alone": { outputSchema: SCHEMA },
};

/** Builds a tree with this many levels of kids, each with two levels of JSON. */
function tree(levels: number): string {
  return `${'{"kids":['.repeat(levels)}{}${"]}".repeat(levels)}`;
}

for (const [name, options] of Object.entries(TREES)) {
  Deno.test(`structuredOutput reads an answer of 500 levels with ${name}, and rejects deeper ones`, async () => {
    const output = await structuredOutput(options);
    const read = async (text: string): Promise<unknown> =>
      await output.read(text);
    assertEquals(JSON.stringify(await read(tree(249))), tree(249));
    for (const levels of [250, 1600, 100_000]) {
      const text = tree(levels);
      const error = await assertRejects(
        () => read(text),
        CodexStructuredResponseError,
      );
      assertEquals(error.responseText, text);
      assertEquals(error.issues, [{
        path: "/kids/0".repeat(250),
        message:
          "is nested deeper than 500 levels of objects and arrays; make the answer flatter",
      }]);
    }
  });
}

Deno.test("structuredOutput counts the levels of any JSON", async () => {
  const output = await structuredOutput({ outputSchema: {} });
  const nested = (levels: number): string =>
    `${"[".repeat(levels)}${"]".repeat(levels)}`;
  assertEquals(
    output.read(`[1, {"a": ${nested(498)}}]`),
    [1, { a: JSON.parse(nested(498)) }],
  );
  const error = await assertRejects(
    async () => await output.read(`[1, {"a": ${nested(499)}}]`),
    CodexStructuredResponseError,
  );
  assertEquals(error.issues[0]?.path, `/1/a${"/0".repeat(498)}`);
});

/** Calls itself until the stack overflows. */
function fillTheStack(): number {
  return fillTheStack() + 1;
}

function standard(
  validate: StandardOutputType<unknown>["~standard"]["validate"],
): StandardOutputType<unknown> {
  return { "~standard": { version: 1, vendor: "deep", validate } };
}

const FULL: { readonly [name: string]: StructuredOutputOptions<unknown> } = {
  "a zod refinement": {
    outputType: z.object({}).refine(() => fillTheStack() > 0),
  },
  "a Standard Schema": {
    outputType: standard((value) => ({ value: [value, fillTheStack()] })),
    outputSchema: {},
  },
  "an asynchronous Standard Schema": {
    // deno-lint-ignore require-await
    outputType: standard(async (value) => ({ value: [value, fillTheStack()] })),
    outputSchema: {},
  },
};

for (const [name, options] of Object.entries(FULL)) {
  Deno.test(`structuredOutput reports a too deep answer if ${name} overflows the stack`, async () => {
    const output = await structuredOutput(options);
    const error = await assertRejects(
      async () => await output.read("{}"),
      CodexStructuredResponseError,
    );
    assertEquals(error.issues, [{
      path: "",
      message: "is nested too deep for its type to read; make it flatter",
    }]);
    assertInstanceOf(error.cause, RangeError);
  });
}

Deno.test("structuredOutput passes on any other RangeError of the type's code", async () => {
  const outputType = z.object({}).transform(() => "x".repeat(-1));
  const output = await structuredOutput({ outputType });
  await assertRejects(
    async () => await output.read("{}"),
    RangeError,
    "count",
  );
});

Deno.test("repairPrompt truncates a long path of an issue", () => {
  const path = `/${"k".repeat(2_000_000)}`;
  const prompt = repairPrompt([{ path, message: "is wrong" }], "/value");
  assert(prompt.length < 1000);
  assertStringIncludes(prompt, "- /value/kkkk");
  assertStringIncludes(prompt, "more characters): is wrong");
});
