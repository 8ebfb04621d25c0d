import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertMatch,
  assertRejects,
} from "@std/assert";
import { codexModel } from "../../ai.ts";
import {
  CodexCancelledError,
  CodexExecError,
  CodexInputError,
  CodexThreadRunError,
  CodexTimeoutError,
} from "../../mod.ts";
import {
  modelAnswer,
  modelCommand,
  modelMcpCall,
  modelMessage,
  type ModelOutputItem,
  modelUsage,
} from "../../testing.ts";
import { PNG } from "../input/images.ts";
import { findCliProcesses, realCodex } from "../support/real_codex.ts";
import { until, withinMinute } from "../../src/testing/waiting.ts";
import {
  asMessage,
  BEGIN,
  decision,
  findFinish,
  FIRST,
  functionTool,
  LOOKUP,
  makeToolResult,
  next,
  ownCalls,
  readText,
  streamed,
} from "./bridge_support.ts";

const BRIDGE = { tools: "bridge" } as const;
const TOKENS = modelUsage({ input_tokens: 42 });
const DONE = modelAnswer(modelMessage("It costs 12."), TOKENS);

/** Returns a call of the tool by the model. */
function lookup(article: string): ModelOutputItem {
  return modelMcpCall("host", "lookup", { article });
}

Deno.test("A call ends the step, and the next step continues the same turn", async () => {
  await using real = await realCodex([
    modelAnswer(modelMessage("I look."), lookup("7"), TOKENS),
    DONE,
  ]);
  const model = codexModel(real.codex, { ...real.inRepo, ...BRIDGE });
  const first = await streamed(model, BEGIN);
  assertEquals(
    first.parts.map(({ type }) => type),
    [
      "stream-start",
      "response-metadata",
      "text-start",
      "text-delta",
      "text-end",
      "tool-call",
      "finish",
    ],
  );
  const [call] = ownCalls(first);
  assert(call !== undefined);
  assertEquals(
    [call.toolName, call.input, call.providerExecuted, call.dynamic],
    ["lookup", '{"article":"7"}', undefined, undefined],
  );
  const { finishReason, usage, providerMetadata } = findFinish(first.parts);
  assertEquals(finishReason.unified, "tool-calls");
  assertEquals(usage.inputTokens.total, undefined);
  const threadId = providerMetadata?.codex?.threadId;
  assertEquals(call.providerMetadata?.codex?.threadId, threadId);
  assertEquals(real.model.requests.length, 1);

  const second = await streamed(model, next(first));
  assertEquals(
    second.parts.map(({ type }) => type),
    [
      "stream-start",
      "response-metadata",
      "text-start",
      "text-delta",
      "text-end",
      "finish",
    ],
  );
  const last = findFinish(second.parts);
  assertEquals(last.finishReason.unified, "stop");
  // The tokens of both steps: the turn's usage.
  assertEquals(last.usage.inputTokens.total, 84);
  assertEquals(last.providerMetadata?.codex?.threadId, threadId);
  assertMatch(real.model.requests[1]?.toolOutputs[0]?.text ?? "", /price.*12/);
});

Deno.test("Each of several calls has its own result, in as few steps as possible", async () => {
  await using real = await realCodex([
    modelAnswer(
      lookup("7"),
      modelMcpCall("host", "other_one", {}),
      lookup("8"),
    ),
    modelAnswer(lookup("9")),
    DONE,
  ]);
  const model = codexModel(real.codex, { ...real.inRepo, ...BRIDGE });
  const tools = [LOOKUP, functionTool("other-one")];
  const asked: string[] = [];
  let step = await model.doGenerate({ ...BEGIN, tools });
  // On a busy host, calls that the model makes together may arrive in several steps.
  while (step.finishReason.unified === "tool-calls") {
    const calls = ownCalls(step);
    assert(calls.length > 0);
    asked.push(...calls.map(({ toolName, input }) => toolName + input));
    const results = calls.map((call) =>
      makeToolResult(call, {
        type: "text",
        value: `of ${call.toolName}${call.input}`,
      })
    );
    step = await model.doGenerate(next(step, results, { tools }));
  }
  assertEquals([...asked.slice(0, 3).sort(), ...asked.slice(3)], [
    'lookup{"article":"7"}',
    'lookup{"article":"8"}',
    "other-one{}",
    'lookup{"article":"9"}',
  ]);
  // Regardless of the order of arrival.
  assertEquals(
    real.model.requests.at(-1)?.toolOutputs.map(({ text }) =>
      text.split("\n").at(-1)
    ),
    [
      'of lookup{"article":"7"}',
      "of other-one{}",
      'of lookup{"article":"8"}',
      'of lookup{"article":"9"}',
    ],
  );
  assertEquals(readText(step), "It costs 12.");
  assertEquals(step.content.length, 1);
});

Deno.test("A result of any form reaches the agent", async () => {
  const image = { mediaType: "image/png", data: PNG.toBase64() };
  const forms: readonly [output: object, told: RegExp | undefined][] = [
    [{ type: "text", value: "plain" }, /plain$/],
    [{ type: "json", value: { a: [1] } }, /\{"a":\[1\]\}$/],
    [{ type: "json", value: [1, "two"] }, /\[1,"two"\]$/],
    [{ type: "json", value: null }, /null$/],
    [{ type: "content", value: [{ type: "text", text: "one" }] }, /one$/],
    [{ type: "content", value: [{ type: "file-data", ...image }] }, undefined],
    [{ type: "content", value: [{ type: "image-data", ...image }] }, undefined],
    [{ type: "content", value: [] }, undefined],
    [{ type: "error-text", value: "It broke" }, /It broke$/],
    [{ type: "error-json", value: { code: 7 } }, /\{"code":7\}$/],
    [
      { type: "execution-denied", reason: "too dear" },
      /The user denied this call: too dear$/,
    ],
    [{ type: "execution-denied" }, /The user denied this call$/],
    [{ type: "content", value: [null, 7] }, /Cannot send the file/],
    [{ type: "later" }, /a result of an unknown type$/],
    [{}, /a result of an unknown type$/],
  ];
  await using real = await realCodex([
    modelAnswer(...forms.map((_, index) => lookup(String(index)))),
    DONE,
  ]);
  const model = codexModel(real.codex, { ...real.inRepo, ...BRIDGE });
  let step = await model.doGenerate(BEGIN);
  while (step.finishReason.unified === "tool-calls") {
    const results = ownCalls(step).map((call) => {
      const { article } = JSON.parse(call.input);
      return makeToolResult(call, forms[article]?.[0]);
    });
    step = await model.doGenerate(next(step, results));
  }
  assertEquals(readText(step), "It costs 12.");
  const outputs = real.model.requests[1]?.toolOutputs ?? [];
  assertEquals(outputs.length, forms.length);
  for (const [index, [output, told]] of forms.entries()) {
    if (told === undefined) continue;
    assertMatch(outputs[index]?.text ?? "", told, JSON.stringify(output));
  }
  const { input } = real.model.requests[1]?.body as { input: object[] };
  assertEquals(JSON.stringify(input).match(/"input_image"/g)?.length, 2);
});

Deno.test("A step without the result is rejected, and the turn keeps waiting", async () => {
  await using real = await realCodex([modelAnswer(lookup("7")), DONE]);
  const model = codexModel(real.codex, { ...real.inRepo, ...BRIDGE });
  const first = await model.doGenerate(BEGIN);
  const [call] = ownCalls(first);
  assert(call !== undefined);
  // The id alone identifies the turn.
  const other = { ...decision(call.toolCallId, true) };
  const error = await assertRejects(
    () => model.doGenerate(next(first, [other])),
    CodexInputError,
    "lacks results for 1 of the calls",
  );
  assertEquals(error.path, "prompt");
  const { stream } = await model.doStream(next(first));
  // Another step already continues the turn.
  await assertRejects(
    () => model.doGenerate(next(first)),
    CodexInputError,
    "another step has already answered",
  );
  const parts = await Array.fromAsync(stream);
  assertEquals(findFinish(parts).finishReason.unified, "stop");
  const late = await assertRejects(
    () => model.doGenerate(next(first)),
    CodexThreadRunError,
    "has ended",
  );
  assertEquals(late.code, "turn_not_running");
});

Deno.test("A turn without a next step is ended by its time limit, and its thread continues", async () => {
  await using real = await realCodex(({ prompt }) =>
    prompt === "Go"
      ? modelAnswer(lookup("7"))
      : modelAnswer(modelMessage("Well."))
  );
  const model = codexModel(real.codex, {
    ...real.inRepo,
    ...BRIDGE,
    nextStepTimeoutMs: 300,
  });
  const first = await model.doGenerate(BEGIN);
  await until(
    "the end of the CLI",
    () => findCliProcesses(real.home).length === 0 || undefined,
  );
  const error = await assertRejects(
    () => model.doGenerate(next(first)),
    CodexTimeoutError,
    "nextStepTimeoutMs",
  );
  const threadId = String(first.response?.id);
  assertEquals([error.limitMs, error.threadId], [300, threadId]);
  // The user sends another message.
  const { prompt } = next(first);
  const again = await model.doGenerate({
    ...BEGIN,
    prompt: [...prompt, FIRST],
  });
  assertEquals(readText(again), "Well.");
  assertEquals(again.warnings, []);
  assertEquals(again.response?.id, threadId);
  assertEquals(
    real.model.requests.at(-1)?.prompt,
    'Tool: (lookup gave {"type":"json","value":{"price":12}})\n\nUser: Go',
  );
});

Deno.test("A step is rejected if its turn is in another process; foreign calls are reported to the agent", async () => {
  await using real = await realCodex([modelAnswer(modelMessage("Well."))]);
  const model = codexModel(real.codex, { ...real.inRepo, ...BRIDGE });
  const call = {
    type: "tool-call",
    toolName: "lookup",
    input: "{}",
  } as const;
  const ours = { ...call, toolCallId: "codex-call-7" };
  const error = await assertRejects(
    () => model.doGenerate(next({ content: [ours] })),
    CodexThreadRunError,
    "is not in this process",
  );
  assertEquals(error.code, "turn_not_running");
  const foreign = { ...call, toolCallId: "call_7" };
  const { content } = await model.doGenerate(next({ content: [foreign] }));
  assertEquals(readText({ content }), "Well.");
  assertMatch(real.model.requests[0]?.prompt ?? "", /lookup gave/);
});

Deno.test("The signal of a step ends the turn while it runs and while it waits", async () => {
  await using real = await realCodex(({ body }) => {
    const { input } = body as { input: { type: string }[] };
    return input.at(-1)?.type === "function_call_output"
      ? modelAnswer(modelCommand("sleep 300"))
      : modelAnswer(lookup("7"));
  });
  const model = codexModel(real.codex, { ...real.inRepo, ...BRIDGE });
  const [one, other, third] = Array.from(
    { length: 3 },
    () => new AbortController(),
  );
  assert(one && other && third);
  const first = await model.doGenerate({ ...BEGIN, abortSignal: one.signal });
  const { stream } = await model.doStream(
    next(first, undefined, { abortSignal: other.signal }),
  );
  const reader = stream.getReader();
  await reader.read();
  // The previous step's signal no longer has an effect.
  one.abort();
  await until(
    "the command",
    () => findCliProcesses(real.home).length > 1 || undefined,
  );
  other.abort(new Error("Enough"));
  const rest = (async () => {
    while (!(await reader.read()).done);
  })();
  const error = await assertRejects(
    () => withinMinute("the abort", rest),
    CodexCancelledError,
  );
  assertEquals(error.name, "AbortError");
  assertInstanceOf(error.cause, Error);
  assertEquals(error.cause.message, "Enough");

  const again = await model.doGenerate({ ...BEGIN, abortSignal: third.signal });
  third.abort();
  await until(
    "the end of the CLI",
    () => findCliProcesses(real.home).length === 0 || undefined,
  );
  const gone = await assertRejects(
    () => model.doGenerate(next(again)),
    CodexThreadRunError,
    "was cancelled while it waited",
  );
  assertEquals(gone.code, "turn_not_running");
  // A call whose signal has already aborted starts no turn.
  await assertRejects(
    () =>
      model.doGenerate({ ...BEGIN, abortSignal: AbortSignal.abort("Not now") }),
    CodexCancelledError,
  );
});

Deno.test("Cancelling the stream of a later step ends the turn", async () => {
  await using real = await realCodex([
    modelAnswer(lookup("7")),
    modelAnswer(modelCommand("sleep 300")),
  ]);
  const model = codexModel(real.codex, { ...real.inRepo, ...BRIDGE });
  const first = await model.doGenerate(BEGIN);
  const { stream } = await model.doStream(next(first));
  const reader = stream.getReader();
  await reader.read();
  // The end of the block asserts that nothing of it is left.
  await withinMinute("the end of the turn", reader.cancel());
  await assertRejects(() => model.doGenerate(next(first)), CodexThreadRunError);
});

Deno.test("Another message of the user ends the waiting turn", async () => {
  await using real = await realCodex(({ prompt }) =>
    prompt.endsWith("User: No")
      ? modelAnswer(modelMessage("Then not."))
      : modelAnswer(lookup("7"))
  );
  const model = codexModel(real.codex, { ...real.inRepo, ...BRIDGE });
  const first = await model.doGenerate(BEGIN);
  const { prompt } = next(first);
  const second = await model.doGenerate({
    ...BEGIN,
    prompt: [...prompt, {
      role: "user",
      content: [{ type: "text", text: "No" }],
    }],
  });
  assertEquals(readText(second), "Then not.");
  assertEquals(second.response?.id, first.response?.id);
  assertEquals(second.warnings.map(({ type }) => type), ["other"]);
  assertMatch(real.model.requests.at(-1)?.prompt ?? "", /User: No$/);
});

Deno.test("A step may call only tools that both it and its turn have", async () => {
  await using real = await realCodex([
    modelAnswer(lookup("7")),
    modelAnswer(lookup("8")),
    modelAnswer(lookup("9")),
    DONE,
  ]);
  const model = codexModel(real.codex, { ...real.inRepo, ...BRIDGE });
  const first = await model.doGenerate(BEGIN);
  // A call of a tool that is not offered fails for the agent, and is shown as one of
  // the agent's own calls.
  const second = await streamed(
    model,
    next(first, undefined, { tools: [functionTool("new"), functionTool("x")] }),
  );
  const [start] = second.parts;
  assert(start?.type === "stream-start");
  assertEquals(
    start.warnings.map((each) => "details" in each && each.details),
    [
      'a turn keeps the tools that it began with: "new", "x" will be available in the next turn',
    ],
  );
  assertEquals(
    second.content.map((part) =>
      [part.type, "toolName" in part && part.toolName].join(" ")
    ),
    [
      "tool-call mcp__host__lookup",
      "tool-result mcp__host__lookup",
      "tool-call mcp__host__lookup",
      "tool-result mcp__host__lookup",
    ],
  );
  assertEquals(findFinish(second.parts).finishReason.unified, "stop");
  assertMatch(
    real.model.requests[2]?.toolOutputs.at(-1)?.text ?? "",
    /"lookup" is not offered/,
  );
});

Deno.test("No tools are called with toolChoice none or without tools", async () => {
  await using real = await realCodex(() => DONE);
  const model = codexModel(real.codex, { ...real.inRepo, ...BRIDGE });
  const none = await model.doGenerate({
    ...BEGIN,
    toolChoice: { type: "none" },
  });
  assertEquals([readText(none), none.warnings], ["It costs 12.", []]);
  const { prompt } = BEGIN;
  const without = await model.doGenerate({ prompt });
  assertEquals([readText(without), without.warnings], ["It costs 12.", []]);
});

Deno.test("The next step reports why a waiting turn has ended", async () => {
  await using real = await realCodex([
    modelAnswer(modelMessage("Hm"), lookup("7")),
  ]);
  const model = codexModel(real.codex, { ...real.inRepo, ...BRIDGE });
  const first = await model.doGenerate(BEGIN);
  for (const { pid } of findCliProcesses(real.home)) Deno.kill(pid, "SIGKILL");
  const error = await assertRejects(
    () => model.doGenerate(next(first)),
    CodexExecError,
  );
  assertEquals([error.code, error.signal], ["exited", "SIGKILL"]);
  assertEquals(error.items[0]?.type, "agent_message");
  await assertRejects(
    () => model.doGenerate(next(first)),
    CodexThreadRunError,
    "has ended",
  );
});

Deno.test("An answer with a schema comes after the calls", async () => {
  await using real = await realCodex([
    modelAnswer(modelMessage("I look."), lookup("7")),
    modelAnswer(modelMessage('{"price":12,"note":null}')),
  ]);
  const model = codexModel(real.codex, { ...real.inRepo, ...BRIDGE });
  const responseFormat = {
    type: "json",
    schema: {
      type: "object",
      properties: { price: { type: "number" }, note: { type: "string" } },
      required: ["price"],
      additionalProperties: false,
    },
  } as const;
  const first = await model.doGenerate({ ...BEGIN, responseFormat });
  assertEquals(first.content.map(({ type }) => type), [
    "reasoning",
    "tool-call",
  ]);
  const second = await model.doGenerate(
    next(first, undefined, { responseFormat }),
  );
  assertEquals(readText(second), '{"price":12}');
  assertEquals(asMessage(second).role, "assistant");
});
