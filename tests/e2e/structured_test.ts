import {
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { z } from "zod";
import {
  CodexOutputSchemaError,
  CodexStructuredResponseError,
} from "../../mod.ts";
import { modelAnswer, modelMessage } from "../../testing.ts";
import { realCodex } from "../support/real_codex.ts";

const SCHEMA = {
  type: "object",
  properties: { n: { type: "integer" }, note: { type: ["string", "null"] } },
  required: ["n", "note"],
  additionalProperties: false,
};

/** Returns the `text.format` of a request with an output schema. */
function format(schema: unknown): unknown {
  return {
    type: "json_schema",
    // The CLI's name for it (facts F18).
    name: "codex_output_schema",
    strict: true,
    schema,
  };
}

Deno.test("TurnOptions.outputType sends its schema and reads the answer", async () => {
  await using real = await realCodex([
    modelAnswer(modelMessage('{"n":"2","at":"2026-01-02T03:04:05Z"}')),
  ]);
  const Answer = z.object({
    n: z.string().transform(Number),
    at: z.string().describe("When"),
  });
  const turn = await real.codex.startThread(real.inRepo).run("Count", {
    outputType: Answer,
  });
  assertEquals(
    real.model.requests[0]?.textFormat,
    format({
      type: "object",
      properties: {
        n: { type: "string" },
        at: { description: "When", type: "string" },
      },
      required: ["n", "at"],
      additionalProperties: false,
    }),
  );
  const response: { n: number; at: string } = turn.structuredResponse;
  assertEquals(response, { n: 2, at: "2026-01-02T03:04:05Z" });
  assertStrictEquals(turn.structuredResponse, response);
});

Deno.test("TurnOptions.outputSchema is sent unchanged, and the answer is parsed as JSON", async () => {
  await using real = await realCodex([
    modelAnswer(modelMessage('{"n":1,"note":null}')),
    modelAnswer(modelMessage("Free again")),
  ]);
  const thread = real.codex.startThread(real.inRepo);
  const turn = await thread.run("Count", { outputSchema: SCHEMA });
  assertEquals(real.model.requests[0]?.textFormat, format(SCHEMA));
  assertEquals(turn.structuredResponse, { n: 1, note: null });
  // The schema applies to the turn, not to the thread.
  const free = await thread.run("Talk");
  assertEquals(real.model.requests[1]?.textFormat, undefined);
  assertThrows(
    () => free.structuredResponse,
    CodexStructuredResponseError,
    "No output schema",
  );
});

Deno.test("TurnOptions.outputType reads the answer to the caller's outputSchema", async () => {
  await using real = await realCodex([
    modelAnswer(modelMessage('{"n":1,"note":"x"}')),
  ]);
  const turn = await real.codex.startThread(real.inRepo).run("Count", {
    outputSchema: SCHEMA,
    outputType: z.object({ n: z.number() }),
  });
  assertEquals(real.model.requests[0]?.textFormat, format(SCHEMA));
  assertEquals(turn.structuredResponse, { n: 1 });
});

Deno.test("Turn.structuredResponse throws only when it is read, each time the same error", async () => {
  await using real = await realCodex([
    modelAnswer(modelMessage('{"n":[1]}')),
    modelAnswer(modelMessage("no JSON")),
  ]);
  const thread = real.codex.startThread(real.inRepo);
  const outputType = z.object({ n: z.number() });
  const turn = await thread.run("Count", { outputType });
  assertEquals(turn.finalResponse, '{"n":[1]}');
  const error = assertThrows(
    () => turn.structuredResponse,
    CodexStructuredResponseError,
  );
  assertEquals(error.code, "invalid_structured_response");
  assertEquals(error.responseText, '{"n":[1]}');
  assertEquals(error.issues.map((issue) => issue.path), ["/n"]);
  assertInstanceOf(error.cause, z.core.$ZodError);
  assertEquals(error.threadId, thread.id);
  assertEquals(error.items, turn.items);
  assertStrictEquals(assertThrows(() => turn.structuredResponse), error);

  const second = await thread.run("Count", { outputType });
  const unparsed = assertThrows(
    () => second.structuredResponse,
    CodexStructuredResponseError,
  );
  assertInstanceOf(unparsed.cause, SyntaxError);
});

Deno.test("Thread.run rejects an unsupported outputType or outputSchema before it starts the CLI", async () => {
  await using real = await realCodex([]);
  const thread = real.codex.startThread(real.inRepo);
  const error = await assertRejects(
    () => thread.run("Count", { outputType: z.object({ a: z.date() }) }),
    CodexOutputSchemaError,
  );
  assertEquals(error.code, "invalid_output_schema");
  await assertRejects(
    () => thread.run("Count", { outputSchema: [SCHEMA] }),
    CodexOutputSchemaError,
  );
  assertEquals(real.hasStarted(), false);
});

Deno.test("Thread.run leaves no schema file, however the turn ends", async () => {
  await using real = await realCodex([modelAnswer(modelMessage("{}"))]);
  const schema = { ...SCHEMA, description: crypto.randomUUID() };
  const thread = real.codex.startThread(real.inRepo);
  await thread.run("Count", { outputSchema: schema });
  // The model's script has ended, so the second turn fails.
  await assertRejects(() => thread.run("Count", { outputSchema: schema }));
  const streamed = await thread.runStreamed("Count", { outputSchema: schema });
  await streamed.events.next();
  await streamed.events.return();
  assertEquals(await schemaFilesWith(schema.description), []);
});

/** Lists the schema files in the temporary folder that contain a text. */
async function schemaFilesWith(text: string): Promise<string[]> {
  const probe = await Deno.makeTempDir();
  await Deno.remove(probe);
  const folder = probe.slice(0, probe.lastIndexOf("/"));
  const found: string[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    if (!name.startsWith("codex-output-schema-")) continue;
    const path = `${folder}/${name}/schema.json`;
    const schema = await Deno.readTextFile(path).catch(() => "");
    if (schema.includes(text)) found.push(path);
  }
  return found;
}
