import { assertEquals, assertStrictEquals } from "@std/assert";
import { loadEventReader, TRIAL } from "../../src/exec/load_event_reader.ts";
import { EventReader } from "../../src/stream/event_reader.ts";

Deno.test("loadEventReader() gives the reader of events, loaded once", async () => {
  assertStrictEquals(await loadEventReader(), EventReader);
  assertStrictEquals(loadEventReader(), loadEventReader());
});

Deno.test("loadEventReader() tries it on events that are known", () => {
  const reader = new EventReader({ strict: true, maxLineBytes: undefined });
  const { batch, decided, problem } = reader.push(
    new TextEncoder().encode(TRIAL),
  );
  assertEquals([decided, problem, batch.diagnostics], [
    "completed",
    undefined,
    [],
  ]);
  assertEquals(batch.events.map(({ type }) => type), [
    "thread.started",
    "turn.started",
    "item.completed",
    "turn.completed",
  ]);
});
