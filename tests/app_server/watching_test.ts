import { assert, assertEquals, assertThrows } from "@std/assert";
import { CodexAppServer } from "../../app_server.ts";
import { CodexInputError } from "../../mod.ts";
import { modelAnswer, modelMessage } from "../../testing.ts";
import { realServer } from "../support/real_server.ts";

Deno.test("Listeners are called once for the server's process, and for each turn's events except deltas", async () => {
  await using real = await realServer(() =>
    modelAnswer(modelMessage("one two"))
  );
  const told: unknown[][] = [];
  const codex = real.client({
    onEvent: ({ type }, { threadId }) => told.push([type, threadId]),
    onSpawn: ({ argv }) => told.push(["spawn", argv[0]]),
    onExit: ({ exitCode }) => told.push(["exit", exitCode]),
  });
  const turns = [1, 2].map(async () => {
    const streamed = await codex.startThread(real.inRepo)
      .runStreamed("Hi", { deltas: true });
    const events = await Array.fromAsync(streamed);
    assert(events.some(({ type }) => type === "item.delta"));
    return events.filter(({ type }) => type !== "item.delta")
      .map(({ type }) => [type, streamed.result.threadId]);
  });
  const streamed = await Promise.all(turns);
  assertEquals(told[0], ["spawn", "app-server"]);
  for (const events of streamed) {
    const [, threadId] = events[0] ?? [];
    assertEquals(told.filter(([, id]) => id === threadId), events);
  }
  const before = told.length;
  await codex.close();
  assertEquals(told.slice(before), [["exit", 0]]);
});

Deno.test("An error of a listener of the server's process is a warning of the turn that ends next", async () => {
  await using real = await realServer(() => modelAnswer(modelMessage("Hi")));
  const codex = real.client({
    onSpawn: () => {
      throw new Error("No room");
    },
    onExit: () => Promise.reject(new Error("Nobody is told")),
  });
  const thread = codex.startThread(real.inRepo);
  assertEquals((await thread.run("Hi")).warnings, [
    "The listener onSpawn failed: No room",
  ]);
  assertEquals((await thread.run("Hi")).warnings, []);
  await codex.close();
});

for (const name of ["onStderr", "onSpawn", "onExit"] as const) {
  Deno.test(`${name} is rejected for a server elsewhere, which is not a process of the client`, () => {
    const error = assertThrows(
      () =>
        new CodexAppServer({ connect: "ws://127.0.0.1:1", [name]: () => {} }),
      CodexInputError,
      `${name} cannot be set with connect`,
    );
    assertEquals(error.path, name);
  });
}
