import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { Codex, CodexExecError } from "../../mod.ts";
import { fakeCodex } from "../support/fake_codex.ts";

/** Returns the error of a turn whose CLI is a script. */
async function catchFailure(script: string): Promise<CodexExecError> {
  await using fake = await fakeCodex(script);
  const codex = new Codex({ codexPathOverride: fake.path });
  return await assertRejects(
    () => codex.startThread().run("Hi"),
    CodexExecError,
  );
}

Deno.test("Thread.run reports a shell's exit codes 126 and 127 with the shell's message", async () => {
  const missing = await catchFailure("exec /nowhere/node codex.js");
  assertEquals([missing.code, missing.exitCode], ["exited", 127]);
  assertMatch(missing.message, /code 127: .*\/nowhere\/node.* not found/);
  const closed = await catchFailure('exec "$FAKE_HOME"');
  assertEquals([closed.code, closed.exitCode], ["exited", 126]);
  assertMatch(closed.message, /code 126: .*[Pp]ermission denied/);
});
