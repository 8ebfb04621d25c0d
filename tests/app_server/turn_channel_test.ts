import { assertEquals } from "@std/assert";
import { Connection } from "../../src/app_server/connection/connection.ts";
import { TurnChannel } from "../../src/app_server/turn/turn_channel.ts";

Deno.test("What the server tells of a turn before it has answered its start is not lost", async () => {
  const channel = new TurnChannel({
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
  const of = (turnId: string): { turn: { id: string; status: string } } => ({
    turn: { id: turnId, status: "completed" },
  });
  channel.notified("turn/completed", of("an earlier one"));
  channel.notified("turn/started", of("this one"));
  channel.notified("item/completed", {
    turnId: "this one",
    item: { type: "agentMessage", id: "a", text: "Hi" },
  });
  assertEquals(channel.over, undefined);
  channel.started("thread", "this one");
  await channel.begun;
  channel.notified("turn/completed", of("this one"));
  channel.close();
  const batch = await channel.take();
  assertEquals(batch?.events.map(({ type }) => type), [
    "turn.started",
    "item.completed",
    "turn.completed",
  ]);
});
