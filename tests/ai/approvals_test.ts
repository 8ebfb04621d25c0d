import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { codexModel, type CodexModelOptions } from "../../ai.ts";
import {
  Codex,
  CodexInputError,
  CodexTimeoutError,
  CodexUnsupportedOptionError,
} from "../../mod.ts";
import {
  modelAnswer,
  modelFunctionCall,
  modelMcpCall,
  modelMessage,
  type ModelOutputItem,
  modelPatch,
} from "../../testing.ts";
import { PROBE_SERVER } from "../support/mcp_server.ts";
import { realServer } from "../support/real_server.ts";
import {
  BEGIN,
  decision,
  findFinish,
  FIRST,
  next,
  requests,
  streamed,
} from "./bridge_support.ts";

const ASK: CodexModelOptions = { approvals: "bridge" };
const DONE = modelAnswer(modelMessage("Done"));

/** Returns a command with which the agent asks for approval to write a file. */
function asks(name: string): ModelOutputItem {
  return modelFunctionCall("exec_command", {
    cmd: `echo made > ${name}`,
    sandbox_permissions: "require_escalated",
    justification: "May I?",
  });
}

/** The items that ask for approval, with the call that is shown for each. */
const ASKING: readonly {
  readonly item: ModelOutputItem;
  readonly toolName: string;
  readonly input: (repo: string) => object;
  readonly type: string;
  /** The file that it creates. */
  readonly file?: string;
}[] = [
  {
    item: asks("made.txt"),
    toolName: "shell",
    input: () => ({ command: "/bin/bash -lc 'echo made > made.txt'" }),
    type: "command",
    file: "made.txt",
  },
  {
    item: modelPatch(
      "*** Begin Patch\n*** Add File: patched.txt\n+made\n*** End Patch",
    ),
    toolName: "apply_patch",
    input: (repo) => ({
      changes: [{ path: `${repo}/patched.txt`, kind: "add", diff: "made\n" }],
    }),
    type: "file_change",
    file: "patched.txt",
  },
  {
    item: modelMcpCall("probe", "write", { text: "x" }),
    toolName: "mcp__probe__write",
    input: () => ({ text: "x" }),
    type: "mcp_tool",
  },
];

for (const isApproved of [true, false]) {
  const allows = isApproved ? "allows" : "denies";

  Deno.test(`Commands, patches and tools wait until the next step ${allows} them`, async () => {
    await using real = await realServer([
      ...ASKING.map(({ item }) => modelAnswer(modelMessage("I will."), item)),
      DONE,
    ], { config: { mcp_servers: PROBE_SERVER } });
    const model = codexModel(real.codex, {
      ...real.inRepo,
      ...ASK,
      sandboxMode: "read-only",
    });
    let step = await streamed(model, { prompt: [FIRST] });
    for (const { toolName, input, type, file } of ASKING) {
      const [call, request] = step.content.slice(-2);
      assert(call?.type === "tool-call");
      assert(request?.type === "tool-approval-request");
      assertEquals(
        [call.toolName, JSON.parse(call.input), call.providerExecuted],
        [toolName, input(real.repo), true],
      );
      assertEquals(request.toolCallId, call.toolCallId);
      const { finishReason, providerMetadata } = findFinish(step.parts);
      assertEquals(finishReason.unified, "tool-calls");
      const approvals = providerMetadata?.codex?.approvals as {
        [id: string]: { type: string };
      };
      assertEquals(approvals[request.approvalId]?.type, type);
      const exists = async (): Promise<boolean> =>
        file !== undefined &&
        await Deno.stat(`${real.repo}/${file}`).then(() => true, () => false);
      assertEquals(await exists(), false);

      step = await streamed(
        model,
        next(step, [decision(request.approvalId, isApproved)], { tools: [] }),
      );
      // The AI SDK itself reports a denied call.
      assertEquals(
        step.content.flatMap((part) =>
          part.type === "tool-result" ? [[part.toolCallId, part.isError]] : []
        ),
        isApproved ? [[call.toolCallId, undefined]] : [],
      );
      assertEquals(await exists(), isApproved && file !== undefined);
    }
    assertEquals(findFinish(step.parts).finishReason.unified, "stop");
  });
}

Deno.test("In a generated answer, a result follows its call", async () => {
  await using real = await realServer([modelAnswer(asks("made.txt")), DONE]);
  const model = codexModel(real.codex, {
    ...real.inRepo,
    ...ASK,
    sandboxMode: "read-only",
  });
  const first = await model.doGenerate({ prompt: [FIRST] });
  const [request] = requests(first);
  assert(request !== undefined);
  const second = await model.doGenerate(
    next(first, [decision(request.approvalId, true)], { tools: [] }),
  );
  assertEquals(second.content.map(({ type }) => type), [
    "tool-call",
    "tool-result",
    "text",
  ]);
});

Deno.test("A request without an answer is ended by the time limit", async () => {
  await using real = await realServer([
    modelAnswer(asks("made.txt")),
  ]);
  const model = codexModel(real.codex, {
    ...real.inRepo,
    ...ASK,
    sandboxMode: "read-only",
    nextStepTimeoutMs: 200,
  });
  const first = await model.doGenerate({ prompt: [FIRST] });
  const [request] = requests(first);
  assert(request !== undefined);
  await new Promise((resolve) => setTimeout(resolve, 400));
  await assertRejects(
    () =>
      model.doGenerate(
        next(first, [decision(request.approvalId, true)], { tools: [] }),
      ),
    CodexTimeoutError,
  );
  await assertRejects(
    () => Deno.stat(`${real.repo}/made.txt`),
    Deno.errors.NotFound,
  );
});

Deno.test("Approvals are rejected with codex exec, as are options that exclude each other", async () => {
  const model = codexModel(new Codex(), ASK);
  const error = await assertRejects(
    () => model.doGenerate(BEGIN),
    CodexUnsupportedOptionError,
    "CodexAppServer",
  );
  assertEquals(error.path, "approvals");
  for (
    const [path, options] of [
      ["approvals", { ...ASK, toolParts: "hidden" }],
      ["approvals", { ...ASK, onApproval: () => "accept" }],
      ["approvals", { approvals: "ask" }],
      ["tools", { tools: "on" }],
      ["nextStepTimeoutMs", { nextStepTimeoutMs: 0 }],
      ["nextStepTimeoutMs", { nextStepTimeoutMs: 2 ** 31 }],
      ["nextStepTimeoutMs", { nextStepTimeoutMs: "1" }],
    ] as [string, CodexModelOptions][]
  ) {
    const error = assertThrows(
      () => codexModel(new Codex(), options),
      CodexInputError,
      path,
    );
    assertEquals(error.path, path);
  }
});
