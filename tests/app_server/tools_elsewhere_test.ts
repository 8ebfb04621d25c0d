/** Tests functions of the program that the agent of a server elsewhere calls. @module */

import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import {
  CodexIncompleteTurnError,
  CodexInputError,
  type Turn,
} from "../../mod.ts";
import {
  modelAnswer,
  modelMcpCall,
  modelMessage,
  type ModelOutputItem,
} from "../../testing.ts";
import { listeningServer, tunnelTo } from "../support/listening_server.ts";
import { until, wait, withinMinute } from "../../src/testing/waiting.ts";
import { doing } from "../tools/support.ts";

const DONE = modelAnswer(modelMessage("Done"));

function call(name: string): ModelOutputItem {
  return { ...modelMcpCall("host", name), namespace: "host" };
}

/** Returns the result texts of a turn's calls. */
function results({ items }: Turn): unknown[] {
  return items.flatMap((item) =>
    item.type === "mcp_tool_call" ? [item.result?.content[0]?.text] : []
  );
}

Deno.test("a server elsewhere calls the tools that a thread was opened with, and others are rejected", async () => {
  await using server = await listeningServer([
    modelAnswer(call("here")),
    DONE,
    modelAnswer(call("here")),
    DONE,
    modelAnswer(call("here")),
    DONE,
    DONE,
  ]);
  const tools = [doing(() => "here", "here")];
  const others = [doing(() => "there", "there")];
  const codex = server.client({ tools });
  const refused = async (turn: () => Promise<unknown>): Promise<void> => {
    const error = await assertRejects(
      turn,
      CodexInputError,
      'Cannot add the tools "there" to the thread',
    );
    assertEquals(error.path, "tools");
  };
  const thread = codex.startThread(server.inRepo);
  await refused(() => thread.run("?", { tools: others }));
  assertEquals(server.model.requests.length, 0);
  const turn = await thread.run("?");
  assertEquals([results(turn), turn.warnings], [["here"], []]);
  await refused(() => thread.run("?", { tools: others }));
  assertEquals(results(await thread.run("?")), ["here"]);
  const id = thread.id ?? "";
  const copy = codex.forkThread(id, { ...server.inRepo, tools: others });
  await refused(() => copy.run("?"));
  assertEquals(server.model.requests.length, 4);
  // Another client cannot know the tools that the thread was opened with.
  const other = server.client({ tools: [...tools, ...others] })
    .resumeThread(id, server.inRepo);
  const resumed = await other.run("?");
  assertEquals(results(resumed), ["here"]);
  assertStringIncludes(resumed.warnings.join(), "the agent sees only those");
  assertEquals((await other.run("?")).warnings, []);
});

// The server asks again (facts A32).
Deno.test("a call that was cut off by a lost connection is repeated, and the turn continues", async () => {
  await using server = await listeningServer([
    modelAnswer(call("slow")),
    modelAnswer(modelMessage("The first is over")),
    modelAnswer(modelMessage("The second is over")),
  ]);
  await using tunnel = tunnelTo(server.url);
  const signals: AbortSignal[] = [];
  const called = Promise.withResolvers<void>();
  const tool = doing((_, { signal }) => {
    signals.push(signal);
    called.resolve();
    return signals.length > 1 ? "found" : new Promise(() => {});
  }, "slow");
  const codex = server.client({ connect: tunnel.url, tools: [tool] });
  const thread = codex.startThread(server.inRepo);
  const dropped = assertRejects(
    () => thread.run("?"),
    CodexIncompleteTurnError,
  );
  await withinMinute("the call", called.promise);
  tunnel.drop();
  await withinMinute("the end of the turn", dropped);
  await until("the end of the tool", () => signals[0]?.aborted || undefined);
  const next = await withinMinute("the next turn", thread.run("Go on"));
  assertEquals(next.finalResponse, "The second is over");
  assertEquals(signals.length, 2);
  assertEquals(
    server.model.requests[1]?.toolOutputs.map(({ text }) => text),
    ["found"],
  );
});

Deno.test("a call of an earlier turn is left to another client if this one does not have the tool", async () => {
  await using server = await listeningServer([
    modelAnswer(call("slow")),
    modelAnswer(modelMessage("The first is over")),
    modelAnswer(modelMessage("The second is over")),
  ]);
  const called = Promise.withResolvers<void>();
  const found = Promise.withResolvers<string>();
  const tool = doing(() => {
    called.resolve();
    return found.promise;
  }, "slow");
  const first = server.client({ tools: [tool] }).startThread(server.inRepo);
  const running = first.run("?");
  await withinMinute("the call", called.promise);
  const streamed = await server.client()
    .resumeThread(first.id ?? "", server.inRepo).runStreamed("Go on");
  // The server asks this client once it has resumed the thread.
  await streamed.events.next();
  const events = Array.fromAsync(streamed.events);
  await wait(500);
  found.resolve("found");
  assertEquals(results(await running), ["found"]);
  await withinMinute("the next turn", events);
  const { finalResponse, warnings } = streamed.result;
  assertEquals(finalResponse, "The second is over");
  assertStringIncludes(warnings.join(), 'waiting for the tool "slow"');
});

Deno.test("two clients that have the tool run it once each, and the second is aborted when the first has answered", async () => {
  await using server = await listeningServer([
    modelAnswer(call("slow")),
    modelAnswer(modelMessage("The first is over")),
    modelAnswer(modelMessage("The second is over")),
  ]);
  const called = Promise.withResolvers<void>();
  const calledToo = Promise.withResolvers<AbortSignal>();
  const found = Promise.withResolvers<string>();
  const first = server.client({
    tools: [doing(() => {
      called.resolve();
      return found.promise;
    }, "slow")],
  }).startThread(server.inRepo);
  const running = first.run("?");
  await withinMinute("the call", called.promise);
  const second = server.client({
    tools: [doing((_, { signal }) => {
      calledToo.resolve(signal);
      return new Promise(() => {});
    }, "slow")],
  }).resumeThread(first.id ?? "", server.inRepo).run("Go on");
  const signal = await withinMinute("the second call", calledToo.promise);
  found.resolve("found");
  assertEquals(results(await running), ["found"]);
  assertEquals(
    (await withinMinute("the second turn", second)).finalResponse,
    "The second is over",
  );
  assertEquals(signal.aborted, true);
});
