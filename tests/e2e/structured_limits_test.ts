import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { z } from "zod";
import {
  CodexOutputSchemaError,
  CodexStructuredResponseError,
  type JsonObject,
} from "../../mod.ts";
import { MAX_SCHEMA_DEPTH } from "../../src/output/schema_limits.ts";
import { modelAnswer, modelMessage, ScriptedModel } from "../../testing.ts";
import { runReal } from "../exec/real_cli.ts";
import { realCodex } from "../support/real_codex.ts";
import { tempFolder } from "../support/temp_folder.ts";

/** Builds a schema of objects that are nested on a number of levels. */
function nested(levels: number): JsonObject {
  let schema: JsonObject = {};
  for (let level = 1; level < levels; level += 1) schema = { a: schema };
  return schema;
}

// Facts F38.
Deno.test("the real CLI reads an output schema of the depth that the package allows, and no deeper one", async () => {
  await using model = await ScriptedModel.start(() =>
    modelAnswer(modelMessage("{}"))
  );
  await using folder = await tempFolder();
  const home = folder.path;
  const schemaPath = `${home}/schema.json`;
  for (const [levels, code] of [[MAX_SCHEMA_DEPTH, 0], [128, 1]] as const) {
    await Deno.writeTextFile(schemaPath, JSON.stringify(nested(levels)));
    const run = await runReal(model, { home, schemaPath });
    assertEquals(run.code, code, run.stderr);
    assertEquals(run.stderr.includes("recursion limit exceeded"), code === 1);
  }
});

Deno.test("an output schema of the maximum depth reaches the model, and a deeper one is rejected before the CLI is started", async () => {
  await using real = await realCodex([modelAnswer(modelMessage("{}"))]);
  const thread = real.codex.startThread(real.inRepo);
  await thread.run("Answer", { outputSchema: nested(127) });
  assertEquals(
    (real.model.requests[0]?.textFormat as JsonObject).schema,
    nested(127),
  );
  await assertRejects(
    () => thread.run("Answer", { outputSchema: nested(128) }),
    CodexOutputSchemaError,
    "is nested deeper than 127 levels",
  );
  assertEquals(real.model.requests.length, 1);
});

Deno.test("an answer that is nested too deeply is an invalid answer, and can be repaired", async () => {
  interface Tree {
    kids: Tree[];
  }
  const Tree: z.ZodType<Tree> = z.object({
    get kids() {
      return z.array(Tree);
    },
  });
  const deep = `${'{"kids":['.repeat(1600)}${"]}".repeat(1600)}`;
  await using real = await realCodex([
    modelAnswer(modelMessage(deep)),
    modelAnswer(modelMessage('{"kids":[]}')),
    modelAnswer(modelMessage(deep)),
  ]);
  const thread = real.codex.startThread(real.inRepo);
  const turn = await thread.run("Answer", { outputType: Tree, repair: 1 });
  assertEquals(turn.structuredResponse, { kids: [] });
  assertStringIncludes(
    real.model.requests[1]?.prompt ?? "",
    "is nested deeper than 500 levels",
  );
  const last = await thread.run("Answer", { outputType: Tree });
  await assertRejects(
    () => last.readStructuredResponse(),
    CodexStructuredResponseError,
  );
});
