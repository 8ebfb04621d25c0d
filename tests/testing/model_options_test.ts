import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { existsSync, readdirSync } from "node:fs";
import { Codex, type ThreadEvent } from "../../mod.ts";
import { CodexAppServer } from "../../app_server.ts";
import {
  modelAnswer,
  modelCommand,
  modelMessage,
  modelUsage,
  ScriptedModel,
} from "../../testing.ts";
import { OPEN } from "../../src/testing/real_cli.ts";

Deno.test("model.options() is sufficient for the real CLI, and its home is removed with the model", async () => {
  const model = await ScriptedModel.start([
    modelAnswer(modelCommand("echo $((6 * 7)); echo $HOME")),
    (request) =>
      modelAnswer(
        modelMessage(request.toolOutputs[0]?.text ?? ""),
        modelUsage({ output_tokens: 9 }),
      ),
  ]);
  const options = model.options();
  const home = options.env.CODEX_HOME ?? "";
  try {
    const turn = await new Codex(options).startThread(OPEN).run("Compute");
    assertStringIncludes(turn.finalResponse, "42");
    assertStringIncludes(turn.finalResponse, home);
    assertEquals(turn.usage?.output_tokens, 14);
    assertEquals(model.prompts, ["Compute", "Compute"]);
    assert(readdirSync(home).length > 0);
  } finally {
    await model.close();
  }
  assert(!existsSync(home));
});

Deno.test("Each call of model.options() returns a new home", async () => {
  await using model = await ScriptedModel.start([]);
  const [one, other] = [model.options(), model.options()];
  assert(one.env.CODEX_HOME !== other.env.CODEX_HOME);
  assertEquals(model.prompts, []);
});

Deno.test("A message in pieces arrives as deltas from the server, and as one message from exec", async () => {
  const model = await ScriptedModel.start(() =>
    modelAnswer(modelMessage(["One ", "two ", "three"]))
  );
  try {
    const plain = await new Codex(model.options()).startThread(OPEN).run("Go");
    assertEquals(plain.finalResponse, "One two three");
    const codex = new CodexAppServer(model.options());
    try {
      const streamed = await codex.startThread(OPEN)
        .runStreamed("Go", { deltas: true });
      const pieces: string[] = [];
      const events: ThreadEvent[] = [];
      for await (const event of streamed) {
        if (event.type === "item.delta") pieces.push(event.delta);
        else if (event.type !== "turn.diff") events.push(event);
      }
      assertEquals(pieces, ["One ", "two ", "three"]);
      assertEquals(streamed.result.finalResponse, "One two three");
    } finally {
      await codex.close();
    }
  } finally {
    await model.close();
  }
});
