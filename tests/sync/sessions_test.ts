import { assertEquals, assertMatch } from "@std/assert";
import { modelAnswer, modelMessage, modelUsage } from "../../testing.ts";
import { assertNothingRuns, realCodex } from "../support/real_codex.ts";
import { runProgram } from "../support/run_program.ts";

Deno.test("The blocking client copies threads, resumes the last, reviews, and knows shares", async () => {
  await using real = await realCodex(() =>
    modelAnswer(
      modelMessage("Done"),
      modelUsage({ input_tokens: 5, output_tokens: 1 }),
    )
  );
  const { refused, ...said } = Object(
    await runProgram(new URL("sessions_host.ts", import.meta.url), {
      client: {
        config: real.model.config,
        env: { ...real.model.env(real.home), PATH: Deno.env.get("PATH") },
      },
      thread: real.inRepo,
    }),
  );
  await assertNothingRuns(real.home);
  assertMatch(refused, /Cannot fork a thread that has not begun/);
  assertEquals(said, {
    copies: 3,
    shares: [5, 5, 5],
    isLast: true,
    took: true,
    changed: [],
    review: ["Done", null],
  });
  const asked = real.model.requests[1]?.text ?? "";
  assertEquals(asked.includes("First question"), true);
});
