import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { codexModel } from "../../ai.ts";
import { CodexThreadRunError, CodexTimeoutError } from "../../mod.ts";
import {
  modelAnswer,
  modelFunctionCall,
  modelMcpCall,
  modelMessage,
  modelUsage,
} from "../../testing.ts";
import { realServer } from "../support/real_server.ts";
import {
  asMessage,
  BEGIN,
  decision,
  FIRST,
  LOOKUP,
  makeToolResult,
  next,
  ownCalls,
  readText,
  requests,
} from "./bridge_support.ts";

const TOKENS = modelUsage({ input_tokens: 42 });
const DONE = modelAnswer(modelMessage("It costs 12."), TOKENS);
const CALL = modelMcpCall("host", "lookup", { article: "7" });

Deno.test("A turn on the server waits for the AI SDK's own tools, and so does the next turn of its thread", async () => {
  await using real = await realServer([
    modelAnswer(modelMessage("I look."), CALL, TOKENS),
    DONE,
    modelAnswer(CALL),
    modelAnswer(modelMessage("Still 12.")),
  ]);
  const model = codexModel(real.codex, { ...real.inRepo, tools: "bridge" });
  const first = await model.doGenerate(BEGIN);
  assertEquals(ownCalls(first).map(({ input }) => input), [
    '{"article":"7"}',
  ]);
  const options = next(first);
  const second = await model.doGenerate(options);
  assertEquals(readText(second), "It costs 12.");
  assertEquals(second.content.length, 1);
  assertEquals(second.usage.inputTokens.total, 84);
  assertMatch(real.model.requests[1]?.toolOutputs[0]?.text ?? "", /price.*12/);
  // The thread continues, and its next turn has its own tool server.
  const prompt = [...options.prompt, asMessage(second), FIRST];
  const third = await model.doGenerate({ ...BEGIN, prompt });
  const [call] = ownCalls(third);
  assert(call !== undefined);
  assertEquals(third.response?.id, first.response?.id);
  const fourth = await model.doGenerate({
    ...BEGIN,
    prompt: [...prompt, asMessage(third), {
      role: "tool",
      content: [makeToolResult(call)],
    }],
  });
  assertEquals(readText(fourth), "Still 12.");
});

Deno.test("Of two equal steps at the same moment, one continues the turn and the other is rejected", async () => {
  await using real = await realServer([modelAnswer(CALL), DONE]);
  const model = codexModel(real.codex, { ...real.inRepo, tools: "bridge" });
  const options = next(await model.doGenerate(BEGIN));
  const [one, other] = await Promise.allSettled([
    model.doGenerate(options),
    model.doGenerate(options),
  ]);
  assert(one.status === "fulfilled");
  assertEquals(readText(one.value), "It costs 12.");
  assert(other.status === "rejected");
  assertMatch(other.reason.message, /another step has already answered/);
});

Deno.test("Calls and approval requests may share a step", async () => {
  await using real = await realServer([
    modelAnswer(
      CALL,
      modelFunctionCall("exec_command", {
        cmd: "echo made > made.txt",
        sandbox_permissions: "require_escalated",
        justification: "May I?",
      }),
    ),
    DONE,
  ]);
  const model = codexModel(real.codex, {
    ...real.inRepo,
    sandboxMode: "read-only",
    tools: "bridge",
    approvals: "bridge",
  });
  let step = await model.doGenerate(BEGIN);
  const asked: string[] = [];
  while (step.finishReason.unified === "tool-calls") {
    asked.push(...step.content.map(({ type }) => type));
    step = await model.doGenerate(next(step, [
      ...ownCalls(step).map((call) => makeToolResult(call)),
      ...requests(step).map(({ approvalId }) => decision(approvalId, true)),
    ]));
  }
  assert(asked.includes("tool-approval-request"));
  assertEquals(readText(step), "It costs 12.");
  await Deno.stat(`${real.repo}/made.txt`);
});

Deno.test("An abandoned or aborted turn on the server is ended, and its thread continues", async () => {
  await using real = await realServer(({ prompt }) =>
    prompt.startsWith("Go")
      ? modelAnswer(CALL)
      : modelAnswer(modelMessage("Well."))
  );
  const model = codexModel(real.codex, {
    ...real.inRepo,
    tools: "bridge",
    nextStepTimeoutMs: 300,
  });
  const first = await model.doGenerate({ ...BEGIN, tools: [LOOKUP] });
  await new Promise((resolve) => setTimeout(resolve, 600));
  await assertRejects(() => model.doGenerate(next(first)), CodexTimeoutError);
  const stop = new AbortController();
  const again = await model.doGenerate({ ...BEGIN, abortSignal: stop.signal });
  stop.abort();
  await assertRejects(
    () => model.doGenerate(next(again)),
    CodexThreadRunError,
    "was cancelled",
  );
  const { prompt } = next(again);
  const after = await model.doGenerate({
    ...BEGIN,
    prompt: [...prompt, {
      role: "user",
      content: [{ type: "text", text: "No" }],
    }],
  });
  assertEquals(readText(after), "Well.");
});
