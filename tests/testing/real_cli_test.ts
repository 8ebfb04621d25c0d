import { assertEquals, assertRejects } from "@std/assert";
import { Codex } from "../../mod.ts";
import { modelAnswer, modelCommand, modelMessage } from "../../testing.ts";
import { OPEN, startRealCli } from "../../src/testing/real_cli.ts";

Deno.test("The real CLI runs a turn in its own folder and home", async () => {
  const parent = await Deno.makeTempDir();
  try {
    const real = await startRealCli([
      modelAnswer(modelCommand("echo $CODEX_HOME in $PWD, $GIVEN")),
      modelAnswer(modelMessage("Done")),
    ], { parent, env: { GIVEN: "given" } });
    assertEquals(real.hasStarted(), false);
    const turn = await new Codex(real.codexOptions).startThread(real.inRepo)
      .run("Go");
    const printed = turn.items.flatMap((item) =>
      item.type === "command_execution" ? [item.aggregated_output] : []
    );
    assertEquals(printed, [`${real.home} in ${real.repo}, given\n`]);
    assertEquals(turn.finalResponse, "Done");
    assertEquals(real.hasStarted(), true);
    assertEquals(real.inRepo, { ...OPEN, workingDirectory: real.repo });
    assertEquals(real.codexOptions.env, real.env);
    for (const folder of [real.home, real.repo]) {
      assertEquals(folder.startsWith(await Deno.realPath(parent)), true);
    }
    await real.close();
    assertEquals(await Array.fromAsync(Deno.readDir(parent)), []);
    await assertRejects(() => fetch(real.model.baseUrl), TypeError);
    // Disposing it twice does no harm.
    await real[Symbol.asyncDispose]();
  } finally {
    await Deno.remove(parent, { recursive: true });
  }
});

Deno.test("The real CLI gets the model's options for retries", async () => {
  await using real = await startRealCli([], { requestMaxRetries: 3 });
  const { mock } = real.codexOptions.config.model_providers;
  assertEquals(mock.request_max_retries, 3);
});
