import {
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { z } from "zod";
import {
  CodexInputError,
  CodexStructuredResponseError,
  CodexThreadRunError,
  type Usage,
} from "../../mod.ts";
import {
  modelAnswer,
  modelHttpError,
  modelMessage,
  modelUsage,
} from "../../testing.ts";
import { realCodex } from "../support/real_codex.ts";

const Count = z.object({ n: z.number() });

function tokens(input: number, output: number): Usage {
  return {
    input_tokens: input,
    cached_input_tokens: 0,
    cache_write_input_tokens: 0,
    output_tokens: output,
    reasoning_output_tokens: 0,
  };
}

const used = (input: number, output: number) =>
  modelUsage({ input_tokens: input, output_tokens: output });

Deno.test("TurnOptions.repair sends the issues back on the same thread until an answer is valid", async () => {
  await using real = await realCodex([
    modelAnswer(modelMessage("Hello"), used(5, 1)),
    modelAnswer(modelMessage("Sure!"), used(10, 2)),
    modelAnswer(modelMessage('{"n":"7"}'), used(20, 3)),
    modelAnswer(modelMessage('{"n":7}'), used(30, 4)),
    modelAnswer(modelMessage("Bye"), used(40, 5)),
  ]);
  const thread = real.codex.startThread(real.inRepo);
  await thread.run("Hello");
  const turn = await thread.run("Count", { outputType: Count, repair: 3 });
  assertEquals(turn.structuredResponse, { n: 7 });
  assertEquals(turn.finalResponse, '{"n":7}');

  const [, first, second, third] = real.model.requests;
  assertEquals(first?.prompt, "Count");
  assertStringIncludes(second?.prompt ?? "", "- the answer: is not JSON");
  assertStringIncludes(second?.text ?? "", "Sure!");
  assertStringIncludes(third?.prompt ?? "", "- /n: ");
  assertEquals(third?.textFormat, first?.textFormat);

  // The CLI reports totals; each attempt is counted once.
  assertEquals(turn.usage, tokens(65, 10));
  assertEquals(turn.turnUsage, tokens(60, 9));
  assertEquals(
    turn.attempts.map(({ finalResponse, turnUsage, items }) => [
      finalResponse,
      turnUsage,
      items.length,
    ]),
    [
      ["Sure!", tokens(10, 2), 1],
      ['{"n":"7"}', tokens(20, 3), 1],
      ['{"n":7}', tokens(30, 4), 1],
    ],
  );
  assertEquals(turn.attempts.map(({ error }) => error?.issues.length), [
    1,
    1,
    undefined,
  ]);
  assertEquals(turn.items.length, 3);
  // The next turn still knows its share.
  assertEquals((await thread.run("Bye")).turnUsage, tokens(40, 5));
});

Deno.test("TurnOptions.repair ends after that many repairs, and the turn has the last error", async () => {
  await using real = await realCodex([
    modelAnswer(modelMessage("one")),
    modelAnswer(modelMessage("two")),
    modelAnswer(modelMessage("three")),
  ]);
  const thread = real.codex.startThread(real.inRepo);
  const turn = await thread.run("Count", { outputType: Count, repair: 2 });
  const error = assertThrows(
    () => turn.structuredResponse,
    CodexStructuredResponseError,
  );
  assertEquals(error.responseText, "three");
  assertEquals(error.items.length, 3);
  assertEquals(turn.attempts.length, 3);
  assertEquals(real.model.requests.length, 3);
});

Deno.test("TurnOptions.repair sends nothing after a valid answer, and without it an invalid answer stays", async () => {
  await using real = await realCodex([
    modelAnswer(modelMessage('{"n":1}')),
    modelAnswer(modelMessage("no JSON")),
  ]);
  const thread = real.codex.startThread(real.inRepo);
  const turn = await thread.run("Count", { outputType: Count, repair: 2 });
  assertEquals([turn.structuredResponse, turn.attempts.length], [{ n: 1 }, 1]);
  const wrong = await thread.run("Count", { outputType: Count });
  assertEquals(wrong.attempts, []);
  assertThrows(() => wrong.structuredResponse);
  assertEquals(real.model.requests.length, 2);
});

Deno.test("TurnOptions.repair delivers the events of every attempt, with attempt.started in between, and sends paths of the wrapped answer", async () => {
  await using real = await realCodex([
    modelAnswer(modelMessage('{"value":["a",1]}')),
    modelAnswer(modelMessage('{"value":["a"]}')),
  ]);
  const thread = real.codex.startThread(real.inRepo);
  const streamed = await thread.runStreamed("List", {
    outputType: z.array(z.string().refine(async (text) => await text !== "")),
    repair: 1,
  });
  const seen: unknown[] = [];
  for await (const event of streamed.events) {
    seen.push(event.type === "attempt.started" ? event : event.type);
  }
  const attempt = [
    ...["thread.started", "turn.started", "item.completed", "turn.completed"],
  ];
  const issues = streamed.result.attempts[0]?.error?.issues;
  assertEquals(issues?.map(({ path }) => path), ["/1"]);
  assertEquals(seen, [
    ...attempt,
    { type: "attempt.started", attempt: 2, max_attempts: 2, issues },
    ...attempt,
  ]);
  assertEquals(streamed.result.structuredResponse, ["a"]);
  assertStringIncludes(real.model.requests[1]?.prompt ?? "", "- /value/1: ");
});

Deno.test("an error during a repair is the turn's error, with the items of the earlier attempts", async () => {
  await using real = await realCodex([
    modelAnswer(modelMessage("no JSON")),
    modelHttpError(400, '{"error":{"message":"no more"}}'),
  ]);
  const thread = real.codex.startThread(real.inRepo);
  const error = await assertRejects(
    () => thread.run("Count", { outputType: Count, repair: 1 }),
    CodexThreadRunError,
    "no more",
  );
  assertEquals(error.items.map(({ type }) => type), ["agent_message"]);
  assertEquals(error.code, "turn_failed");
});

Deno.test("Thread.run rejects a repair without an output type, and an invalid number of repairs", async () => {
  await using real = await realCodex([]);
  const thread = real.codex.startThread(real.inRepo);
  for (
    const options of [
      { repair: 1 },
      { outputType: Count, repair: -1 },
      { outputType: Count, repair: 11 },
      { outputType: Count, repair: 1.5 },
    ]
  ) {
    const error = await assertRejects(
      () => thread.run("Count", options),
      CodexInputError,
    );
    assertEquals(error.path, "repair");
  }
  assertEquals(real.hasStarted(), false);
});
