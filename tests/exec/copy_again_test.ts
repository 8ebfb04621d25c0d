import { assertEquals, assertRejects } from "@std/assert";
import { CodexCancelledError, CodexExecError } from "../../mod.ts";
import { completedTurn } from "../../src/testing/fake.ts";
import { printing } from "../support/fake_codex.ts";
import { fakeClient } from "../thread/support.ts";

// Facts F72: what the CLI prints. The real one does so too rarely to wait for it.

const ORIGINAL = "01a204fd-5d2f-7c33-a821-000000000001";

/** A CLI that cannot copy the thread in its first runs. */
function behind(times: number, verb = "fork"): string {
  const message =
    `Error: thread/${verb}: thread/${verb} failed: failed to prepare paginated fork: thread-store internal error: thread history projection for ${ORIGINAL} is behind durable rollout (code -32603)`;
  return `
cat > /dev/null
[ "$1" = exec ] || exit 1
echo run >> "$FAKE_HOME/log"
if [ "$(wc -l < "$FAKE_HOME/log")" -le ${times} ]; then
  echo '${message}' >&2
  exit 1
fi
${printing(...completedTurn("fine"))}`;
}

Deno.test("A fork that the CLI is not ready for is retried, with each warning once", async () => {
  await using fake = await fakeClient(behind(2));
  const turn = await fake.codex.forkThread(ORIGINAL, {
    additionalDirectories: [Deno.cwd()],
  }).run("Hi");
  assertEquals(turn.finalResponse, "fine");
  assertEquals(turn.warnings.length, 1);
  assertEquals(fake.log().length, 3);
});

Deno.test("A fork that the CLI never becomes ready for fails after five runs", async () => {
  await using fake = await fakeClient(behind(100));
  const error = await assertRejects(
    () => fake.codex.forkThread(ORIGINAL).run("Hi"),
    CodexExecError,
    "is behind durable rollout",
  );
  assertEquals(error.code, "exited");
  assertEquals(fake.log().length, 5);
});

Deno.test("A fork that is aborted between two runs is not retried", async () => {
  const stop = new AbortController();
  await using fake = await fakeClient(behind(100), {
    onExit: () => stop.abort(),
  });
  await assertRejects(
    () => fake.codex.forkThread(ORIGINAL).run("Hi", { signal: stop.signal }),
    CodexCancelledError,
  );
  assertEquals(fake.log().length, 1);
});

Deno.test("A turn that is not a fork runs once", async () => {
  await using fake = await fakeClient(behind(1, "resume"));
  await assertRejects(
    () => fake.codex.resumeThread(ORIGINAL).run("Hi"),
    CodexExecError,
  );
  assertEquals(fake.log().length, 1);
});
