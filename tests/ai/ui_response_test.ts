import { assertEquals, assertStringIncludes } from "@std/assert";
import { toUIMessageResponse } from "../../ai.ts";
import { BEGUN, fakeTurn, said } from "./support.ts";
import { modelAnswer, modelCommand } from "../../testing.ts";
import { assertNothingRuns, realCodex } from "../support/real_codex.ts";
import { withinMinute } from "../../src/testing/waiting.ts";
import { withFakeTime } from "./fake_time.ts";

Deno.test("A turn is streamed as server-sent events", async () => {
  const response = toUIMessageResponse(
    fakeTurn([...BEGUN, said("m", "Hi")], { finalResponse: "Hi" }),
    { headers: [["X-Own", "1"], ["cache-control", "no-store"]] },
  );
  assertEquals(
    Object.fromEntries(response.headers),
    {
      "cache-control": "no-store",
      "content-type": "text/event-stream",
      "x-accel-buffering": "no",
      "x-own": "1",
      "x-vercel-ai-ui-message-stream": "v1",
    },
  );
  const events = (await response.text()).split("\n\n");
  assertEquals(events.slice(-2), ["data: [DONE]", ""]);
  assertEquals(JSON.parse(String(events[0]?.slice("data: ".length))), {
    type: "start",
  });
});

Deno.test("Cancelling the body of a response that is not read abandons the turn", async () => {
  const turn = fakeTurn(BEGUN, { hangs: true });
  await toUIMessageResponse(turn).body?.cancel();
  assertEquals(turn.isLeft(), true);
});

Deno.test("A silent turn sends keep-alive comments while somebody reads", async () => {
  await withFakeTime(async (tick) => {
    const turn = fakeTurn([], { hangs: true });
    const response = toUIMessageResponse(turn);
    const reader = response.body?.getReader();
    const reading = reader?.read();
    await tick();
    const { value } = await reading ?? {};
    assertStringIncludes(new TextDecoder().decode(value), ": ");
    // While nobody reads, at most one comment is queued.
    for (let index = 0; index < 3; index += 1) await tick();
    await reader?.read();
    const last = reader?.read();
    let isDone = false;
    last?.then(() => isDone = true);
    await Promise.resolve();
    assertEquals(isDone, false);
    await reader?.cancel();
    assertEquals(turn.isLeft(), true);
  });
});

Deno.test("A client that disconnects from a server ends the turn", async () => {
  await using real = await realCodex(() =>
    modelAnswer(modelCommand("sleep 300"))
  );
  const turn = await real.codex.startThread(real.inRepo).runStreamed("Go");
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    () => toUIMessageResponse(turn),
  );
  const controller = new AbortController();
  const { signal } = controller;
  const response = await fetch(`http://127.0.0.1:${server.addr.port}`, {
    signal,
  });
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  for (let text = ""; !text.includes("tool-input-available");) {
    const { value } = await withinMinute("the call", reader?.read() ?? never());
    text += decoder.decode(value);
  }
  controller.abort();
  await assertNothingRuns(real.home);
  await turn.events.return();
});

function never(): never {
  throw new Error("The response has no body");
}
