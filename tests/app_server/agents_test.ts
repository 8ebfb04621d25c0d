import { assert, assertEquals, assertRejects } from "@std/assert";
import type { ApprovalRequest } from "../../app_server.ts";
import { CodexCancelledError } from "../../mod.ts";
import {
  modelAnswer,
  modelCommand,
  modelFunctionCall,
  modelMcpCall,
  modelMessage,
  type ModelOutputItem,
  type ModelRequest,
} from "../../testing.ts";
import { type RealServer, realServer } from "../support/real_server.ts";
import { SLEEP, until, wait, withinMinute } from "../../src/testing/waiting.ts";
import { doing } from "../tools/support.ts";
import { findCliProcesses } from "../support/real_codex.ts";

const MANY_AGENTS = { config: { features: { multi_agent_v2: true } } };

/** The task of an agent. */
const CHILD_TASK = "Do it";

/** Starts an agent on a thread of its own, with the whole conversation so far or none of it. */
function spawn(turns: "all" | "none"): ModelOutputItem {
  return {
    ...modelFunctionCall("spawn_agent", {
      task_name: "child",
      message: CHILD_TASK,
      agent_type: "default",
      fork_turns: turns,
    }),
    namespace: "collaboration",
  };
}

/** Starts a server whose agent starts another one, which does something. */
function withChild(item: ModelOutputItem): Promise<RealServer> {
  return realServer(
    (request) => {
      const isFirst = request.toolOutputs.length === 0;
      if (isChild(request)) {
        return modelAnswer(isFirst ? item : modelMessage("Child is done"));
      }
      return modelAnswer(isFirst ? spawn("none") : modelCommand(`${SLEEP}.5`));
    },
    MANY_AGENTS,
  );
}

function isChild({ text }: ModelRequest): boolean {
  return !text.includes("Have it done");
}

// Otherwise they continue, with requests of their own (facts A12).
Deno.test("Stopping a turn stops the agents that it has started", async () => {
  await using real = await withChild(modelCommand(SLEEP));
  const controller = new AbortController();
  const turn = real.codex.startThread(real.inRepo).run("Have it done", {
    signal: controller.signal,
  });
  const failed = assertRejects(() => turn, CodexCancelledError);
  await until(
    "the agent's command",
    async () =>
      (await findCliProcesses(real.home)).some((each) =>
        each.command.endsWith(SLEEP)
      ) || undefined,
  );
  const { length } = real.model.requests;
  controller.abort();
  await failed;
  assert(real.model.requests.some(isChild));
  await wait(1000);
  assertEquals(real.model.requests.length, length);
  assertEquals(
    (await findCliProcesses(real.home)).filter((each) =>
      each.command.includes(SLEEP)
    ),
    [],
  );
});

Deno.test("An approval request of a turn's agent goes to the turn's handler, with the agent's thread id", async () => {
  const asking = modelFunctionCall("exec_command", {
    cmd: "echo made > made.txt",
    sandbox_permissions: "require_escalated",
    justification: "May I?",
  });
  await using real = await withChild(asking);
  const asked: ApprovalRequest[] = [];
  const controller = new AbortController();
  const thread = real.codex.startThread({
    ...real.inRepo,
    sandboxMode: "read-only",
    onApproval: (request) => {
      asked.push(request);
      return "accept";
    },
  });
  const turn = thread.run("Have it done", { signal: controller.signal });
  const failed = assertRejects(() => turn, CodexCancelledError);
  await until(
    "the file",
    () =>
      Deno.readTextFile(`${real.repo}/made.txt`).then((text) =>
        text || undefined
      )
        .catch(() => undefined),
  );
  controller.abort();
  await failed;
  const [request] = asked;
  assert(request?.type === "command");
  assert(request.threadId !== thread.id && request.threadId !== "");
  assertEquals(asked.length, 1);
});

// An agent has the thread's tools if it begins with a copy of the thread (facts A32).
for (const [what, namespace] of [["thread", "host"], ["turn", "mcp__host"]]) {
  Deno.test(`An agent of a turn calls tools of the ${what}, with its own thread id`, async () => {
    const isOfThread = what === "thread";
    const ask = {
      ...modelMcpCall("host", "ask"),
      namespace,
    } as ModelOutputItem;
    const copying = spawn(isOfThread ? "all" : "none");
    await using real = await realServer(
      ({ text, toolOutputs }) => {
        if (!text.includes(CHILD_TASK) && toolOutputs.length === 0) {
          return modelAnswer(copying);
        }
        const isTold = toolOutputs.at(-1)?.text.endsWith("told");
        return modelAnswer(isTold ? modelCommand(SLEEP) : ask);
      },
      MANY_AGENTS,
    );
    const called = Promise.withResolvers<void>();
    const threads = new Set<string>();
    const tools = [doing((_, { threadId }) => {
      threads.add(threadId);
      if (threads.size === 2) called.resolve();
      return "told";
    }, "ask")];
    const thread = real.codex.startThread({
      ...real.inRepo,
      tools: isOfThread ? tools : [],
    });
    const controller = new AbortController();
    const turn = thread.run("Have it done", {
      tools: isOfThread ? [] : tools,
      signal: controller.signal,
    });
    const failed = assertRejects(() => turn, CodexCancelledError);
    await withinMinute("both calls", called.promise);
    assert(threads.has(thread.id ?? ""));
    controller.abort();
    await failed;
  });
}
