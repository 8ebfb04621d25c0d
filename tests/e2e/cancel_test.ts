import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertLess,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import {
  CodexCancelledError,
  CodexThreadStreamNotConsumedError,
  type ThreadEvent,
} from "../../mod.ts";
import {
  answer,
  command,
  hanging,
  message,
  reasoning,
} from "../../src/testing/model.ts";
import {
  assertNothingRuns,
  processesOf,
  realCodex,
} from "../support/real_codex.ts";
import { MINUTE_MS, SLEEP, until } from "../support/waiting.ts";

/** An agent that says something and then lets a command run. */
const SLEEPING = answer(reasoning("I am tired"), command(SLEEP));

// Facts F15.
Deno.test("Thread.run ends the CLI and its command when the signal is aborted", async () => {
  await using real = await realCodex([SLEEPING, answer(message("Awake"))]);
  const thread = real.codex.startThread(real.inRepo);
  const controller = new AbortController();
  const failed = assertRejects(
    () => thread.run("Sleep", { signal: controller.signal }),
    CodexCancelledError,
  );
  await commandRuns(real.home);
  const reason = new Error("I changed my mind");
  const aborted = performance.now();
  controller.abort(reason);
  const error = await failed;
  assertLess(performance.now() - aborted, MINUTE_MS);
  assertEquals(error.name, "AbortError");
  assertEquals(error.code, "ABORT_ERR");
  assertStrictEquals(error.cause, reason);
  assertEquals(error.items.map((item) => item.type), ["reasoning"]);
  assertEquals(error.threadId, thread.id);
  assert(thread.id !== null);
  await assertNothingRuns(real.home);

  // The thread can go on, and the model is told.
  const turn = await thread.run("Wake up");
  assertEquals(turn.finalResponse, "Awake");
  assertEquals(turn.turnUsage, null);
  assert(real.model.requests[1]?.text.includes("turn_aborted"));
});

Deno.test("Thread.run starts nothing when the signal is aborted before", async () => {
  await using real = await realCodex([]);
  const reason = new Error("Never mind");
  const error = await assertRejects(
    () =>
      real.codex.startThread(real.inRepo).run("Hi", {
        signal: AbortSignal.abort(reason),
      }),
    CodexCancelledError,
  );
  assertStrictEquals(error.cause, reason);
  assertEquals(await Array.fromAsync(Deno.readDir(real.home)), []);
});

Deno.test("Thread.run ends a turn whose model hangs when the signal is aborted", async () => {
  await using real = await realCodex([hanging(message("So far"))]);
  const controller = new AbortController();
  const { signal } = controller;
  const streamed = await real.codex.startThread(real.inRepo)
    .runStreamed("Hang", { signal });
  let aborted = 0;
  const error = await assertRejects(async () => {
    for await (const event of streamed.events) {
      if (event.type !== "item.completed") continue;
      aborted = performance.now();
      controller.abort();
    }
  }, CodexCancelledError);
  assertLess(performance.now() - aborted, MINUTE_MS);
  assertInstanceOf(error.cause, DOMException);
  assertEquals(error.items.length, 1);
  assertStrictEquals(assertThrows(() => streamed.result), error);
  assertEquals((await real.model.settled(1)).outcome, "client-gone");
});

Deno.test("Thread.run is cancelled by a signal of AbortSignal.timeout", async () => {
  await using real = await realCodex([hanging()]);
  const error = await assertRejects(
    () =>
      real.codex.startThread(real.inRepo).run("Hang", {
        signal: AbortSignal.timeout(400),
      }),
    CodexCancelledError,
  );
  assertEquals((error.cause as DOMException).name, "TimeoutError");
});

Deno.test("Thread.run completes when the signal is aborted after turn.completed", async () => {
  await using real = await realCodex([answer(message("Done"))]);
  const controller = new AbortController();
  const streamed = await real.codex.startThread(real.inRepo)
    .runStreamed("Hi", { signal: controller.signal });
  for await (const event of streamed.events) {
    if (event.type === "turn.completed") controller.abort();
  }
  assertEquals(streamed.result.finalResponse, "Done");
});

Deno.test("StreamedTurn.events ends the CLI and its command when the loop is left", async () => {
  await using real = await realCodex([SLEEPING]);
  const streamed = await real.codex.startThread(real.inRepo)
    .runStreamed("Sleep");
  let left = 0;
  for await (const event of streamed.events) {
    if (!begins(event, "command_execution")) continue;
    await commandRuns(real.home);
    left = performance.now();
    break;
  }
  // The loop is not over before nothing of the turn is left.
  assertLess(performance.now() - left, MINUTE_MS);
  await assertNothingRuns(real.home);
  assertThrows(() => streamed.result, CodexThreadStreamNotConsumedError);
});

// Facts F26.
Deno.test("StreamedTurn.events leaves a thread that can go on when the loop is left at turn.completed", async () => {
  await using real = await realCodex([
    answer(message("First answer")),
    answer(message("Second answer")),
  ]);
  const thread = real.codex.startThread(real.inRepo);
  const streamed = await thread.runStreamed("First question");
  for await (const event of streamed.events) {
    if (event.type === "turn.completed") break;
  }
  const turn = await thread.run("Second question");
  assertEquals(turn.finalResponse, "Second answer");
  assert(real.model.requests[1]?.text.includes("First answer"));
  // The first turn was complete: its total is known.
  assertEquals(turn.turnUsage?.input_tokens, 10);
});

Deno.test("StreamedTurn ends the CLI at the end of an await using block", async () => {
  await using real = await realCodex([SLEEPING]);
  let disposed = 0;
  {
    await using streamed = await real.codex.startThread(real.inRepo)
      .runStreamed("Sleep");
    for await (const event of keepOpen(streamed.events)) {
      if (begins(event, "command_execution")) break;
    }
    await commandRuns(real.home);
    // The command goes on: this would wait for its end.
    const next = streamed.events.next();
    disposed = performance.now();
    await streamed[Symbol.asyncDispose]();
    assertEquals(await next, { value: undefined, done: true });
  }
  assertLess(performance.now() - disposed, MINUTE_MS);
  await assertNothingRuns(real.home);
});

/** Waits until the agent's command runs. */
async function commandRuns(home: string): Promise<void> {
  await until(
    SLEEP,
    async () =>
      (await processesOf(home)).find(({ command }) => command.endsWith(SLEEP)),
  );
}

/** Whether an item of a type begins with this event. */
function begins(event: ThreadEvent, type: string): boolean {
  return event.type === "item.started" && event.item.type === type;
}

/** The same events, in a loop that can be left without an end to the turn. */
function keepOpen<T>(events: AsyncGenerator<T>): AsyncIterable<T> {
  return {
    [Symbol.asyncIterator]: () => ({ next: () => events.next() }),
  };
}
