import { assert, assertEquals } from "@std/assert";
import {
  answer,
  command,
  hanging,
  message,
  usage,
} from "../../src/testing/model.ts";
import { assertNothingRuns, realCodex } from "../support/real_codex.ts";
import { runProgram } from "../support/run_program.ts";

Deno.test("The blocking client streams, counts, resumes and leaves turns of the real CLI", async () => {
  const marker = await Deno.makeTempFile({ prefix: "acodex_e2e_marker_" });
  await using real = await realCodex([
    answer(command(`sleep 1; rm '${marker}'`)),
    answer(message("Waited"), usage({ input_tokens: 7, output_tokens: 1 })),
    answer(message('{"n":3}'), usage({ input_tokens: 5, output_tokens: 1 })),
    hanging(message("So far")),
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
