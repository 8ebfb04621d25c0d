import {
  assertEquals,
  assertInstanceOf,
  assertMatch,
  assertRejects,
  assertThrows,
} from "@std/assert";
import * as z from "zod";
import * as mini from "zod/mini";
import {
  CodexInputError,
  CodexOutputSchemaError,
} from "../../src/errors/codex_error.ts";
import type { OutputType } from "../../src/options/options.ts";
import { structuredOutput } from "../../src/output/structured_output.ts";
import { CodexStructuredResponseError } from "../../src/errors/turn_errors.ts";

const OPEN_SCHEMA = { type: "object", properties: {}, title: "as given" };

const TYPES: { readonly [name: string]: OutputType<{ n: number }> } = {
  zod: z.object({ n: z.number() }),
  "zod/mini": mini.object({ n: mini.number() }),
};

const CLOSED_SCHEMA = {
  type: "object",
  properties: { n: { type: "number" } },
  required: ["n"],
  additionalProperties: false,
};

Deno.test("structuredOutput without a type and a schema sends nothing, and cannot read an answer", async () => {
  for (const nothing of [undefined, null]) {
    const output = await structuredOutput({
      outputSchema: nothing as undefined,
      outputType: nothing as undefined,
    });
    assertEquals(output.schema, undefined);
    const error = assertThrows(
      () => output.read("{}"),
      CodexStructuredResponseError,
    );
    assertEquals(
      error.message,
      "No output schema available for validating structured response. Provide an `outputType` or `outputSchema` to enable validation.",
    );
    assertEquals([error.responseText, error.issues], ["{}", []]);
  }
});

Deno.test("structuredOutput with only a schema sends it unchanged, and reads JSON without validating it", async () => {
  for (const schema of [OPEN_SCHEMA, {}]) {
    const output = await structuredOutput({ outputSchema: schema });
    assertEquals(output.schema, schema);
    for (const value of [{ any: "thing" }, [1], 1, "text", null]) {
      assertEquals(output.read(JSON.stringify(value)), value);
    }
  }
});

Deno.test("structuredOutput reports an answer that is not JSON, with and without a type", async () => {
  const outputs = [
    await structuredOutput({ outputSchema: {} }),
    await structuredOutput({ outputType: TYPES.zod }),
  ];
  for (const output of outputs) {
    for (const text of ["", "\n", "Sure! {}", "```json\n{}\n```", '{"n":']) {
      const error = assertThrows(
        () => output.read(text),
        CodexStructuredResponseError,
      );
      const message = text.trim() === ""
        ? "is empty"
        : text.startsWith("`")
        ? "is not JSON: it begins with a code fence (```)"
        : "is not JSON";
      assertEquals(
        error.message,
        `Failed to parse structured response as JSON: it ${message}.`,
      );
      assertEquals([error.responseText, error.issues], [text, [{
        path: "",
        message,
      }]]);
      assertInstanceOf(error.cause, SyntaxError);
    }
  }
});

for (const [name, outputType] of Object.entries(TYPES)) {
  Deno.test(`structuredOutput with a type of ${name} sends its closed schema, and reads the answer with the type`, async () => {
    const output = await structuredOutput({ outputType });
    assertEquals(output.schema, CLOSED_SCHEMA);
    assertEquals(output.read('{"n":1}'), { n: 1 });
    const error = assertThrows(
      () => output.read('{"n":"1"}'),
      CodexStructuredResponseError,
    );
    assertMatch(
      error.message,
      /^Failed to validate structured response against output schema: at "\/n": .*\w\.$/s,
    );
    assertEquals(error.code, "invalid_structured_response");
    assertEquals(error.responseText, '{"n":"1"}');
    assertEquals(error.issues.map((issue) => issue.path), ["/n"]);
    assertInstanceOf(error.cause, Error);
  });

  Deno.test(`structuredOutput with a type of ${name} and a schema sends the schema, and reads the answer with the type`, async () => {
    const output = await structuredOutput({
      outputType,
      outputSchema: OPEN_SCHEMA,
    });
    assertEquals(output.schema, OPEN_SCHEMA);
    assertEquals(output.read('{"n":1}'), { n: 1 });
    assertThrows(() => output.read("{}"), CodexStructuredResponseError);
  });
}

Deno.test("structuredOutput reports the paths of issues as JSON pointers", async () => {
  const output = await structuredOutput({
    outputType: z.object({
      "a/b~c": z.array(z.object({ n: z.number() })),
      d: z.string(),
    }),
  });
  const error = assertThrows(
    () => output.read('{"a/b~c":[{"n":1},{"n":"2"}],"d":3}'),
    CodexStructuredResponseError,
  );
  assertEquals(error.issues.map((issue) => issue.path), [
    "/a~1b~0c/1/n",
    "/d",
  ]);
  assertEquals(error.issues.every((issue) => issue.message !== ""), true);
});

Deno.test("structuredOutput sends the type's input schema, and returns the type's output", async () => {
  const output = await structuredOutput({
    outputType: z.object({
      count: z.string().transform(Number),
      tag: z.literal("x"),
    }),
  });
  assertEquals(output.schema?.properties, {
    count: { type: "string" },
    tag: { type: "string", const: "x" },
  });
  assertEquals(output.read('{"count":"7","tag":"x"}'), { count: 7, tag: "x" });
});

Deno.test("structuredOutput rejects an outputType that is not a type", async () => {
  const values: unknown[] = [
    { type: "object" },
    "string",
    1,
    [],
    () => ({}),
    { _def: {}, parse: (value: unknown) => value },
  ];
  for (const value of values) {
    const error = await assertRejects(
      () => structuredOutput({ outputType: value as OutputType<unknown> }),
      CodexInputError,
      "outputType must be a zod 4 schema, a Standard Schema or { schema, parse }; for a JSON Schema use outputSchema",
    );
    assertEquals(error.path, "outputType");
  }
});

Deno.test("structuredOutput rejects a schema that is not an object, with a type too", async () => {
  for (const outputType of [undefined, TYPES.zod]) {
    await assertRejects(
      () => structuredOutput({ outputType, outputSchema: [] }),
      CodexOutputSchemaError,
      "outputSchema must be a plain JSON object",
    );
  }
});
