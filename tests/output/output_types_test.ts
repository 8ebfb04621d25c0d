import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { toJsonSchema } from "@valibot/to-json-schema";
import {
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { type } from "arktype";
import * as v from "valibot";
import * as z from "zod";
import * as mini from "zod/mini";
import {
  CodexInputError,
  CodexOutputSchemaError,
} from "../../src/errors/codex_error.ts";
import type { OutputType } from "../../src/options/options.ts";
import { structuredOutput } from "../../src/output/structured_output.ts";
import { CodexStructuredResponseError } from "../../src/errors/turn_errors.ts";
import { assertStrict, judge } from "./judge.ts";

interface Step {
  name: string;
  note?: string;
}

const Valibot = v.object({
  steps: v.array(v.object({
    name: v.pipe(v.string(), v.minLength(1)),
    note: v.optional(v.string()),
  })),
});

const Arktype = type({
  steps: type({ name: "string > 0", "note?": "string" }).array(),
});

const TYPES: { readonly [name: string]: OutputType<{ steps: Step[] }> } = {
  zod: z.object({
    steps: z.array(
      z.object({ name: z.string().min(1), note: z.string().optional() }),
    ),
  }),
  "zod/mini": mini.object({
    steps: mini.array(mini.object({
      name: mini.string().check(mini.minLength(1)),
      note: mini.optional(mini.string()),
    })),
  }),
  "valibot, by toStandardJsonSchema": toStandardJsonSchema(Valibot),
  "valibot, by { schema, parse }": {
    schema: toJsonSchema(Valibot),
    parse: (value: unknown) => v.parse(Valibot, value),
  },
  arktype: Arktype,
};

for (const [name, outputType] of Object.entries(TYPES)) {
  Deno.test(`structuredOutput accepts a type of ${name}, sends it in strict mode's form and removes nulls from the answer`, async () => {
    const output = await structuredOutput({ outputType });
    assertStrict(output.schema ?? {});
    const answer = {
      steps: [{ name: "a", note: null }, { name: "b", note: "c" }],
    };
    assertEquals(judge(output.schema ?? {})(answer), true);
    assertEquals(output.read(JSON.stringify(answer)), {
      steps: [{ name: "a" }, { name: "b", note: "c" }],
    });
  });

  Deno.test(`structuredOutput reports the issues of an answer with a type of ${name}, with their paths`, async () => {
    const output = await structuredOutput({ outputType });
    const text = '{"steps":[{"name":"a","note":null},{"name":"","note":null}]}';
    const error = assertThrows(
      () => output.read(text),
      CodexStructuredResponseError,
      "Failed to validate structured response",
    );
    assertEquals(error.issues.map(({ path }) => path), ["/steps/1/name"]);
    assertEquals(error.issues.every(({ message }) => message !== ""), true);
    assertEquals(error.responseText, text);
  });
}

Deno.test("structuredOutput accepts a Standard Schema without a JSON Schema only together with an outputSchema", async () => {
  const error = await assertRejects(
    () => structuredOutput({ outputType: Valibot }),
    CodexInputError,
    "outputType is a schema of valibot without a JSON Schema",
  );
  assertEquals(error.path, "outputType");
  const output = await structuredOutput({
    outputType: Valibot,
    outputSchema: { type: "object" },
  });
  assertEquals(output.schema, { type: "object" });
  assertEquals(output.read('{"steps":[]}'), { steps: [] });
});

Deno.test("structuredOutput rejects a type for which its library has no JSON Schema", async () => {
  const error = await assertRejects(
    () =>
      structuredOutput({
        outputType: toStandardJsonSchema(v.object({ when: v.date() })),
      }),
    CodexOutputSchemaError,
    "Unsupported output type: ",
  );
  assertInstanceOf(error.cause, Error);
  // arktype writes nothing for a date, which leaves a value of any type.
  const unsaid = await assertRejects(
    () => structuredOutput({ outputType: type({ when: "Date" }) }),
    CodexOutputSchemaError,
    "a value of any type",
  );
  assertEquals(unsaid.path, "/when");
});

Deno.test("structuredOutput rejects what strict mode cannot express, from any library", async () => {
  const types: OutputType<unknown>[] = [
    toStandardJsonSchema(v.object({ p: v.record(v.string(), v.string()) })),
    type({ p: { "[string]": "string" } }),
    {
      schema: {
        type: "object",
        properties: { p: { type: "object" } },
        required: ["p"],
      },
      parse: (value) => value,
    },
  ];
  for (const outputType of types) {
    const error = await assertRejects(
      () => structuredOutput({ outputType }),
      CodexOutputSchemaError,
      "an object with arbitrary keys",
    );
    assertEquals(error.path, "/p");
  }
});

Deno.test("structuredOutput reports any error of a parse function as a wrong answer, and keeps it as cause", async () => {
  const fault = new RangeError("is too much");
  const output = await structuredOutput({
    outputType: {
      schema: { type: "number" },
      parse(): number {
        throw fault;
      },
    },
  });
  const error = assertThrows(
    () => output.read('{"value":7}'),
    CodexStructuredResponseError,
  );
  assertEquals(error.issues, [{ path: "", message: "is too much" }]);
  assertEquals(error.cause, fault);
});

Deno.test("structuredOutput rejects an answer that lacks the object around it", async () => {
  const output = await structuredOutput({ outputType: z.array(z.string()) });
  assertEquals(output.read('{"value":["a"]}'), ["a"]);
  for (const text of ['["a"]', "{}", "null", '{"values":["a"]}']) {
    const error = assertThrows(
      () => output.read(text),
      CodexStructuredResponseError,
    );
    assertEquals(error.issues, [
      { path: "", message: 'must be an object with the property "value"' },
    ]);
  }
});
