import { assert, assertEquals, assertLess, assertRejects } from "@std/assert";
import {
  type ApprovalDecision,
  type ApprovalRequest,
  CodexInterruptedError,
} from "../../app_server.ts";
import {
  modelAnswer,
  modelCommand,
  modelFunctionCall,
  modelMcpCall,
  modelMessage,
  type ModelOutputItem,
  modelPatch,
} from "../../testing.ts";
import { PROBE_SERVER } from "../support/mcp_server.ts";
import { type RealServer, realServer } from "../support/real_server.ts";
import { withinMinute } from "../../src/testing/waiting.ts";

/** Builds a command that asks to leave its sandbox. */
function escalated(cmd: string, more: object = {}): ModelOutputItem {
  return modelFunctionCall("exec_command", {
    cmd,
    sandbox_permissions: "require_escalated",
    justification: "May I?",
    ...more,
  });
}

const PATCH = modelPatch(
  "*** Begin Patch\n*** Add File: new.txt\n+hi\n*** End Patch",
);
const DONE = modelAnswer(modelMessage("Done"));

/** Reads a file of the folder; returns `null` if it does not exist. */
async function fileIn(real: RealServer, name: string): Promise<string | null> {
  return await Deno.readTextFile(`${real.repo}/${name}`).catch(() => null);
}

/** Starts a real server, with options for a read-only thread. */
async function readOnly(
  item: ModelOutputItem,
): Promise<RealServer & { readOnly: RealServer["inRepo"] }> {
  const real = await realServer([modelAnswer(item), DONE], {
    config: { mcp_servers: PROBE_SERVER },
  });
  return Object.assign(real, {
    readOnly: { ...real.inRepo, sandboxMode: "read-only" } as const,
  });
}

const DECISIONS: readonly ApprovalDecision[] = [
  "accept",
  "acceptForSession",
  "decline",
  "cancel",
];

for (const decision of DECISIONS) {
  const accepts = decision.startsWith("accept");

  Deno.test(`onApproval decides whether a command is run: ${decision}`, async () => {
    await using real = await readOnly(escalated("echo made > made.txt"));
    const asked: ApprovalRequest[] = [];
    const running = real.codex.startThread({
      ...real.readOnly,
      onApproval: (request) => {
        asked.push(request);
        return decision;
      },
    }).run("Go");
    if (decision === "cancel") {
      await assertRejects(() => running, CodexInterruptedError);
    } else {
      const turn = await running;
      assertEquals(turn.finalResponse, "Done");
      assertEquals(turn.warnings, []);
    }
    assertEquals(await fileIn(real, "made.txt"), accepts ? "made\n" : null);
    assertEquals(asked.length, 1);
    const [request] = asked;
    assert(request?.type === "command");
    assert(request.command.includes("echo made > made.txt"));
    assertEquals([request.cwd, request.reason, request.network], [
      real.repo,
      "May I?",
      null,
    ]);
  });

  Deno.test(`onApproval decides whether a file is changed: ${decision}`, async () => {
    await using real = await readOnly(PATCH);
    let asked: ApprovalRequest | undefined;
    const streamed = await real.codex.startThread({
      ...real.readOnly,
      onApproval: (request) => {
        asked = request;
        return decision;
      },
    }).runStreamed("Go");
    const ids: string[] = [];
    try {
      for await (const event of streamed.events) {
        if (
          event.type === "item.completed" && event.item.type === "file_change"
        ) {
          ids.push(event.item.id);
          assertEquals(event.item.status, accepts ? "completed" : "failed");
        }
      }
      assert(decision !== "cancel");
    } catch (error) {
      assert(decision === "cancel" && error instanceof CodexInterruptedError);
    }
    assertEquals(await fileIn(real, "new.txt"), accepts ? "hi\n" : null);
    assert(asked?.type === "file_change");
    assertEquals(asked.changes, [
      { path: `${real.repo}/new.txt`, kind: "add", diff: "hi\n" },
    ]);
    // Also if the server never ends the item (facts A11).
    assertEquals(ids, [asked.itemId]);
  });

  // The request is sent as an elicitation (facts A4).
  Deno.test(`onApproval decides whether an MCP tool is called: ${decision}`, async () => {
    await using real = await readOnly(
      modelMcpCall("probe", "write", { text: "x" }),
    );
    let asked: ApprovalRequest | undefined;
    const running = real.codex.startThread({
      ...real.readOnly,
      onApproval: (request) => {
        asked = request;
        return decision;
      },
    }).run("Go");
    if (decision === "cancel") {
      await assertRejects(() => running, CodexInterruptedError);
    } else {
      const [item] = (await running).items;
      assert(item?.type === "mcp_tool_call");
      assertEquals(item.status, accepts ? "completed" : "failed");
    }
    assert(asked?.type === "mcp_tool");
    assertEquals(
      [asked.server, asked.tool, asked.arguments, asked.readOnly],
      ["probe", "write", { text: "x" }, false],
    );
    assertEquals(asked.destructive, true);
  });
}

/** Handlers that do not return a decision. */
const NO_DECISIONS: { readonly [name: string]: () => unknown } = {
  "throws": () => {
    throw new Error("no idea");
  },
  "rejects": () => Promise.reject(new Error("no idea")),
  "rejects with nothing": () => Promise.reject(null),
  "throws an object whose traps throw": () => {
    throw new Proxy(new Error("no idea"), {
      get: () => {
        throw new Error("a trap");
      },
      getPrototypeOf: () => {
        throw new Error("a trap");
      },
    });
  },
  "throws an error whose message is not a string": () => {
    throw Object.assign(new Error(), { message: Symbol("no idea") });
  },
  "returns nothing": () => undefined,
  "returns true": () => true,
  "returns an unknown decision": () => "yes",
  "returns an object": () => ({ decision: "accept" }),
  "never answers": () => new Promise(() => {}),
};

for (const [name, handler] of Object.entries(NO_DECISIONS)) {
  Deno.test(`A handler that ${name} counts as a decline, and the turn has a warning`, async () => {
    await using real = await readOnly(escalated("echo made > made.txt"));
    const turn = await withinMinute(
      "the turn",
      real.codex.startThread({
        ...real.readOnly,
        answerTimeoutMs: 300,
        onApproval: handler as () => ApprovalDecision,
      }).run("Go"),
    );
    assertEquals(turn.finalResponse, "Done");
    assertEquals(await fileIn(real, "made.txt"), null);
    assertEquals(turn.warnings.length, 1);
    assert(/onApproval .*: declined$/.test(turn.warnings[0] ?? ""));
  });
}

Deno.test("A warning about a handler that throws cuts a long error message", async () => {
  await using real = await readOnly(escalated("echo made > made.txt"));
  const turn = await real.codex.startThread({
    ...real.readOnly,
    onApproval: () => {
      throw new Error("x".repeat(1_000_000));
    },
  }).run("Go");
  assertEquals(turn.warnings.length, 1);
  assertLess(String(turn.warnings[0]).length, 10_000);
});

// The server would ask, and wait (facts A5).
Deno.test("Without a handler no approval is requested, and none is granted", async () => {
  await using real = await readOnly(escalated("echo made > made.txt"));
  const turn = await real.codex.startThread(real.readOnly).run("Go");
  assertEquals(await fileIn(real, "made.txt"), null);
  assertEquals(turn.finalResponse, "Done");
});

Deno.test("An approvalPolicy that asks, without a handler, grants nothing and adds a warning", async () => {
  await using real = await readOnly(escalated("echo made > made.txt"));
  const turn = await real.codex.startThread({
    ...real.readOnly,
    approvalPolicy: "on-request",
  }).run("Go");
  assertEquals(await fileIn(real, "made.txt"), null);
  assertEquals(turn.warnings.length, 1);
  assert(turn.warnings[0]?.includes("onApproval is not set"));
});

Deno.test("A turn's handler replaces its thread's", async () => {
  await using real = await readOnly(escalated("echo made > made.txt"));
  const thread = real.codex.startThread({
    ...real.readOnly,
    onApproval: () => "accept",
  });
  await thread.run("Go", { onApproval: () => "decline" });
  assertEquals(await fileIn(real, "made.txt"), null);
});

Deno.test('approvalPolicy "untrusted" asks before a command that is not known to be read-only', async () => {
  await using real = await readOnly(modelCommand("touch made.txt"));
  const asked: string[] = [];
  await real.codex.startThread({
    ...real.readOnly,
    approvalPolicy: "untrusted",
    onApproval: ({ type }) => {
      asked.push(type);
      return "decline";
    },
  }).run("Go");
  assertEquals(asked, ["command"]);
  assertEquals(await fileIn(real, "made.txt"), null);
});

Deno.test("After acceptForSession the same command is not asked about again", async () => {
  await using real = await realServer([
    modelAnswer(escalated("echo a >> made.txt")),
    modelAnswer(escalated("echo a >> made.txt")),
    DONE,
  ]);
  let asked = 0;
  await real.codex.startThread({
    ...real.inRepo,
    sandboxMode: "read-only",
    onApproval: () => {
      asked += 1;
      return "acceptForSession";
    },
  }).run("Go");
  assertEquals([asked, await fileIn(real, "made.txt")], [1, "a\na\n"]);
});

Deno.test("Input to a terminal outside the sandbox needs approval", async () => {
  await using real = await realServer((request) => {
    const session = /session ID (\d+)/.exec(request.text)?.[1];
    if (request.toolOutputs.length === 0) {
      return modelAnswer(
        escalated("read x; echo got $x", { tty: true, yield_time_ms: 300 }),
      );
    }
    return request.toolOutputs.length === 1
      ? modelAnswer(modelFunctionCall("write_stdin", {
        session_id: Number(session),
        chars: "it's me\n",
      }))
      : DONE;
  });
  const asked: ApprovalRequest[] = [];
  const turn = await real.codex.startThread({
    ...real.inRepo,
    sandboxMode: "read-only",
    onApproval: (request) => {
      asked.push(request);
      return "accept";
    },
  }).run("Go");
  assertEquals(asked.map(({ type }) => type), ["command", "terminal_input"]);
  const typed = asked[1];
  assert(typed?.type === "terminal_input");
  assertEquals(typed.input, "it's me\n");
  assert(turn.items.some((item) =>
    item.type === "command_execution" &&
    item.aggregated_output.includes("got it's me")
  ));
});

Deno.test("Several approval requests wait concurrently, and idleTimeoutMs is paused meanwhile", async () => {
  await using real = await realServer([
    DONE,
    modelAnswer(escalated("echo a > a.txt"), escalated("echo b > b.txt")),
    DONE,
  ]);
  // Starts the server first, because its start counts as idle time.
  await real.codex.startThread(real.inRepo).run("Warm up");
  let waiting = 0;
  let most = 0;
  const turn = await real.codex.startThread({
    ...real.inRepo,
    sandboxMode: "read-only",
    onApproval: async () => {
      most = Math.max(most, ++waiting);
      await new Promise((resolve) => setTimeout(resolve, 11_000));
      waiting -= 1;
      return "accept" as const;
    },
  }).run("Go", { idleTimeoutMs: 10_000 });
  assertEquals(turn.finalResponse, "Done");
  assertEquals(most, 2);
  assertEquals(await fileIn(real, "b.txt"), "b\n");
});

Deno.test("The handler's signal is aborted when the turn ends first, close() included", async () => {
  await using real = await realServer(() =>
    modelAnswer(escalated("echo made > made.txt"))
  );
  const ways = {
    abort: (abort: AbortController) => abort.abort(),
    close: () => void real.codex.close(),
  };
  for (const [name, end] of Object.entries(ways)) {
    const abort = new AbortController();
    let aborted = false;
    const failed = assertRejects(() =>
      real.codex.startThread({
        ...real.inRepo,
        sandboxMode: "read-only",
        onApproval: (_, { signal }) => {
          signal.addEventListener("abort", () => aborted = true);
          end(abort);
          return new Promise(() => {});
        },
      }).run("Go", { signal: abort.signal })
    );
    await withinMinute(name, failed);
    assertEquals([name, aborted], [name, true]);
  }
  assertEquals(await fileIn(real, "made.txt"), null);
});
