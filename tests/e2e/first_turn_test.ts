import {
  assert,
  assertEquals,
  assertMatch,
  assertObjectMatch,
} from "@std/assert";
import { Codex, type ThreadEvent } from "../../mod.ts";
import {
  modelAnswer,
  modelMessage,
  modelReasoning,
  modelUsage,
} from "../../testing.ts";
import { realCodex } from "../support/real_codex.ts";

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

Deno.test("Thread.run completes a turn of the real CLI", async () => {
  await using real = await realCodex([
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
  const thread = real.codex.startThread(real.inRepo);
  assertEquals(thread.id, null);
  const turn = await thread.run("Say hello");
  assertMatch(thread.id ?? "", UUID);
  assertEquals(turn.threadId, thread.id);
  assertEquals(turn.finalResponse, "Hello");
  assertEquals(turn.items, [
    { id: "item_0", type: "reasoning", text: "Thinking" },
    { id: "item_1", type: "agent_message", text: "Hello" },
  ]);
  assertEquals(turn.usage, {
    input_tokens: 12,
    cached_input_tokens: 3,
    cache_write_input_tokens: 0,
    output_tokens: 7,
    reasoning_output_tokens: 0,
  });
  assertEquals(turn.turnUsage, turn.usage);
  assertEquals(turn.warnings, []);
  assertEquals(turn.diagnostics, []);
  assertEquals(real.model.requests[0]?.prompt, "Say hello");
});

Deno.test("Thread.runStreamed delivers the CLI's events in order", async () => {
  await using real = await realCodex([
    modelAnswer(modelMessage("One"), modelMessage("Two")),
  ]);
  const thread = real.codex.startThread(real.inRepo);
  const streamed = await thread.runStreamed("Count");
  const events: ThreadEvent[] = [];
  for await (const event of streamed.events) {
    if (events.length === 0) {
      // The id is set when its event is delivered.
      assertEquals(event, {
        type: "thread.started",
        thread_id: thread.id ?? "",
      });
    }
    events.push(event);
  }
  assertEquals(events.map((event) => event.type), [
    "thread.started",
    "turn.started",
    "item.completed",
    "item.completed",
    "turn.completed",
  ]);
  assertEquals(streamed.result.finalResponse, "Two");
  assertEquals(
    streamed.result.items,
    events.flatMap((event) =>
      event.type === "item.completed" ? [event.item] : []
    ),
  );
});

Deno.test("Thread.run joins several texts, and sends special characters unchanged", async () => {
  const odd = "--help $HOME 'a' \"b\" \u2028 𝕏\r\n-c x=1";
  await using real = await realCodex([modelAnswer(modelMessage("ok"))]);
  await real.codex.startThread(real.inRepo).run([
    { type: "text", text: odd },
    { type: "text", text: "second" },
  ]);
  assertEquals(real.model.requests[0]?.prompt, `${odd}\n\nsecond`);
});

Deno.test("Thread.run sends a prompt of a million characters whole", async () => {
  await using real = await realCodex([modelAnswer(modelMessage("ok"))]);
  const prompt = "0123456789".repeat(100_000);
  await real.codex.startThread(real.inRepo).run(prompt);
  assert(real.model.requests[0]?.prompt === prompt);
});

Deno.test("Thread.run continues the thread in its second turn", async () => {
  await using real = await realCodex([
    modelAnswer(modelMessage("First answer")),
    modelAnswer(modelMessage("Second answer")),
  ]);
  const thread = real.codex.startThread(real.inRepo);
  const first = await thread.run("First question");
  const second = await thread.run("Second question");
  assertEquals(second.threadId, first.threadId);
  assertEquals(second.finalResponse, "Second answer");
  const asked = real.model.requests[1];
  assertEquals(asked?.prompt, "Second question");
  assertEquals(conversation(asked?.body), [
    "user: First question",
    "assistant: First answer",
    "user: Second question",
  ]);
});

Deno.test("Codex.resumeThread continues a thread of another client", async () => {
  await using real = await realCodex([
    modelAnswer(modelMessage("First answer")),
    modelAnswer(modelMessage("Second answer")),
  ]);
  const first = await real.codex.startThread(real.inRepo).run("First question");
  const thread = real.client().resumeThread(
    (first.threadId ?? "").toUpperCase(),
    real.inRepo,
  );
  const second = await thread.run("Second question");
  assertEquals(second.threadId, first.threadId);
  assertEquals(conversation(real.model.requests[1]?.body), [
    "user: First question",
    "assistant: First answer",
    "user: Second question",
  ]);
});

// Facts F17.
Deno.test("Codex sends its key and its originator", async () => {
  await using real = await realCodex(
    [modelAnswer(modelMessage("a")), modelAnswer(modelMessage("b"))],
  );
  await real.client({ apiKey: "sk-of-the-test" }).startThread(real.inRepo)
    .run("Hi");
  assertObjectMatch({ ...real.model.requests[0]?.headers }, {
    authorization: "Bearer sk-of-the-test",
    originator: "acodex_sdk_ts",
  });
  const { model, home } = real;
  const named = new Codex({
    config: model.config,
    env: {
      ...model.env(home),
      CODEX_INTERNAL_ORIGINATOR_OVERRIDE: "somebody",
    },
  });
  await named.startThread(real.inRepo).run("Hi");
  assertEquals(model.requests[1]?.headers.originator, "somebody");
  assertEquals(
    model.requests[1]?.headers.authorization,
    "Bearer scripted-model",
  );
});

/** Returns the messages of the user and the agent, without those that the CLI adds. */
function conversation(body: unknown): string[] {
  const { input } = body as {
    input: {
      type: string;
      role: string;
      content: { text: string }[];
    }[];
  };
  return input.filter((item) => item.type === "message")
    .flatMap(({ role, content }) =>
      content.map(({ text }) => `${role}: ${text}`)
    )
    .filter((line) =>
      /^(?:user|assistant): \w+ (?:question|answer)$/.test(line)
    );
}
