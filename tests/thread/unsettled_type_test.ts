/** A type that never finishes reading an answer does not keep its turn. @module */

import { assertEquals, assertRejects } from "@std/assert";
import { CodexCancelledError, CodexTimeoutError } from "../../mod.ts";
import { agentMessage, fakeCodex } from "../../testing.ts";

/** A type that waits for something that never comes; `reading` resolves when it begins. */
function unsettled() {
  const { promise: reading, resolve } = Promise.withResolvers<void>();
  const outputType = {
    schema: { type: "object", properties: {}, additionalProperties: false },
    parse(): Promise<never> {
      resolve();
      return new Promise(() => {});
    },
  };
  return { options: { outputType, repair: 1 }, reading };
}

const ANSWER = agentMessage("{}");

Deno.test("A time limit ends a turn whose type never finishes", async () => {
  const thread = fakeCodex([ANSWER]).startThread();
  const { options } = unsettled();
  const { items } = await assertRejects(
    () => thread.run("Hi", { ...options, timeoutMs: 50 }),
    CodexTimeoutError,
  );
  assertEquals(items.length, 1);
});

Deno.test("An abort ends a turn whose type never finishes, and the next turn runs", async () => {
  const thread = fakeCodex([ANSWER, ANSWER]).startThread();
  const { options, reading } = unsettled();
  const controller = new AbortController();
  const { signal } = controller;
  const run = thread.run("Hi", { ...options, signal });
  await reading;
  controller.abort();
  await assertRejects(() => run, CodexCancelledError);
  assertEquals((await thread.run("Hi")).finalResponse, "{}");
});

Deno.test("A streamed turn whose type never finishes can be left", async () => {
  const { options, reading } = unsettled();
  const streamed = await fakeCodex([ANSWER]).startThread()
    .runStreamed("Hi", options);
  const all = Array.fromAsync(streamed.events);
  await reading;
  await streamed.events.return();
  assertEquals((await all).at(-1)?.type, "turn.completed");
});

Deno.test("An answer that is read at once counts, though the turn was aborted after it was complete", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const streamed = await fakeCodex([ANSWER]).startThread().runStreamed("Hi", {
    outputType: { ...unsettled().options.outputType, parse: () => "read" },
    repair: 1,
    signal,
  });
  for await (const event of streamed) {
    if (event.type === "turn.completed") controller.abort();
  }
  assertEquals(streamed.result.structuredResponse, "read");
});
