import { assertEquals, assertRejects } from "@std/assert";
import { CodexCancelledError, CodexThreadRunError } from "../../mod.ts";
import { toUIMessageStream, type UIMessageChunk } from "../../ai.ts";
import {
  BEGUN,
  completed,
  fakeTurn,
  ran,
  said,
  started,
  THREAD_ID,
} from "./support.ts";

/** Reads a stream to its end. */
async function collect(
  stream: ReadableStream<UIMessageChunk>,
): Promise<UIMessageChunk[]> {
  return await Array.fromAsync(stream);
}

const METADATA = { codex: { threadId: THREAD_ID } };
const CALL = { providerExecuted: true, dynamic: true } as const;

Deno.test("A turn is streamed as one message", async () => {
  const chunks = await collect(toUIMessageStream(
    fakeTurn([
      ...BEGUN,
      completed({ id: "r", type: "reasoning", text: "Hm" }),
      completed(ran("c", 3)),
      completed({
        id: "p",
        type: "file_change",
        changes: [],
        status: "failed",
      }),
      said("m", "Hi"),
    ], { finalResponse: "Hi" }),
    { messageId: "own", sendReasoning: false },
  ));
  const ids = chunks.flatMap((chunk) =>
    "toolCallId" in chunk ? [chunk.toolCallId] : []
  );
  const [shell, , patch] = ids;
  const [end] = chunks.slice(-3);
  assertEquals(end?.type, "text-end");
  assertEquals(chunks.filter((chunk) => chunk !== end), [
    { type: "start", messageId: "own" },
    { type: "start-step" },
    { type: "message-metadata", messageMetadata: { threadId: THREAD_ID } },
    {
      type: "tool-input-available",
      toolCallId: String(shell),
      toolName: "shell",
      input: { command: "true" },
      ...CALL,
      providerMetadata: METADATA,
    },
    {
      type: "tool-output-available",
      toolCallId: String(shell),
      output: { output: "out", exitCode: 3 },
      ...CALL,
    },
    {
      type: "tool-input-available",
      toolCallId: String(patch),
      toolName: "apply_patch",
      input: { changes: [] },
      ...CALL,
      providerMetadata: METADATA,
    },
    {
      type: "tool-output-error",
      toolCallId: String(patch),
      errorText: "The patch was not applied",
      ...CALL,
    },
    { type: "text-start", id: "1_m", providerMetadata: METADATA },
    { type: "text-delta", id: "1_m", delta: "Hi" },
    { type: "finish-step" },
    {
      type: "finish",
      finishReason: "stop",
      messageMetadata: { threadId: THREAD_ID, durationMs: 7 },
    },
  ]);
});

Deno.test("The preliminary results of a plan are marked", async () => {
  const plan = { id: "p", type: "todo_list", items: [] } as const;
  const item = { ...plan, items: [] };
  const chunks = await collect(toUIMessageStream(
    fakeTurn([...BEGUN, started(item), { type: "item.updated", item }]),
  ));
  assertEquals(
    chunks.flatMap((chunk) =>
      chunk.type === "tool-output-available" ? [chunk.preliminary] : []
    ),
    [true, undefined],
  );
});

Deno.test("An error is shown as a neutral sentence, or as the text that the caller returns", async () => {
  const error = new CodexThreadRunError("At /home/me");
  const run = (onError?: (error: Error) => string) =>
    collect(toUIMessageStream(
      fakeTurn([...BEGUN, said("m", "Hi")], { error }),
      { onError },
    ));
  const end = (errorText: string): UIMessageChunk[] => [
    { type: "text-end", id: "1_m", providerMetadata: METADATA },
    { type: "error", errorText },
    { type: "finish-step" },
    { type: "finish", finishReason: "error" },
  ];
  assertEquals(
    (await run()).slice(-4),
    end("The agent could not complete its turn."),
  );
  assertEquals(
    (await run(({ message }) => `Own: ${message}`)).slice(-4),
    end("Own: At /home/me"),
  );
});

Deno.test("An unknown error is passed to the caller as a CodexError", async () => {
  const seen: string[] = [];
  await collect(toUIMessageStream(fakeTurn([], { error: "odd" }), {
    onError: ({ code }) => {
      seen.push(code);
      return "";
    },
  }));
  assertEquals(seen, ["internal"]);
});

Deno.test("A cancelled turn ends with an abort chunk", async () => {
  const turn = fakeTurn(BEGUN, { error: new CodexCancelledError() });
  assertEquals((await collect(toUIMessageStream(turn))).at(-1), {
    type: "abort",
  });
});

Deno.test("Cancelling the stream ends the turn, even during a read", async () => {
  const turn = fakeTurn(BEGUN, { hangs: true });
  const reader = toUIMessageStream(turn).getReader();
  for (let index = 0; index < 3; index += 1) await reader.read();
  const reading = reader.read();
  await reader.cancel();
  assertEquals((await reading).done, true);
  assertEquals(turn.isLeft(), true);
});

Deno.test("An error handler that throws ends the stream with its error", async () => {
  const turn = fakeTurn(BEGUN, { error: new CodexThreadRunError("No") });
  const stream = toUIMessageStream(turn, {
    onError: () => {
      throw new TypeError("Mine");
    },
  });
  await assertRejects(() => collect(stream), TypeError, "Mine");
});
