import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertMatch,
  assertRejects,
} from "@std/assert";
import {
  CodexCancelledError,
  CodexIdleTimeoutError,
  CodexInputError,
} from "../../../mod.ts";
import {
  type ApprovalRequest,
  CodexAppServer,
  CodexInterruptedError,
  CodexRequestError,
} from "../../../app_server.ts";
import {
  agentMessage,
  commandExecution,
  failure,
  fakeCodex,
  fakeCodexAppServer,
  fileChange,
  hang,
  mcpToolCall,
  needsApproval,
  pause,
  type PlayedServerTurn,
  written,
} from "../../../testing.ts";

Deno.test("A fake server is a client that plays its turns", async () => {
  const codex = fakeCodexAppServer([
    agentMessage("Done"),
    failure("rate_limit"),
  ]);
  assertInstanceOf(codex, CodexAppServer);
  const thread = codex.startThread();
  assertEquals((await thread.run("Go")).finalResponse, "Done");
  const error = await thread.run("Again").catch((error) => error);
  assertEquals(error.reason, "rate_limit");
  assertEquals(codex.requests.map(({ prompt }) => prompt), ["Go", "Again"]);
  await codex.close();
});

Deno.test("Deltas come before their item, if they are asked for", async () => {
  const turn: PlayedServerTurn = [
    written(agentMessage("One two  three\n")),
    written(commandExecution({ command: "ls", aggregated_output: "a b" }), [
      "a b",
    ]),
  ];
  const told = async (options: { deltas: boolean }): Promise<string[]> => {
    const codex = fakeCodexAppServer([turn]);
    const streamed = await codex.startThread().runStreamed("Go", options);
    const events: string[] = [];
    for await (const event of streamed) {
      if (event.type === "item.delta") {
        events.push(`${event.item_id} ${event.kind} ${event.delta}`);
      } else events.push(event.type);
    }
    return events;
  };
  assertEquals(await told({ deltas: true }), [
    "thread.started",
    "turn.started",
    "item_0 agent_message One",
    "item_0 agent_message  two",
    "item_0 agent_message   three\n",
    "item.completed",
    "item.started",
    "item_1 command_output a b",
    "item.completed",
    "turn.completed",
  ]);
  assertEquals((await told({ deltas: false })).length, 6);
});

Deno.test("The handler is called, and its answer decides how the item ends", async () => {
  const asked: ApprovalRequest[] = [];
  const items = [
    commandExecution({ command: "rm x", aggregated_output: "gone" }),
    fileChange({ changes: ["a.ts"] }),
    mcpToolCall({ server: "s", tool: "t", arguments: { a: 1 }, result: "5" }),
  ];
  const codex = fakeCodexAppServer(() =>
    items.map((item) => needsApproval(item, { request: { reason: "Why not" } }))
  );
  const run = async (answer: "accept" | "decline"): Promise<unknown[]> => {
    const thread = codex.startThread({
      onApproval: (request) => {
        asked.push(request);
        return answer;
      },
    });
    const turn = await thread.run("Go");
    assertEquals(turn.warnings, []);
    return turn.items.map((item) => "status" in item && item.status);
  };
  assertEquals(await run("accept"), ["completed", "completed", "completed"]);
  assertEquals(await run("decline"), ["declined", "failed", "failed"]);
  const [command, change, tool] = asked;
  assert(command?.type === "command" && change?.type === "file_change");
  assertEquals(command.command, "rm x");
  assertEquals(command.reason, "Why not");
  assertEquals(command.itemId, "item_0");
  assertEquals(change.changes, [{ path: "a.ts", kind: "update", diff: "" }]);
  assert(tool?.type === "mcp_tool");
  assertEquals(tool.arguments, { a: 1 });
});

Deno.test("The decision determines how the turn continues", async () => {
  const codex = fakeCodexAppServer(() =>
    needsApproval(commandExecution({ command: "x" }), {
      onDecision: (decision) => agentMessage(`It was ${decision}`),
    })
  );
  const run = async (onApproval: () => unknown): Promise<unknown> => {
    const thread = codex.startThread();
    const turn = await thread.run("Go", { onApproval: onApproval as never });
    return [turn.finalResponse, ...turn.warnings];
  };
  assertEquals(await run(() => "acceptForSession"), [
    "It was acceptForSession",
  ]);
  assertEquals(await run(() => "yes"), [
    "It was decline",
    'onApproval returned "yes" instead of a decision: declined',
  ]);
  assertEquals(
    await run(() => {
      throw new Error("Broken");
    }),
    ["It was decline", "onApproval failed: Broken: declined"],
  );
  const nobody = await codex.startThread().run("Go");
  assertEquals(nobody.finalResponse, "It was decline");
  assertMatch(nobody.warnings[0] ?? "", /onApproval is not set: declined$/);
});

Deno.test("The decision to cancel interrupts the turn, and a late answer declines", async () => {
  const codex = fakeCodexAppServer(() =>
    needsApproval(commandExecution({ command: "x" }))
  );
  await assertRejects(
    () => codex.startThread({ onApproval: () => "cancel" }).run("Go"),
    CodexInterruptedError,
  );
  let isWithdrawn = false;
  const late = await codex.startThread({
    answerTimeoutMs: 5,
    onApproval: (_, { signal }) =>
      new Promise(() => {
        signal.addEventListener("abort", () => isWithdrawn = true);
      }),
  }).run("Go", { idleTimeoutMs: 2000 });
  assertMatch(late.warnings[0] ?? "", /did not answer within 5 ms/);
  assert(isWithdrawn);
});

Deno.test("The idle time is paused while the handler is called", async () => {
  const codex = fakeCodexAppServer([
    needsApproval(commandExecution({ command: "x" })),
    [agentMessage("."), hang()],
  ]);
  const thread = codex.startThread({
    onApproval: () =>
      new Promise((resolve) => setTimeout(() => resolve("accept"), 60)),
  });
  await thread.run("Go", { idleTimeoutMs: 20 });
  await assertRejects(
    () => thread.run("Go", { idleTimeoutMs: 20 }),
    CodexIdleTimeoutError,
  );
});

Deno.test("A turn can be steered and interrupted only while it runs", async () => {
  const codex = fakeCodexAppServer(() => [agentMessage("Half"), hang()]);
  const streamed = await codex.startThread().runStreamed("Go");
  const early = await assertRejects(
    () => streamed.steer("No"),
    CodexRequestError,
  );
  assertEquals(early.code, "turn_not_running");
  await assertRejects(async () => {
    for await (const event of streamed) {
      if (event.type !== "item.completed") continue;
      await streamed.steer("Faster");
      // Inside the loop, while nobody requests an event.
      await streamed.interrupt();
    }
  }, CodexInterruptedError);
  assertEquals(codex.requests[0]?.steered, [{ prompt: "Faster", images: [] }]);
  const over = await assertRejects(
    () => streamed.interrupt(),
    CodexRequestError,
  );
  assertEquals(over.code, "turn_not_running");
});

Deno.test("Closing the client ends its turns, and rejects new ones", async () => {
  const codex = fakeCodexAppServer(() => hang());
  const running = codex.startThread().run("Go");
  setTimeout(() => codex.close(), 5);
  await assertRejects(() => running, CodexCancelledError);
  await assertRejects(() => codex.startThread().run("Go"), CodexInputError);
  assertEquals(codex.requests.length, 1);
});

Deno.test("Requests outside a turn are rejected, without starting a server", async () => {
  await using codex = fakeCodexAppServer([], { codexPathOverride: "/nowhere" });
  for (
    const ask of [
      () => codex.models(),
      () => codex.account(),
      () => codex.rateLimits(),
      () => codex.threads.read("01a204fd-5d2f-7c33-a821-7f8c92f2a0ef"),
    ]
  ) {
    const error = await assertRejects(ask, CodexRequestError);
    assertEquals(error.code, "request_refused");
  }
});

Deno.test("codex exec rejects approval requests, and prints no deltas", async () => {
  const script = [needsApproval(commandExecution({ command: "x" }))] as never;
  const error = await fakeCodex(script).startThread().run("Go")
    .catch((error) => error);
  assertMatch(error.message, /fakeCodexAppServer/);
  const turn = await fakeCodex([[written(agentMessage("A b")), pause(1)]])
    .startThread().run("Go");
  assertEquals(turn.items.length, 1);
});
