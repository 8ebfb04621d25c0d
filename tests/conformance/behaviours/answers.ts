/**
 * Tests structured answers and images, on the real CLI.
 *
 * @module
 */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { writeFileSync } from "node:fs";
import {
  CodexInputError,
  CodexOutputSchemaError,
  CodexStructuredResponseError,
} from "@acodex/sdk";
import { modelAnswer, modelMessage } from "@acodex/sdk/testing";
import { behaviour } from "../support/behaviour.ts";
import { rejection } from "../support/expect.ts";
import { realCli } from "../support/real_cli.ts";
import { Count, When } from "../support/types.ts";

/** A PNG of one pixel. */
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

const COUNT_SCHEMA = {
  type: "object",
  properties: { n: { type: "string" } },
  required: ["n"],
  additionalProperties: false,
};

behaviour("An answer is requested and read by output type", async (context) => {
  const { codex, model, inRepo } = await realCli(context, [
    modelAnswer(modelMessage('{"n":"2"}')),
  ]);
  const turn = await codex.startThread(inRepo).run("Count", {
    outputType: Count,
  });
  const response: { n: number } = turn.structuredResponse;
  assert.deepEqual(response, { n: 2 });
  assert.equal(turn.structuredResponse, response);
  assert.deepEqual(model.requests[0]?.textFormat, {
    type: "json_schema",
    name: "codex_output_schema",
    strict: true,
    schema: COUNT_SCHEMA,
  });
});

behaviour("An answer is requested by output schema", async (context) => {
  const { codex, model, inRepo } = await realCli(context, [
    modelAnswer(modelMessage('{"n":"2"}')),
  ]);
  const turn = await codex.startThread(inRepo).run("Count", {
    outputSchema: COUNT_SCHEMA,
  });
  assert.deepEqual(turn.structuredResponse, { n: "2" });
  const { schema } = model.requests[0]?.textFormat as { schema: unknown };
  assert.deepEqual(schema, COUNT_SCHEMA);
});

behaviour(
  "An answer that does not match its type throws when it is read",
  async (context) => {
    const { codex, inRepo } = await realCli(context, [
      modelAnswer(modelMessage('{"n":2}')),
      modelAnswer(modelMessage("Two")),
    ]);
    const thread = codex.startThread(inRepo);
    for (const path of ["/n", ""]) {
      const turn = await thread.run("Count", { outputType: Count });
      const read = (): unknown => {
        try {
          return turn.structuredResponse;
        } catch (error) {
          return error;
        }
      };
      const error = read();
      assert.ok(error instanceof CodexStructuredResponseError);
      assert.equal(error.code, "invalid_structured_response");
      if (path !== "") assert.equal(error.issues[0]?.path, path);
      assert.equal(error.responseText, turn.finalResponse);
      assert.equal(read(), error);
    }
  },
);

behaviour(
  "A type that has no JSON Schema is rejected before the CLI is started",
  async (context) => {
    const { codex, hasStarted, inRepo } = await realCli(context, []);
    const error = await rejection(
      codex.startThread(inRepo).run("Count", {
        outputType: When,
      }),
      CodexOutputSchemaError,
    );
    assert.match(error.path, /\/when$/);
    assert.equal(hasStarted(), false);
  },
);

behaviour("Images reach the model, also in a later turn", async (context) => {
  const { codex, model, repo, inRepo } = await realCli(context, [
    modelAnswer(modelMessage("One")),
    modelAnswer(modelMessage("Two")),
  ]);
  const path = `${repo}/a dot.png`;
  writeFileSync(path, PNG);
  const thread = codex.startThread(inRepo);
  for (const text of ["Look", "Look again"]) {
    await thread.run([
      { type: "local_image", path },
      { type: "text", text },
    ]);
  }
  const [first, second] = model.requests;
  assert.equal(first?.images.length, 1);
  assert.match(first?.images[0] ?? "", /^data:image\/png;base64,/);
  assert.equal(second?.images.length, 1);
  // Put before `resume`, an image would have opened a new thread.
  assert.ok(second?.text.includes("One") && second.text.includes("Look again"));
});

behaviour(
  "A missing image is rejected before the CLI is started",
  async (context) => {
    const { codex, hasStarted, repo, inRepo } = await realCli(context, []);
    const thread = codex.startThread(inRepo);
    for (const path of [`${repo}/missing.png`, repo]) {
      const error = await rejection(
        thread.run([
          { type: "text", text: "Look" },
          { type: "local_image", path },
        ]),
        CodexInputError,
      );
      assert.ok(error.message.includes(path));
    }
    assert.equal(hasStarted(), false);
  },
);
