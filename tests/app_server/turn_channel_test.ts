import { assertEquals } from "@std/assert";
import { Connection } from "../../src/app_server/connection/connection.ts";
import { TurnChannel } from "../../src/app_server/turn/turn_channel.ts";
import {
  type PreparedTools,
  prepareTools,
} from "../../src/tools/prepared_tools.ts";
import { ToolCalls } from "../../src/tools/tool_calls.ts";
import { until } from "../../src/testing/waiting.ts";
import { doing, NO_FILES } from "../tools/support.ts";
import type { JsonObject } from "../../src/protocol/json.ts";

function makeChannel(
  tools: PreparedTools = new Map(),
  written: string[] = [],
): TurnChannel {
  const write = (line: string): Promise<void> => {
    written.push(line);
    return Promise.resolve();
  };
  return new TurnChannel({
    connection: new Connection({ write }, {
      requestTimeoutMs: 1000,
      redact: (text) => text,
    }),
    deltas: false,
    onApproval: undefined,
    onElicitation: undefined,
    answerTimeoutMs: undefined,
    strict: false,
    redact: (text) => text,
    interrupt: () => {},
    tools: { tools, calls: new ToolCalls(1000, NO_FILES) },
  });
}

function ofTurn(id: string): JsonObject {
  return { turn: { id, status: "completed" } };
}

function makeItemParams(turnId: string): JsonObject {
  return { turnId, item: { type: "agentMessage", id: "a", text: "Hi" } };
}

/** Answers the start of a turn after its first notifications; returns the turn's events. */
async function collectEvents(channel: TurnChannel): Promise<string[]> {
  channel.notified("turn/started", ofTurn("this one"));
  channel.notified("item/completed", makeItemParams("this one"));
  assertEquals(channel.over, undefined);
  channel.started("thread", "this one");
  await channel.begun;
  channel.notified("turn/completed", ofTurn("this one"));
  channel.close();
  const batch = await channel.take();
  return (batch?.events ?? []).map(({ type }) => type);
}

const EVENTS = ["turn.started", "item.completed", "turn.completed"];

Deno.test("Notifications that arrive before the response to turn/start are kept", async () => {
  const channel = makeChannel();
  channel.notified("turn/completed", ofTurn("an earlier one"));
  assertEquals(await collectEvents(channel), EVENTS);
});

Deno.test("Notifications before the response are also kept after waiting for an earlier turn, without that turn's items", async () => {
  const channel = makeChannel();
  channel.waitForIdle([]);
  channel.notified("item/started", makeItemParams("an earlier one"));
  channel.notified("turn/completed", ofTurn("an earlier one"));
  assertEquals(channel.openItems.length, 1);
  channel.notified("thread/status/changed", { status: { type: "idle" } });
  await channel.idle;
  assertEquals(await collectEvents(channel), EVENTS);
});

// This pauses the idle limit.
Deno.test("isAsking is true while a tool runs, until the tool answers or its item ends", async () => {
  const signals: AbortSignal[] = [];
  const found = Promise.withResolvers<string>();
  const channel = makeChannel(
    await prepareTools([doing((_, { signal }) => {
      signals.push(signal);
      return signals.length === 1 ? found.promise : new Promise(() => {});
    }, "slow")]),
  );
  channel.started("thread", "this one");
  const ask = (id: number): void =>
    channel.requested({
      id,
      method: "item/tool/call",
      params: { threadId: "thread", callId: `call ${id}`, tool: "slow" },
    });
  const isAsking = async (): Promise<boolean | undefined> =>
    (await channel.take())?.isAsking;
  ask(1);
  assertEquals(await isAsking(), true);
  found.resolve("found");
  assertEquals(await isAsking(), false);
  ask(2);
  ask(3);
  assertEquals(await isAsking(), true);
  const ended = (id: number): JsonObject => ({
    threadId: "thread",
    turnId: "this one",
    item: { type: "dynamicToolCall", id: `call ${id}`, status: "completed" },
  });
  channel.notified("item/completed", ended(2));
  channel.notified("item/completed", ended(3));
  assertEquals(await isAsking(), false);
  assertEquals(signals.map(({ aborted }) => aborted), [false, true, true]);
  channel.giveUp();
  channel.close();
});

Deno.test("A stopped turn does not answer calls, so that it does not continue; a turn that is over answers with a failure", async () => {
  const written: string[] = [];
  const signals: AbortSignal[] = [];
  const tools = await prepareTools([doing((_, { signal }) => {
    signals.push(signal);
    return new Promise(() => {});
  }, "slow")]);
  const ask = (channel: TurnChannel, id: number): void =>
    channel.requested({
      id,
      method: "item/tool/call",
      params: { threadId: "thread", callId: `call ${id}`, tool: "slow" },
    });
  const stopped = makeChannel(tools, written);
  ask(stopped, 1);
  await until("the call", () => signals[0]);
  stopped.stop();
  ask(stopped, 2);
  const over = makeChannel(tools, written);
  ask(over, 3);
  await until("the other call", () => signals[1]);
  over.giveUp();
  ask(over, 4);
  const replies = await until(
    "the replies",
    () => written.length < 2 ? undefined : written,
  );
  assertEquals(signals.map(({ aborted }) => aborted), [true, true]);
  const text = "The turn has ended";
  const result = {
    contentItems: [{ type: "inputText", text }],
    success: false,
  };
  assertEquals(
    replies.map((line) => JSON.parse(line)).sort((a, b) => a.id - b.id),
    [{ id: 3, result }, { id: 4, result }],
  );
});
