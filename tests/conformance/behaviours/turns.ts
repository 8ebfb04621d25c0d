/**
 * Tests turns of the real CLI that succeed.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { ThreadEvent } from "@acodex/sdk";
import {
  modelAnswer,
  modelMessage,
  modelReasoning,
  modelUsage,
} from "@acodex/sdk/testing";
import { behaviour, EXEC } from "../support/behaviour.ts";
import { realCli } from "../support/real_cli.ts";
import { shown } from "../support/shown.ts";

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

behaviour("A first turn is completed", async (context) => {
  const { codex, model, inRepo } = await realCli(context, [
    modelAnswer(
      modelReasoning("Thinking"),
      modelMessage("Hello"),
      modelUsage({
        input_tokens: 12,
        output_tokens: 7,
        cached_input_tokens: 3,
      }),
    ),
  ]);
  const thread = codex.startThread(inRepo);
  assert.equal(thread.id, null);
  const turn = await thread.run("Say hello");
  assert.match(thread.id ?? "", UUID);
  assert.equal(turn.threadId, thread.id);
  assert.equal(turn.finalResponse, "Hello");
  assert.deepEqual(turn.items, [
    { id: "item_0", type: "reasoning", text: "Thinking" },
    { id: "item_1", type: "agent_message", text: "Hello" },
  ]);
  assert.deepEqual(turn.usage, {
    input_tokens: 12,
    cached_input_tokens: 3,
    cache_write_input_tokens: 0,
    output_tokens: 7,
    reasoning_output_tokens: 0,
  });
  assert.deepEqual(turn.turnUsage, turn.usage);
  assert.deepEqual([turn.warnings, turn.diagnostics], [[], []]);
  assert.equal(model.requests[0]?.prompt, "Say hello");
});

behaviour("A second turn continues the thread", async (context) => {
  const { codex, model, inRepo } = await realCli(context, [
    modelAnswer(modelMessage("First answer")),
    modelAnswer(modelMessage("Second answer")),
  ]);
  const thread = codex.startThread(inRepo);
  const first = await thread.run("First question");
  const second = await thread.run("Second question");
  assert.equal(second.threadId, first.threadId);
  assert.equal(second.finalResponse, "Second answer");
  assert.equal(second.usage?.input_tokens, 20);
  assert.equal(second.turnUsage?.input_tokens, 10);
  const asked = model.requests[1];
  assert.equal(asked?.prompt, "Second question");
  assert.ok(asked?.text.includes("First question"));
  assert.ok(asked?.text.includes("First answer"));
});

behaviour("A thread is resumed by a new client", async (context) => {
  const { codex, model, inRepo, client } = await realCli(context, [
    modelAnswer(modelMessage("First answer")),
    modelAnswer(modelMessage("Second answer")),
  ]);
  const first = await codex.startThread(inRepo).run("First question");
  const thread = client().resumeThread(first.threadId ?? "", inRepo);
  assert.equal(thread.id, first.threadId);
  const second = await thread.run("Second question");
  assert.equal(second.threadId, first.threadId);
  assert.equal(second.turnUsage, null);
  assert.ok(model.requests[1]?.text.includes("First answer"));
}, { clients: EXEC });

behaviour(
  "Events come in the CLI's order, with their types",
  async (context) => {
    const { codex, inRepo } = await realCli(context, [
      modelAnswer(modelMessage("One"), modelMessage("Two")),
    ]);
    const thread = codex.startThread(inRepo);
    const streamed = await thread.runStreamed("Count");
    const events: ThreadEvent[] = [];
    for await (const event of streamed.events) {
      // The id is set when its event is delivered.
      if (events.length === 0) assert.match(thread.id ?? "", UUID);
      events.push(event);
    }
    assert.deepEqual(events[0], {
      type: "thread.started",
      thread_id: thread.id,
    });
    assert.deepEqual(events.map((event) => event.type), [
      "thread.started",
      "turn.started",
      "item.completed",
      "item.completed",
      "turn.completed",
    ]);
    assert.deepEqual(
      streamed.result.items,
      events.flatMap((event) =>
        event.type === "item.completed" ? [event.item] : []
      ),
    );
    assert.equal(streamed.result.finalResponse, "Two");
  },
);

behaviour("A prompt arrives as it was written", async (context) => {
  const odd = "--help $HOME 'a' \"b\" \u2028 𝕏\r\n-c x=1";
  const { codex, model, inRepo } = await realCli(context, [
    modelAnswer(modelMessage("ok")),
  ]);
  await codex.startThread(inRepo).run([
    { type: "text", text: odd },
    { type: "text", text: "second" },
  ]);
  assert.equal(model.requests[0]?.prompt, `${odd}\n\nsecond`);
});

behaviour(
  "A streamed turn can be looped over like its events, and leaving the loop ends it",
  async (context) => {
    const { codex, inRepo } = await realCli(
      context,
      () => modelAnswer(modelMessage("Hello")),
    );
    const thread = codex.startThread(inRepo);
    const types: string[] = [];
    const streamed = await thread.runStreamed("Say hello");
    for await (const { type } of streamed) types.push(type);
    assert.deepEqual(types, [
      "thread.started",
      "turn.started",
      "item.completed",
      "turn.completed",
    ]);
    assert.equal(streamed.result.finalResponse, "Hello");
    const left = await thread.runStreamed("Again");
    for await (const _ of left) break;
    assert.equal((await left.events.next()).done, true);
  },
);

behaviour(
  "A console shows the contents of a thread, a streamed turn and a turn, but not the prompt or the key",
  async (context) => {
    const { codex, inRepo, model } = await realCli(
      context,
      () => modelAnswer(modelMessage("Hello")),
    );
    const thread = codex.startThread(inRepo);
    const streamed = await thread.runStreamed("Secret prompt");
    const texts = [shown(thread), shown(streamed)];
    assert.match(texts[0] ?? "", /^Thread \{\s*id: null,\s*options: \{/);
    assert.match(texts[0] ?? "", /sandboxMode: ["']danger-full-access["']/);
    assert.match(texts[1] ?? "", /status: ["']not started["']/);
    for await (const { type } of streamed) {
      if (type === "item.completed") texts.push(shown(streamed));
    }
    assert.match(texts[2] ?? "", /^StreamedTurn \{\s*status: ["']running["']/);
    assert.match(texts[2] ?? "", /text: ["']Hello["']/);
    texts.push(shown(streamed), shown(streamed.result), shown({ thread }));
    assert.match(
      texts[3] ?? "",
      /status: ["']completed["'],\s*result: Turn \{/,
    );
    assert.match(texts[4] ?? "", /^Turn \{/);
    assert.match(texts[4] ?? "", /finalResponse: ["']Hello["']/);
    assert.ok(texts[5]?.includes(thread.id ?? "?"), texts[5]);
    assert.equal(model.requests[0]?.prompt, "Secret prompt");
    assert.doesNotMatch(texts.join("\n"), /Secret prompt|API_KEY|apiKey/);
  },
  // An object that was sent from another thread is not the package's.
  { clients: ["async"] },
);
