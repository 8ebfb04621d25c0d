import { assertEquals } from "@std/assert";
import { Connection } from "../../src/app_server/connection/connection.ts";
import { TurnChannel } from "../../src/app_server/turn/turn_channel.ts";
import type { JsonObject } from "../../src/protocol/json.ts";

function makeChannel(): TurnChannel {
  return new TurnChannel({
    connection: new Connection({ write: () => Promise.resolve() }, {
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
  });
}

function ofTurn(id: string): JsonObject {
  return { turn: { id, status: "completed" } };
}

function itemOf(turnId: string): JsonObject {
  return { turnId, item: { type: "agentMessage", id: "a", text: "Hi" } };
}

/** Has the server answer the start of a turn after it has told of it; gives the turn's events. */
async function eventsOf(channel: TurnChannel): Promise<string[]> {
  channel.notified("turn/started", ofTurn("this one"));
  channel.notified("item/completed", itemOf("this one"));
  assertEquals(channel.over, undefined);
  channel.started("thread", "this one");
  await channel.begun;
  channel.notified("turn/completed", ofTurn("this one"));
  channel.close();
  const batch = await channel.take();
  return (batch?.events ?? []).map(({ type }) => type);
}

const EVENTS = ["turn.started", "item.completed", "turn.completed"];

Deno.test("What the server tells of a turn before it has answered its start is not lost", async () => {
  const channel = makeChannel();
  channel.notified("turn/completed", ofTurn("an earlier one"));
  assertEquals(await eventsOf(channel), EVENTS);
});

Deno.test("It is not lost either where the turn has waited for an earlier one, whose items stay that one's", async () => {
  const channel = makeChannel();
  channel.waitForIdle([]);
  channel.notified("item/started", itemOf("an earlier one"));
  channel.notified("turn/completed", ofTurn("an earlier one"));
  assertEquals(channel.openItems.length, 1);
  channel.notified("thread/status/changed", { status: { type: "idle" } });
  await channel.idle;
  assertEquals(await eventsOf(channel), EVENTS);
});
