import { assertEquals, assertLess } from "@std/assert";
import { STAYING_AWAKE } from "../support/fake_codex.ts";
import { MINUTE_MS, timed } from "../../src/testing/waiting.ts";
import { readText, run } from "./process_support.ts";

Deno.test("CodexProcess ends a child with SIGINT, and waits until it has exited", async () => {
  // Waiting out the grace would take longer than the bound.
  await using fake = await run(["note ready yes", "stay"], {
    graceMs: 2 * MINUTE_MS,
  });
  await fake.fake.note("ready");
  assertEquals(fake.process.wasEnded, false);
  assertLess(await timed(() => fake.process.end()), MINUTE_MS);
  assertEquals(fake.process.wasEnded, true);
  assertEquals(await fake.left(), []);
  assertEquals(await fake.process.finish(), {
    exitCode: null,
    signal: "SIGINT",
  });
});

Deno.test("CodexProcess reports the exit code of a child that exits on SIGINT", async () => {
  await using fake = await run(
    `trap 'echo bye; exit 1' INT
    echo ready > "$FAKE_HOME/ready"
    ${STAYING_AWAKE}`,
  );
  await fake.fake.note("ready");
  const [text] = await Promise.all([
    readText(fake.process),
    fake.process.end(),
  ]);
  assertEquals(text, "bye\n");
  assertEquals(await fake.process.finish(), { exitCode: 1, signal: null });
});

Deno.test("CodexProcess ends a child once, however often end() is called", async () => {
  await using fake = await run(
    `trap 'echo hit >> "$FAKE_HOME/hits"; exit 1' INT
    echo ready > "$FAKE_HOME/ready"
    ${STAYING_AWAKE}`,
  );
  await fake.fake.note("ready");
  const { process } = fake;
  await Promise.all([process.end(), process.end(), process.finish()]);
  await process.end();
  assertEquals(await fake.fake.note("hits"), "hit");
});

Deno.test("CodexProcess ends nothing after the child has exited", async () => {
  await using fake = await run("exit 5");
  await fake.process.finish();
  await fake.process.end();
  fake.process.expectExit();
  await fake.process.end();
  assertEquals(fake.process.wasEnded, false);
  assertEquals(await fake.process.finish(), { exitCode: 5, signal: null });
});

Deno.test("CodexProcess finishes once, and with the same status each time", async () => {
  await using fake = await run("echo words >&2; exit 6");
  const { process } = fake;
  const statuses = await Promise.all([process.finish(), process.finish()]);
  statuses.push(await process.finish());
  for (const status of statuses) {
    assertEquals(status, { exitCode: 6, signal: null });
  }
  assertEquals(process.stderr, "words\n");
});

Deno.test("CodexProcess sends no signal to a child that exits within the grace", async () => {
  await using fake = await run("echo last\nsleep 0.2\necho more\nexit 0");
  fake.process.expectExit();
  assertEquals(await readText(fake.process), "last\nmore\n");
  assertEquals(await fake.process.finish(), { exitCode: 0, signal: null });
  assertEquals(fake.process.wasEnded, false);
});
