import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { type } from "arktype";
import { z } from "zod";
import {
  CodexStructuredResponseError,
  CodexThreadRunError,
  type JsonObject,
} from "../../mod.ts";
import { modelAnswer, modelHttpError, modelMessage } from "../../testing.ts";
import { FEATURES } from "../output/feature_table.ts";
import { assertStrict, judge } from "../output/judge.ts";
import { realCodex } from "../support/real_codex.ts";

/** Returns the schema that a request sent to the model. */
function schemaIn(textFormat: unknown): JsonObject {
  const { type, name, strict, schema } = textFormat as {
    [key: string]: unknown;
  };
  assertEquals([type, name, strict], [
    "json_schema",
    "codex_output_schema",
    true,
  ]);
  return schema as JsonObject;
}

Deno.test("every construct of FEATURES reaches the model in strict form, and its answer is decoded", async () => {
  const usable = FEATURES.filter(([, , ...answers]) => answers.length > 0);
  const Everything = z.object(
    Object.fromEntries(usable.map(([code, type]) => [code, type])),
  );
  const reply = Object.fromEntries(
    usable.map(([code, , ...answers]) => [code, answers.at(-1)]),
  );
  await using real = await realCodex([
    modelAnswer(modelMessage(JSON.stringify(reply))),
  ]);
  const turn = await real.codex.startThread(real.inRepo).run("Answer", {
    outputType: Everything,
  });
  const schema = schemaIn(real.model.requests[0]?.textFormat);
  assertStrict(schema);
  assertEquals(judge(schema)(reply), true);
  const response = turn.structuredResponse;
  assertEquals("z.string().optional()" in response, false);
  assertEquals(response["z.string().nullish()"], null);
  assertEquals(response['z.string().default("x")'], "x");
  assertEquals(response["z.string().transform(Number)"], 7);
});

Deno.test("an output type that is not an object is wrapped for the model, and the answer unwrapped", async () => {
  await using real = await realCodex([
    modelAnswer(modelMessage('{"value":[{"name":"a","note":null}]}')),
    modelAnswer(modelMessage('[{"name":"a","note":null}]')),
  ]);
  const thread = real.codex.startThread(real.inRepo);
  const outputType = type({ name: "string", "note?": "string" }).array();
  const turn = await thread.run("List", { outputType });
  assertStrict(schemaIn(real.model.requests[0]?.textFormat));
  assertEquals(turn.structuredResponse, [{ name: "a" }]);
  const bare = await thread.run("List", { outputType });
  assertThrows(() => bare.structuredResponse, CodexStructuredResponseError);
});

Deno.test("with strict: false the schema reaches the model as zod generates it", async () => {
  await using real = await realCodex([
    modelAnswer(modelMessage('{"counts":{"a":1},"when":{}}')),
  ]);
  const Counts = z.object({
    counts: z.record(z.string(), z.number()),
    note: z.string().optional(),
    when: z.any(),
  });
  const turn = await real.codex.startThread(real.inRepo).run("Count", {
    outputType: Counts,
    strict: false,
  });
  assertEquals(
    schemaIn(real.model.requests[0]?.textFormat),
    z.toJSONSchema(Counts, { io: "input" }) as JsonObject,
  );
  assertEquals(turn.structuredResponse, { counts: { a: 1 }, when: {} });
});

Deno.test("only the last agent message is read, and one with a code fence is an error", async () => {
  await using real = await realCodex([
    modelAnswer(modelMessage("Let me see."), modelMessage('{"n":1}')),
    modelAnswer(modelMessage('{"n":1}'), modelMessage('```json\n{"n":2}\n```')),
    modelAnswer(modelMessage("")),
  ]);
  const thread = real.codex.startThread(real.inRepo);
  const outputType = z.object({ n: z.number() });
  const first = await thread.run("Count", { outputType });
  assertEquals(first.structuredResponse, { n: 1 });
  for (
    const issue of [
      "is not JSON: it begins with a code fence (```)",
      "is empty",
    ]
  ) {
    const turn = await thread.run("Count", { outputType });
    const error = assertThrows(
      () => turn.structuredResponse,
      CodexStructuredResponseError,
    );
    assertEquals(error.issues, [{ path: "", message: issue }]);
    assertEquals(error.responseText, turn.finalResponse);
    assertEquals(error.items, turn.items);
    assertEquals(error.usage, turn.usage);
  }
});

const OPEN = { type: "object", properties: { n: { type: "number" } } };

Deno.test("an outputSchema that strict mode does not accept is sent unchanged, and the turn's warnings say why", async () => {
  await using real = await realCodex([modelAnswer(modelMessage('{"n":1}'))]);
  const turn = await real.codex.startThread(real.inRepo).run("Count", {
    outputSchema: OPEN,
  });
  assertEquals(schemaIn(real.model.requests[0]?.textFormat), OPEN);
  assertEquals(turn.warnings.slice(0, 2), [
    "outputSchema is open: strict mode requires additionalProperties: false",
    'outputSchema at "/properties/n" is not required: strict mode requires every property in required, with null for optional ones',
  ]);
});

Deno.test("a schema that the service rejects fails with invalid_output_schema, with the warnings about it", async () => {
  const words =
    "Invalid schema for response_format 'codex_output_schema': In context=(), 'additionalProperties' is required to be supplied and to be false.";
  const body = JSON.stringify({
    error: {
      message: words,
      type: "invalid_request_error",
      param: "text.format.schema",
      code: "invalid_json_schema",
    },
  });
  await using real = await realCodex([
    modelHttpError(400, body),
    modelHttpError(400, body),
  ]);
  const thread = real.codex.startThread(real.inRepo);
  const error = await assertRejects(
    () => thread.run("Count", { outputSchema: OPEN }),
    CodexThreadRunError,
    `The service rejected the output schema: ${words}`,
  );
  assertEquals(error.code, "invalid_output_schema");
  assertEquals(error.exitCode, 1);
  assertEquals(
    error.warnings.filter((warning) => warning.startsWith("outputSchema"))
      .length,
    2,
  );
  // Without a schema the same message is an ordinary failed turn.
  const plain = await assertRejects(
    () => thread.run("Count"),
    CodexThreadRunError,
  );
  assertEquals(plain.code, "turn_failed");
});
