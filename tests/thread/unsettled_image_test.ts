/** An image whose bytes never arrive does not keep a turn that is aborted. @module */

import { assertEquals, assertRejects } from "@std/assert";
import { CodexCancelledError, type UserInput } from "../../mod.ts";
import { agentMessage, fakeCodex } from "../../testing.ts";

/** Creates a prompt with an image that waits for something that never comes. */
const unsettled = (): UserInput[] => [
  { type: "text", text: "Describe it" },
  {
    type: "image",
    image: new Response(new ReadableStream()) as unknown as Blob,
  },
];

Deno.test("An abort ends a turn whose image never arrives, and the next turn runs", async () => {
  const thread = fakeCodex([agentMessage("Hello")]).startThread();
  const controller = new AbortController();
  const { signal } = controller;
  const run = thread.run(unsettled(), { signal });
  const streamed = thread.runStreamed(unsettled(), { signal });
  controller.abort("no longer wanted");
  const error = await assertRejects(() => run, CodexCancelledError);
  assertEquals(error.cause, "no longer wanted");
  await assertRejects(
    () =>
      Array.fromAsync((async function* () {
        yield* (await streamed).events;
      })()),
    CodexCancelledError,
  );
  assertEquals((await thread.run("Hi")).finalResponse, "Hello");
});
