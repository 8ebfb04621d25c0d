import { assertEquals } from "@std/assert";
import { warmUpTurn } from "../../src/exec/load_parser.ts";
import { EventParser } from "../../src/stream/event_parser.ts";

Deno.test("warmUpTurn() writes a complete turn of known events", () => {
  const parser = new EventParser({ strict: true, maxLineBytes: undefined });
  const { batch, decided, problem } = parser.push(
    new TextEncoder().encode(warmUpTurn()),
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
