import { Readable } from "node:stream";
import {
  assertEquals,
  assertLess,
  assertRejects,
  assertThrows,
} from "@std/assert";
import {
  CodexCancelledError,
  CodexThreadStreamNotConsumedError,
} from "../../mod.ts";
import { agentMessage, itemCompleted } from "../../testing.ts";
import { printTurn, say, STAYING_AWAKE } from "../support/fake_codex.ts";
import { MINUTE_MS, SLEEP, wait } from "../../src/testing/waiting.ts";
import { BEGIN, fakeClient } from "./support.ts";

/** An event that comes too late: the CLI prints it while it shuts down. */
const LATE = JSON.stringify(itemCompleted(agentMessage("late")));

/** Hangs, and on SIGINT prints one more event before it exits. */
const SPEAKS_LAST = `
cat > /dev/null
${say(...BEGIN)}
trap '${say(LATE).replaceAll("'", `'\\''`)}; exit 1' INT
echo ready > "$FAKE_HOME/ready"
${STAYING_AWAKE}`;

Deno.test("StreamedTurn.events.return() resolves at once, and a pending next() resolves as done", async () => {
  await using fake = await fakeClient(SPEAKS_LAST);
  const streamed = await fake.codex.startThread().runStreamed("Hi");
  for (const _ of BEGIN) await streamed.events.next();
  await fake.note("ready");
  const next = streamed.events.next();
  const left = performance.now();
  const done = { value: undefined, done: true as const };
  assertEquals(await streamed.events.return(), done);
  assertLess(performance.now() - left, MINUTE_MS);
  assertEquals(await next, done);
  assertEquals(await streamed.events.next(), done);
  assertThrows(() => streamed.result, CodexThreadStreamNotConsumedError);
});

Deno.test("StreamedTurn.events.throw() ends the turn at once, and rejects with the error", async () => {
  await using fake = await fakeClient(SPEAKS_LAST);
  const streamed = await fake.codex.startThread().runStreamed("Hi");
  for (const _ of BEGIN) await streamed.events.next();
  await fake.note("ready");
  const next = streamed.events.next();
  const left = performance.now();
  await assertRejects(
    () => streamed.events.throw(new Error("mine")),
    Error,
    "mine",
  );
  assertLess(performance.now() - left, MINUTE_MS);
  assertEquals(await next, { value: undefined, done: true });
  assertThrows(() => streamed.result, CodexThreadStreamNotConsumedError);
});

Deno.test("StreamedTurn read by Node's Readable.from ends when the stream is destroyed", async () => {
  await using fake = await fakeClient(SPEAKS_LAST);
  const streamed = await fake.codex.startThread().runStreamed("Hi");
  const readable = Readable.from(streamed);
  readable.resume();
  readable.on("error", () => {});
  const closed = new Promise((resolve) => readable.on("close", resolve));
  await fake.note("ready");
  const left = performance.now();
  readable.destroy(new Error("the reader has left"));
  await closed;
  assertLess(performance.now() - left, MINUTE_MS);
  assertThrows(() => streamed.result, CodexThreadStreamNotConsumedError);
});

Deno.test("StreamedTurn can be left concurrently and repeatedly", async () => {
  await using fake = await fakeClient(SPEAKS_LAST);
  const streamed = await fake.codex.startThread().runStreamed("Hi");
  const waiting = [streamed.events.next(), streamed.events.next()];
  await fake.note("ready");
  await Promise.all([
    streamed.events.return(),
    streamed[Symbol.asyncDispose](),
    streamed.events[Symbol.asyncDispose](),
  ]);
  await streamed[Symbol.asyncDispose]();
  await Promise.all(waiting);
  assertEquals((await streamed.events.next()).done, true);
});

Deno.test("StreamedTurn disposed before its first event starts nothing", async () => {
  await using fake = await fakeClient(printTurn("Hi"));
  {
    await using streamed = await fake.codex.startThread().runStreamed("Hi");
    assertThrows(() => streamed.result, CodexThreadStreamNotConsumedError);
  }
  const left = await fake.codex.startThread().runStreamed("Hi");
  const next = left.events.next();
  await left.events.return();
  assertEquals((await next).done, true);
  assertEquals(fake.starts(), 0);
});

Deno.test("Thread.runStreamed starts nothing before the first event is requested", async () => {
  await using fake = await fakeClient(printTurn("Hi"));
  const streamed = await fake.codex.startThread().runStreamed("Hi");
  void streamed.readable;
  await wait(50);
  assertEquals(fake.starts(), 0);
  await Array.fromAsync(streamed.events);
  assertEquals(fake.starts(), 1);
  assertEquals(streamed.result.finalResponse, "Hi");
});

Deno.test("Thread.run ends a CLI whose start is under way when the signal is aborted", async () => {
  await using fake = await fakeClient(`cat > /dev/null\nexec ${SLEEP}`);
  const controller = new AbortController();
  const { spawn } = Deno.Command.prototype;
  // Aborts between the start of the process and its registration.
  Deno.Command.prototype.spawn = function (): Deno.ChildProcess {
    const child = spawn.call(this);
    queueMicrotask(() => controller.abort());
    return child;
  };
  const started = performance.now();
  try {
    await assertRejects(
      () => fake.codex.startThread().run("Hi", { signal: controller.signal }),
      CodexCancelledError,
    );
  } finally {
    Deno.Command.prototype.spawn = spawn;
  }
  assertLess(performance.now() - started, MINUTE_MS);
});

Deno.test("StreamedTurn left after an abort resolves a pending next() as done, and has no result", async () => {
  await using fake = await fakeClient(SPEAKS_LAST);
  const controller = new AbortController();
  const streamed = await fake.codex.startThread().runStreamed("Hi", {
    signal: controller.signal,
  });
  for (const _ of BEGIN) await streamed.events.next();
  await fake.note("ready");
  const next = streamed.events.next();
  controller.abort();
  const done = { value: undefined, done: true as const };
  assertEquals(await streamed.events.return(), done);
  assertEquals(await next, done);
  assertThrows(() => streamed.result, CodexThreadStreamNotConsumedError);
});
