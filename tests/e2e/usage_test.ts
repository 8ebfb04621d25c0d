import { assertEquals, assertRejects } from "@std/assert";
import { CodexThreadRunError, type Usage } from "../../mod.ts";
import {
  modelAnswer,
  modelHttpError,
  modelMessage,
  modelUsage,
} from "../../testing.ts";
import { realCodex } from "../support/real_codex.ts";

/** Builds a usage of input and output tokens only. */
function tokens(input: number, output: number): Usage {
  return {
    input_tokens: input,
    cached_input_tokens: 0,
    cache_write_input_tokens: 0,
    output_tokens: output,
    reasoning_output_tokens: 0,
  };
}

// Facts F5.
Deno.test("Turn.usage is the thread's total, Turn.turnUsage the turn's share", async () => {
  await using real = await realCodex([
    modelAnswer(
      modelMessage("a"),
      modelUsage({
        input_tokens: 10,
        cached_input_tokens: 4,
        output_tokens: 5,
      }),
    ),
    modelAnswer(
      modelMessage("b"),
      modelUsage({
        input_tokens: 20,
        output_tokens: 6,
        reasoning_output_tokens: 2,
      }),
    ),
    modelAnswer(
      modelMessage("c"),
      modelUsage({ input_tokens: 30, output_tokens: 7 }),
    ),
  ]);
  const thread = real.codex.startThread(real.inRepo);
  const shares: (Usage | null)[] = [];
  const totals: (Usage | null)[] = [];
  for (const prompt of ["a", "b", "c"]) {
    const turn = await thread.run(prompt);
    shares.push(turn.turnUsage);
    totals.push(turn.usage);
  }
  assertEquals(shares, [
    { ...tokens(10, 5), cached_input_tokens: 4 },
    { ...tokens(20, 6), reasoning_output_tokens: 2 },
    tokens(30, 7),
  ]);
  const both = { cached_input_tokens: 4, reasoning_output_tokens: 2 };
  assertEquals(totals, [
    { ...tokens(10, 5), cached_input_tokens: 4 },
    { ...tokens(30, 11), ...both },
    { ...tokens(60, 18), ...both },
  ]);
});

Deno.test("Turn.turnUsage is null in the first turn of a resumed thread, and known from the second", async () => {
  await using real = await realCodex([
    modelAnswer(modelMessage("a")),
    modelAnswer(modelMessage("b")),
    modelAnswer(modelMessage("c")),
  ]);
  const { threadId } = await real.codex.startThread(real.inRepo).run("a");
  const thread = real.codex.resumeThread(threadId ?? "", real.inRepo);
  const second = await thread.run("b");
  assertEquals(second.usage, tokens(20, 10));
  assertEquals(second.turnUsage, null);
  const third = await thread.run("c");
  assertEquals(third.usage, tokens(30, 15));
  assertEquals(third.turnUsage, tokens(10, 5));
});

Deno.test("Turn.turnUsage is null after a turn that failed, and known from the next", async () => {
  await using real = await realCodex([
    modelAnswer(modelMessage("a")),
    modelHttpError(400),
    modelAnswer(modelMessage("c")),
    modelAnswer(modelMessage("d")),
  ]);
  const thread = real.codex.startThread(real.inRepo);
  await thread.run("a");
  await assertRejects(() => thread.run("b"), CodexThreadRunError);
  const third = await thread.run("c");
  assertEquals(third.usage, tokens(20, 10));
  assertEquals(third.turnUsage, null);
  assertEquals((await thread.run("d")).turnUsage, tokens(10, 5));
});
