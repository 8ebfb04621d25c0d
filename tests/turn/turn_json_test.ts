import { assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import * as z from "zod";
import {
  CodexInputError,
  CodexStructuredResponseError,
  Turn,
  turnFromJSON,
} from "../../mod.ts";
import { modelAnswer, modelMessage } from "../../testing.ts";
import { agentMessage, fakeCodex } from "../../testing.ts";
import { realCodex } from "../support/real_codex.ts";

const Answer = z.object({ n: z.number().min(2), note: z.string().optional() });

Deno.test("A turn survives JSON, with its attempts", async () => {
  await using real = await realCodex([
    modelAnswer(modelMessage('{"n":1,"note":null}')),
    modelAnswer(modelMessage('{"n":2,"note":null}')),
  ]);
  const turn = await real.codex.startThread(real.inRepo).run("Count", {
    outputType: Answer,
    repair: 1,
  });
  const text = JSON.stringify(turn);
  const again = await turnFromJSON(JSON.parse(text), { outputType: Answer });
  assertInstanceOf(again, Turn);
  assertEquals(JSON.stringify(again), text);
  assertEquals(again.structuredResponse.n satisfies number, 2);
  assertEquals(again.changedFiles, turn.changedFiles);
  assertEquals(again.attempts.map(({ error }) => error?.message), [
    turn.attempts[0]?.error?.message,
    undefined,
  ]);
  assertInstanceOf(again.attempts[0]?.error, CodexStructuredResponseError);
});

Deno.test("turnFromJSON rejects a value that is not a turn", async () => {
  const turn = JSON.parse(JSON.stringify(
    await fakeCodex([[agentMessage("Done")]]).startThread().run("Go"),
  ));
  assertEquals((await turnFromJSON(turn)).finalResponse, "Done");
  for (
    const value of [
      ...[null, "turn", {}, { items: [] }, [1]],
      { ...turn, attempts: [null] },
      { ...turn, attempts: [{ error: { name: "a", message: "b" } }] },
      { ...turn, items: [null] },
      { ...turn, turnUsage: undefined },
      { ...turn, usage: { input_tokens: 1 } },
      { ...turn, durationMs: "1" },
    ]
  ) {
    const error = await assertRejects(
      () => turnFromJSON(value),
      CodexInputError,
    );
    assertEquals(error.path, "value");
  }
});
