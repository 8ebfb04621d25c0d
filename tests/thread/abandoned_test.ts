import { assertEquals, assertRejects } from "@std/assert";
import { CodexCancelledError } from "../../mod.ts";
import { processesWith } from "../exec/process_support.ts";
import { completedTurn, print } from "../support/fake_codex.ts";
import { until } from "../../src/testing/waiting.ts";
import { fakeClient } from "./support.ts";

Deno.test("Thread.runStreamed leaves no process after an abort, even if no further event is read", async () => {
  const mark = `ABANDONED=${crypto.randomUUID()}`;
  const [name = "", value = ""] = mark.split("=");
  const lines = completedTurn("Hi").slice(0, 3);
  await using fake = await fakeClient(
    ["read", ...print(...lines), "stay"],
    { env: { [name]: value }, envMode: "merge" },
  );
  const controller = new AbortController();
  const { signal } = controller;
  const streamed = await fake.codex.startThread().runStreamed("Hi", { signal });
  await streamed.events.next();
  controller.abort();
  await until(
    "the end of every process of the turn",
    async () => (await processesWith(mark)).length === 0 || undefined,
  );
  // A later read gets what had been printed, and then the error.
  const types: string[] = [];
  await assertRejects(async () => {
    for await (const event of streamed.events) types.push(event.type);
  }, CodexCancelledError);
  assertEquals(types, ["turn.started", "item.completed"]);
});
