import { assertEquals, assertGreater, assertLess } from "@std/assert";
import { STAYING_AWAKE } from "../support/fake_codex.ts";
import { MINUTE_MS, SLEEP, timed, wait } from "../support/waiting.ts";
import { readText, run } from "./process_support.ts";

/** A child that says when its traps are set, and stays. */
function ignoring(...signals: string[]): string {
  const traps = signals.map((signal) => `trap '' ${signal}\n`).join("");
  return `${traps}echo ready > "$FAKE_HOME/ready"\nexec ${SLEEP}`;
}

Deno.test("CodexProcess ends a child with SIGINT, and waits until it is gone", async () => {
  // A grace that was waited out would take longer than the bound.
  await using fake = await run(ignoring(), { graceMs: 2 * MINUTE_MS });
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

Deno.test("CodexProcess goes on to SIGTERM and SIGKILL, each after its grace", async () => {
  await using term = await run(ignoring("INT"));
  await using kill = await run(ignoring("INT", "TERM"), { graceMs: 700 });
  await Promise.all([term.fake.note("ready"), kill.fake.note("ready")]);
  const [termMs, killMs] = await Promise.all([
    timed(() => term.process.end()),
    timed(() => kill.process.end()),
  ]);
  assertEquals((await term.process.finish()).signal, "SIGTERM");
  assertEquals((await kill.process.finish()).signal, "SIGKILL");
  // Two seconds for each signal where nothing else is said; never all of them at once.
  assertGreater(termMs, 1900);
  assertGreater(killMs, 1300);
  assertLess(killMs, MINUTE_MS);
  assertEquals(await term.left(), []);
  assertEquals(await kill.left(), []);
});

Deno.test("CodexProcess takes a child that exits by itself on SIGINT at its word", async () => {
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

Deno.test("CodexProcess ends a child once, however often it is asked to", async () => {
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

Deno.test("CodexProcess has nothing to end after the child has exited", async () => {
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

Deno.test("CodexProcess ends a child that lingers: one that has closed its stdout, one that is expected to exit", async () => {
  await using closed = await run(`exec 1>&- \nexec ${SLEEP}`);
  await using expected = await run(`echo last\nexec ${SLEEP}`);
  const times = await Promise.all([
    timed(async () => {
      assertEquals(await readText(closed.process), "");
      await closed.process.finish();
    }),
    timed(async () => {
      expected.process.expectExit();
      expected.process.expectExit();
      assertEquals(await readText(expected.process), "last\n");
    }),
  ]);
  for (const ms of times) {
    assertGreater(ms, 1900);
    assertLess(ms, MINUTE_MS);
  }
  for (const fake of [closed, expected]) {
    assertEquals(fake.process.wasEnded, true);
    assertEquals((await fake.process.finish()).signal, "SIGINT");
    assertEquals(await fake.left(), []);
  }
});

Deno.test("CodexProcess leaves a child alone that exits within the grace", async () => {
  await using fake = await run("echo last\nsleep 0.2\necho more\nexit 0");
  fake.process.expectExit();
  assertEquals(await readText(fake.process), "last\nmore\n");
  assertEquals(await fake.process.finish(), { exitCode: 0, signal: null });
  assertEquals(fake.process.wasEnded, false);
});

Deno.test("CodexProcess leaves nothing of a child that is ended while its prompt is written", async () => {
  await using fake = await run(ignoring(), {
    prompt: "x".repeat(8 * 1024 * 1024),
  });
  await fake.fake.note("ready");
  await wait(50);
  await fake.process.end();
  assertEquals((await fake.process.finish()).signal, "SIGINT");
  assertEquals(await fake.left(), []);
});
