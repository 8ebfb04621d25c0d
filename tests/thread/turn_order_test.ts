import { assertEquals, assertLess, assertRejects } from "@std/assert";
import { z } from "zod";
import { CodexCancelledError, CodexOutputSchemaError } from "../../mod.ts";
import { completedTurn, printing } from "../support/fake_codex.ts";
import { MINUTE_MS } from "../../src/testing/waiting.ts";
import { BEGIN, fakeClient, hangingAfter } from "./support.ts";

/** Logs the prompt, and the turn's start and end. */
const LOGGING = `
prompt=$(cat)
echo "begin $prompt" >> "$FAKE_HOME/log"
${printing(...completedTurn("{}"))}
sleep 0.05
echo "end $prompt" >> "$FAKE_HOME/log"`;

Deno.test("Thread runs turns one after the other, in the order in which they were started", async () => {
  await using fake = await fakeClient(LOGGING);
  const thread = fake.codex.startThread();
  // The first takes longer to prepare: its type has to become a schema.
  await Promise.all([
    thread.run("1", { outputType: z.object({}) }),
    thread.run("2"),
    assertRejects(
      () => thread.run("never", { outputType: z.object({ a: z.date() }) }),
      CodexOutputSchemaError,
    ),
    thread.run("3", { outputType: z.object({}) }),
    thread.run("4"),
  ]);
  assertEquals(
    fake.log(),
    ["1", "2", "3", "4"].flatMap((n) => [`begin ${n}`, `end ${n}`]),
  );
});

Deno.test("A turn's duration excludes the wait for earlier turns", async () => {
  await using fake = await fakeClient(`
cat > /dev/null
sleep 0.2
${printing(...completedTurn("fine"))}`);
  const thread = fake.codex.startThread();
  const begun = performance.now();
  const turns = await Promise.all([thread.run("1"), thread.run("2")]);
  const took = performance.now() - begun;
  const sum = turns.reduce((sum, { durationMs }) => sum + durationMs, 0);
  // Each is rounded to whole milliseconds.
  assertLess(sum, took + turns.length);
});

Deno.test("Thread.run can be aborted while it waits for its place, and later turns do not overtake", async () => {
  await using fake = await fakeClient(LOGGING);
  const thread = fake.codex.startThread();
  const controller = new AbortController();
  const first = thread.run("1");
  const second = assertRejects(
    () => thread.run("2", { signal: controller.signal }),
    CodexCancelledError,
  );
  const third = thread.run("3");
  controller.abort(new Error("enough"));
  assertEquals(((await second).cause as Error).message, "enough");
  await Promise.all([first, third]);
  assertEquals(fake.log(), ["begin 1", "end 1", "begin 3", "end 3"]);
});

Deno.test("Thread continues with the next turn when one fails or is left", async () => {
  await using fake = await fakeClient(`
prompt=$(cat)
echo "$prompt" >> "$FAKE_HOME/log"
[ "$prompt" = bad ] && exit 3
${printing(...completedTurn("ok"))}`);
  const thread = fake.codex.startThread();
  const left = await thread.runStreamed("left");
  await left.events.next();
  const failing = assertRejects(() => thread.run("bad"));
  const last = thread.run("good");
  await left.events.return();
  await failing;
  assertEquals((await last).finalResponse, "ok");
  assertEquals(fake.log(), ["left", "bad", "good"]);
});

Deno.test("StreamedTurn.events.return() removes a turn that waits for its place", async () => {
  await using fake = await fakeClient(
    `cat > /dev/null\n${hangingAfter(...BEGIN)}`,
  );
  const thread = fake.codex.startThread();
  const running = await thread.runStreamed("1");
  await running.events.next();
  const waiting = await thread.runStreamed("2");
  const next = waiting.events.next();
  const left = performance.now();
  await waiting.events.return();
  assertEquals(await next, { value: undefined, done: true });
  assertLess(performance.now() - left, MINUTE_MS);
  assertEquals(fake.starts(), 1);
  await running.events.return();
});

Deno.test("Thread does not wait for a streamed turn whose events are never requested", async () => {
  await using fake = await fakeClient(LOGGING);
  const thread = fake.codex.startThread();
  const streamed = await thread.runStreamed("never");
  await thread.run("1");
  assertEquals(fake.starts(), 1);
  await streamed.events.return();
  assertEquals(await Array.fromAsync(streamed.events), []);
  assertEquals(fake.starts(), 1);
});
