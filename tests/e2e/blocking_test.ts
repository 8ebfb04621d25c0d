import { assert, assertEquals } from "@std/assert";
import {
  modelAnswer,
  modelCommand,
  modelHang,
  modelMessage,
  modelUsage,
} from "../../testing.ts";
import { assertNothingRuns, realCodex } from "../support/real_codex.ts";
import { runProgram } from "../support/run_program.ts";

Deno.test("The blocking client streams, counts, resumes and leaves turns of the real CLI", async () => {
  const marker = await Deno.makeTempFile({ prefix: "acodex_e2e_marker_" });
  await using real = await realCodex([
    modelAnswer(modelCommand(`sleep 1; rm '${marker}'`)),
    modelAnswer(
      modelMessage("Waited"),
      modelUsage({ input_tokens: 7, output_tokens: 1 }),
    ),
    modelAnswer(
      modelMessage('{"n":3}'),
      modelUsage({ input_tokens: 5, output_tokens: 1 }),
    ),
    modelHang(modelMessage("So far")),
  ]);
  const { whileTheCommandRan, ...said } = Object(
    await runProgram(new URL("blocking_host.ts", import.meta.url), {
      client: {
        config: real.model.config,
        env: { ...real.model.env(real.home), PATH: Deno.env.get("PATH") },
      },
      thread: real.inRepo,
      marker,
    }),
  );
  await assertNothingRuns(real.home);
  // `thread.started`, `turn.started` and the command's `item.started`.
  assert(whileTheCommandRan >= 3, `${whileTheCommandRan} events`);
  assertEquals(said, {
    finalResponse: "Waited",
    items: ["command_execution", "agent_message"],
    structuredResponse: { n: 3 },
    inputTokens: 5,
    sameThread: true,
  });
});
