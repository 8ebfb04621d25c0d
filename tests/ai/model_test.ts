import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  type AiCallOptions,
  type AiPart,
  codexModel,
  type CodexModelOptions,
} from "../../ai.ts";
import { CodexAppServer } from "../../app_server.ts";
import {
  Codex,
  CodexCancelledError,
  CodexInputError,
  CodexThreadNotFoundError,
  CodexThreadRunError,
} from "../../mod.ts";
import {
  modelAnswer,
  modelCommand,
  modelHang,
  modelHttpError,
  modelMessage,
  modelUsage,
} from "../../testing.ts";
import { realCodex } from "../support/real_codex.ts";
import { withinMinute } from "../../src/testing/waiting.ts";
import { THREAD_ID } from "./support.ts";

/** Returns a user's prompt. */
function ask(text: string): Pick<AiCallOptions, "prompt"> {
  return { prompt: [{ role: "user", content: [{ type: "text", text }] }] };
}

/** Returns a prompt that continues a thread with an earlier answer. */
function goOn(threadId: string, usage?: unknown): AiCallOptions {
  const providerOptions = { codex: { threadId, usage } };
  return {
    prompt: [
      ...ask("One").prompt,
      {
        role: "assistant",
        content: [{ type: "text", text: "Yes", providerOptions }],
      },
      ...ask("Two").prompt,
    ],
  };
}

Deno.test("A call is a turn, and the next call continues its thread", async () => {
  const tokens = modelUsage({ input_tokens: 42 });
  await using real = await realCodex([
    modelAnswer(modelMessage("I look."), modelCommand("exit 3"), tokens),
    modelAnswer(modelMessage("Done."), tokens),
    modelAnswer(modelMessage("Again.")),
  ]);
  const model = codexModel(real.codex, { ...real.inRepo, model: "gpt-5.5" });
  assertEquals([model.modelId, model.provider], ["gpt-5.5", "codex"]);
  const first = await model.doGenerate(ask("Go"));
  assertEquals(first.content.map(({ type }) => type), [
    "text",
    "tool-call",
    "tool-result",
    "text",
  ]);
  assertEquals(first.usage.inputTokens.total, 84);
  const { threadId, usage: total } = first.providerMetadata?.codex ?? {};
  assertEquals(first.response?.id, threadId);
  const second = await model.doGenerate(goOn(String(threadId), total));
  assertEquals(second.usage.inputTokens.total, 10);
  assertEquals(real.model.requests.at(-1)?.prompt, "Two");
  assertEquals(second.response?.id, threadId);
});

Deno.test("The options of a call override the thread and the model", async () => {
  await using real = await realCodex(() => modelAnswer(modelMessage("Yes")));
  const model = codexModel(real.codex, { ...real.inRepo, model: "gpt-5.5" });
  const { response } = await model.doGenerate(ask("Begin"));
  const again = await model.doGenerate({
    ...ask("Go on"),
    providerOptions: {
      codex: { threadId: String(response?.id), model: "gpt-5.4" },
    },
  });
  assertEquals(again.response?.id, response?.id);
  assertEquals(again.response?.modelId, "gpt-5.4");
  assertEquals(
    real.model.requests.map(({ model }) => model),
    ["gpt-5.5", "gpt-5.4"],
  );
  await assertRejects(
    () =>
      model.doGenerate({
        ...ask("Hi"),
        providerOptions: { codex: { sandbox: "no" } },
      }),
    CodexInputError,
    "sandbox",
  );
});

Deno.test("Events are passed on as raw chunks if they are requested", async () => {
  await using real = await realCodex([modelAnswer(modelMessage("Hi"))]);
  const { stream } = await codexModel(real.codex, real.inRepo).doStream({
    ...ask("Hi"),
    includeRawChunks: true,
  });
  const parts: AiPart[] = await Array.fromAsync(stream);
  assertEquals(parts.map(({ type }) => type), [
    "stream-start",
    "raw",
    "response-metadata",
    "raw",
    "raw",
    "text-start",
    "text-delta",
    "raw",
    "text-end",
    "finish",
  ]);
});

Deno.test("An answer with a schema is decoded, and JSON without a schema is requested in the prompt", async () => {
  await using real = await realCodex([
    modelAnswer(modelMessage('{"a":"x","b":null}')),
    modelAnswer(modelMessage('{"free":1}')),
  ]);
  const model = codexModel(real.codex, real.inRepo);
  const schema = {
    type: "object",
    properties: { a: { type: "string" }, b: { type: "number" } },
    required: ["a"],
    additionalProperties: false,
  };
  const typed = await model.doGenerate({
    ...ask("Go"),
    responseFormat: { type: "json", schema },
  });
  assertEquals(typed.content.map((part) => "text" in part && part.text), [
    '{"a":"x"}',
  ]);
  const free = await model.doGenerate({
    ...ask("Go"),
    responseFormat: { type: "json" },
  });
  assertEquals(free.content.map((part) => "text" in part && part.text), [
    '{"free":1}',
  ]);
  assertEquals(free.warnings.length, 1);
  assertEquals(
    real.model.requests[1]?.prompt,
    "Go\n\nAnswer with one JSON value and nothing else.",
  );
});

Deno.test("An answer that does not match the schema can be repaired", async () => {
  await using real = await realCodex([
    modelAnswer(modelMessage("No JSON")),
    modelAnswer(modelMessage('{"a":1}')),
  ]);
  const model = codexModel(real.codex, { ...real.inRepo, repair: 1 });
  const { content } = await model.doGenerate({
    ...ask("Go"),
    responseFormat: {
      type: "json",
      schema: { type: "object", properties: { a: { type: "number" } } },
    },
  });
  assertEquals(
    content.map((part) => "text" in part && [part.type, part.text]),
    [
      ["reasoning", "No JSON"],
      ["text", '{"a":1}'],
    ],
  );
});

Deno.test("A failed turn streams its text, its error and a finish part", async () => {
  await using real = await realCodex([
    modelAnswer(modelMessage("I look."), modelCommand("true")),
    modelHttpError(400, { error: { message: "No such thing" } }),
    modelHttpError(401),
  ]);
  const model = codexModel(real.codex, real.inRepo);
  const { stream } = await model.doStream(ask("Go"));
  const parts = await Array.fromAsync(stream);
  const [error, finish] = parts.slice(-2);
  assert(parts.some((part) => part.type === "text-delta"));
  assert(error?.type === "error");
  assert(error.error instanceof CodexThreadRunError);
  assertEquals(error.error.reason, "bad_request");
  assert(finish?.type === "finish");
  assertEquals(finish.finishReason, { unified: "error", raw: "turn_failed" });
  const thrown = await assertRejects(
    () => model.doGenerate(ask("Go")),
    CodexThreadRunError,
  );
  assertEquals(thrown.reason, "unauthorized");
});

Deno.test("An abort throws an AbortError, with both clients", async () => {
  await using real = await realCodex(() => modelHang(modelMessage("Hm")));
  await using server = new CodexAppServer(real.codexOptions);
  for (const codex of [real.codex, server]) {
    const model = codexModel(codex as Codex, real.inRepo);
    const controller = new AbortController();
    const { stream } = await model.doStream({
      ...ask("Go"),
      abortSignal: controller.signal,
    });
    const reader = stream.getReader();
    await reader.read();
    controller.abort();
    const rest = (async () => {
      while (!(await reader.read()).done);
    })();
    const error = await assertRejects(
      () => withinMinute("the abort", rest),
      CodexCancelledError,
    );
    assertEquals(error.name, "AbortError");
  }
});

Deno.test("Cancelling the stream ends the turn", async () => {
  await using real = await realCodex(() =>
    modelAnswer(modelCommand("sleep 300"))
  );
  const { stream } = await codexModel(real.codex, real.inRepo).doStream(
    ask("Go"),
  );
  const reader = stream.getReader();
  await reader.read();
  // The end of the block asserts that nothing of it is left.
  await withinMinute("the end of the turn", reader.cancel());
});

Deno.test("A missing thread is an error, or is restarted with the whole prompt", async () => {
  await using real = await realCodex(() => modelAnswer(modelMessage("Yes")));
  const error = await assertRejects(
    () => codexModel(real.codex, real.inRepo).doGenerate(goOn(THREAD_ID)),
    CodexThreadNotFoundError,
  );
  assertEquals(error.requestedThreadId, THREAD_ID);
  const model = codexModel(real.codex, {
    ...real.inRepo,
    onMissingThread: "restart",
  });
  const { response, warnings } = await model.doGenerate(goOn(THREAD_ID));
  assert(response?.id !== THREAD_ID);
  assertEquals(warnings, []);
  assertEquals(
    real.model.requests.at(-1)?.prompt,
    "User: One\n\nAssistant: Yes\n\nUser: Two",
  );
});

Deno.test("A turn on a server streams text as it is written, and hides tools if asked to", async () => {
  await using real = await realCodex([
    modelAnswer(modelCommand("true")),
    modelAnswer({
      type: "message",
      role: "assistant",
      content: ["One", " two"].map((text) => ({ type: "output_text", text })),
    }),
  ]);
  await using server = new CodexAppServer(real.codexOptions);
  const model = codexModel(server, { ...real.inRepo, toolParts: "hidden" });
  const { stream } = await model.doStream(ask("Go"));
  const parts = await Array.fromAsync(stream);
  assertEquals(
    parts.flatMap((part) => part.type === "text-delta" ? [part.delta] : []),
    ["One", " two"],
  );
  assertEquals(parts.some(({ type }) => type.startsWith("tool")), false);
});

Deno.test("An invalid option is rejected at once, an invalid thread option in the first call", async () => {
  const codex = new Codex();
  for (
    const [name, value] of Object.entries({
      toolParts: "none",
      commentary: true,
      onMissingThread: "ignore",
    })
  ) {
    const options = { [name]: value } as unknown as CodexModelOptions;
    const error = assertThrows(
      () => codexModel(codex, options),
      CodexInputError,
      name,
    );
    assertEquals(error.path, name);
  }
  const model = codexModel(codex, { cwd: "/" } as CodexModelOptions);
  assertEquals(model.modelId, "codex");
  await assertRejects(
    () => model.doGenerate(ask("Hi")),
    CodexInputError,
    "cwd",
  );
});
