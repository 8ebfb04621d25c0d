import { assertEquals, assertRejects } from "@std/assert";
import * as v from "valibot";
import { z as z3 } from "zod/v3";
import { z } from "zod";
import { CodexInputError, CodexOutputSchemaError } from "../../mod.ts";
import { structuredOutput } from "../../src/output/structured_output.ts";

const TYPES = {
  "zod 4": z.object({ n: z.number() }),
  "zod 3": z3.object({ n: z3.number() }),
  valibot: v.object({ n: v.number() }),
};

for (const [name, type] of Object.entries(TYPES)) {
  Deno.test(`outputSchema rejects a type of ${name}, and names outputType`, async () => {
    const error = await assertRejects(
      () => structuredOutput({ outputSchema: type as unknown as object }),
      CodexOutputSchemaError,
    );
    assertEquals(
      error.message,
      "outputSchema is a type of a library, not a JSON Schema: pass it as outputType",
    );
  });
}

Deno.test("outputSchema accepts the JSON Schema that a library writes for a type", async () => {
  const outputSchema = z.toJSONSchema(TYPES["zod 4"]);
  const { schema } = await structuredOutput({ outputSchema });
  assertEquals(schema, JSON.parse(JSON.stringify(outputSchema)));
});

Deno.test("outputType rejects a type of zod 3, and suggests what to do", async () => {
  const old = { _def: { typeName: "ZodObject" }, parse: (): object => ({}) };
  for (const outputType of [TYPES["zod 3"], old]) {
    const error = await assertRejects(
      () => structuredOutput({ outputType: outputType as never }),
      CodexInputError,
    );
    assertEquals(
      error.message,
      'outputType is a type of zod 3, which has no JSON Schema: create it with zod 4, or with "zod/v4", which zod 3.25 has too',
    );
  }
});

Deno.test("outputType accepts a type of zod 3 together with an outputSchema", async () => {
  const output = await structuredOutput({
    outputType: TYPES["zod 3"] as never,
    outputSchema: { type: "object", properties: { n: { type: "number" } } },
  });
  assertEquals(output.read('{"n":1}'), { n: 1 });
});
