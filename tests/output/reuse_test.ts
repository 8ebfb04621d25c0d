import {
  assert,
  assertEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import * as z from "zod";
import { CodexOutputSchemaError } from "../../src/errors/codex_error.ts";
import type { StandardOutputType } from "../../src/options/options.ts";
import { structuredOutput } from "../../src/output/structured_output.ts";

const OPEN = { type: "object", properties: { n: { type: "number" } } };

/** Creates a type that counts how often its schema is requested. */
function counted(): { type: StandardOutputType<unknown>; asked(): number } {
  let count = 0;
  const input = (): Record<string, unknown> => {
    count += 1;
    return structuredClone(OPEN);
  };
  return {
    type: {
      "~standard": {
        version: 1,
        vendor: "counted",
        validate: (value) => ({ value }),
        jsonSchema: { input },
      },
    },
    asked: () => count,
  };
}

Deno.test("structuredOutput requests a type's schema once, strict or not", async () => {
  const { type, asked } = counted();
  const strict = await structuredOutput({ outputType: type });
  const open = await structuredOutput({ outputType: type, strict: false });
  assertStrictEquals(
    (await structuredOutput({ outputType: type })).schema,
    strict.schema,
  );
  assertStrictEquals(
    (await structuredOutput({ outputType: type, strict: false })).schema,
    open.schema,
  );
  assertEquals(strict.schema?.required, ["n"]);
  assertEquals(open.schema, OPEN);
  assertEquals(asked(), 1);
});

Deno.test("structuredOutput reads the same with a type that was used before", async () => {
  const outputType = z.object({ n: z.number(), note: z.string().optional() });
  for (let turn = 0; turn < 2; turn++) {
    const { read, schema } = await structuredOutput({ outputType });
    assertEquals(schema?.required, ["n", "note"]);
    assertEquals(read('{"n":1,"note":null}'), { n: 1 });
    assertThrows(() => read('{"n":"1","note":null}'));
  }
});

Deno.test("structuredOutput rejects a rejected type again", async () => {
  const outputType = z.object({ at: z.date() });
  for (let turn = 0; turn < 2; turn++) {
    let rejection: unknown;
    await structuredOutput({ outputType }).catch((error) => rejection = error);
    assert(rejection instanceof CodexOutputSchemaError);
    assertEquals(rejection.path, "/at");
  }
});

Deno.test("structuredOutput sends the current outputSchema, with its current warnings", async () => {
  const outputSchema: Record<string, unknown> = {
    type: "object",
    properties: {},
    required: [],
    additionalProperties: false,
  };
  const before = await structuredOutput({ outputSchema });
  assertEquals(before.warnings, []);
  assertStrictEquals(
    (await structuredOutput({ outputSchema })).schema,
    before.schema,
  );
  outputSchema.additionalProperties = true;
  const after = await structuredOutput({ outputSchema });
  assertEquals(after.schema?.additionalProperties, true);
  assertEquals(after.warnings?.length, 1);
  assertEquals(before.schema?.additionalProperties, false);
});

Deno.test("structuredOutput sends the current schema of { schema, parse }", async () => {
  const schema: Record<string, unknown> = structuredClone(OPEN);
  const outputType = { schema, parse: (value: unknown) => value };
  const before = await structuredOutput({ outputType });
  assertEquals(before.schema?.required, ["n"]);
  schema.properties = { m: { type: "string" } };
  const after = await structuredOutput({ outputType });
  assertEquals(after.schema?.required, ["m"]);
});

Deno.test("structuredOutput returns schemas and warnings that callers cannot change", async () => {
  const outputs = [
    await structuredOutput({ outputType: z.object({ n: z.number() }) }),
    await structuredOutput({
      outputType: z.object({ n: z.number() }),
      strict: false,
    }),
    await structuredOutput({ outputSchema: OPEN }),
  ];
  for (const { schema, warnings } of outputs) {
    const inside = Object(schema?.properties);
    assertThrows(() => inside.n = {}, TypeError);
    assertThrows(() => inside.n.type = "string", TypeError);
    if (warnings?.length) {
      assertThrows(() => Object(warnings).push("another"), TypeError);
    }
  }
  assertEquals(outputs[2]?.warnings?.length, 2);
});

Deno.test("structuredOutput does not freeze what a caller put into a type", async () => {
  const examples = [{ n: 1 }];
  const outputType = z.object({ n: z.number() }).meta({ examples });
  for (const strict of [true, false]) {
    await structuredOutput({ outputType, strict });
    assert(!Object.isFrozen(examples) && !Object.isFrozen(examples[0]));
  }
  assert(!Object.isFrozen(OPEN) && !Object.isFrozen(OPEN.properties));
});
