import { assertEquals, assertThrows } from "@std/assert";
import { CodexTimeoutError, type ThreadEvent } from "../../mod.ts";
import {
  modelAnswer,
  modelCommand,
  modelHttpError,
  modelMessage,
} from "../../testing.ts";
import { assertNothingRuns, realCodex } from "../support/real_codex.ts";
import { withinMinute } from "../../src/testing/waiting.ts";

/** Reads a stream to its end, as an HTTP client does. */
async function readText(stream: ReadableStream<Uint8Array>): Promise<string> {
  return await new Response(stream).text();
}

/** Reads server-sent events: the id and data of each. */
function readMessages(text: string): { id: string; event: ThreadEvent }[] {
  return text.split("\n\n").filter((each) => each !== "").map((each) => {
    const [, id = "", data = ""] = /^id: (\d+)\ndata: ([^\n]*)$/.exec(each) ??
      [];
    return { id, event: JSON.parse(data) };
  });
}

Deno.test("toSSE() sends each event of a turn as a numbered message", async () => {
  await using real = await realCodex(() =>
    modelAnswer(modelMessage("Two\nlines,\r\nand \u2028 one"))
  );
  const turn = await real.codex.startThread(real.inRepo).runStreamed("Go");
  const messages = readMessages(await readText(turn.toSSE()));
  assertEquals(messages.map(({ id }) => id), ["1", "2", "3", "4"]);
  assertEquals(messages.map(({ event }) => event.type), [
    "thread.started",
    "turn.started",
    "item.completed",
    "turn.completed",
  ]);
  const { event } = messages[2] ?? {};
  assertEquals(
    event?.type === "item.completed" ? event.item : undefined,
    turn.result.items[0],
  );
});

Deno.test("toNDJSON() sends each event of a turn as a line of JSON", async () => {
  await using real = await realCodex(() =>
    modelAnswer(modelMessage("One\nTwo"))
  );
  const turn = await real.codex.startThread(real.inRepo).runStreamed("Go");
  const lines = (await readText(turn.toNDJSON())).split("\n");
  assertEquals(lines.pop(), "");
  const types = lines.map((line) => JSON.parse(line).type);
  assertEquals(types.at(-1), "turn.completed");
  assertEquals(lines.length, 4);
});

for (const form of ["toSSE", "toNDJSON"] as const) {
  Deno.test(`${form}: a turn stopped by the client reports that to its reader, and throws in the program`, async () => {
    await using real = await realCodex(() =>
      modelAnswer(modelCommand("sleep 300"))
    );
    const turn = await real.codex.startThread(real.inRepo).runStreamed("Go", {
      timeoutMs: 2000,
    });
    const text = await readText(turn[form]());
    const last = text.trimEnd().split("\n").at(-1)?.replace(/^data: /, "");
    const error = assertThrows(() => turn.result, CodexTimeoutError);
    assertEquals(JSON.parse(String(last)), {
      type: "turn.failed",
      error: { message: error.message.split("\n")[0], code: "turn_timeout" },
    });
    await assertNothingRuns(real.home);
  });

  Deno.test(`${form}: cancelling the reader ends the turn`, async () => {
    await using real = await realCodex(() =>
      modelAnswer(modelCommand("sleep 300"))
    );
    const turn = await real.codex.startThread(real.inRepo).runStreamed("Go");
    const reader = turn[form]().getReader();
    const decoder = new TextDecoder();
    for (let text = ""; !text.includes("item.started");) {
      const { value } = await withinMinute("the command", reader.read());
      text += decoder.decode(value);
    }
    await withinMinute("the end", reader.cancel());
    await assertNothingRuns(real.home);
  });
}

Deno.test("toSSE() sends the failure that the CLI reported once", async () => {
  await using real = await realCodex(() => modelHttpError(401));
  const turn = await real.codex.startThread(real.inRepo).runStreamed("Go");
  const messages = readMessages(await readText(turn.toSSE()));
  const failed = messages.filter(({ event }) => event.type === "turn.failed");
  assertEquals(failed.length, 1);
  assertEquals(messages.at(-1), failed[0]);
});

Deno.test("toSSE() starts nothing before its stream is read", async () => {
  await using real = await realCodex(() => modelAnswer(modelMessage("Hi")));
  const turn = await real.codex.startThread(real.inRepo).runStreamed("Go");
  await turn.toSSE().cancel();
  assertEquals(real.model.requests.length, 0);
});
