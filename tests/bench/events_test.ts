import { assertEquals } from "@std/assert";
import {
  longLine,
  mixedEvents,
  SHORT_TURN,
  UPDATE,
} from "../../bench/support/events.ts";
import { parseThreadEvent } from "../../src/stream/event_validator.ts";

function parse(text: string): ReturnType<typeof parseThreadEvent>[] {
  return text.trimEnd().split("\n").map((line) =>
    parseThreadEvent(JSON.parse(line), { strict: true })
  );
}

Deno.test("the bench's events are what the CLI prints", () => {
  const events = parse([...mixedEvents(100)].join(""));
  assertEquals(events.length, 100);
  assertEquals(events.at(-1)?.type, "turn.completed");
  assertEquals(parse(SHORT_TURN).length, 4);
  assertEquals(parse(UPDATE)[0]?.type, "item.updated");
});

Deno.test("the bench's mixed events have the size that the bar names", () => {
  const count = 10_000;
  const bytes = new TextEncoder().encode([...mixedEvents(count)].join(""));
  assertEquals(Math.round(bytes.length / count * 275_000 / 1e7), 17);
});

Deno.test("longLine() makes a line of the size asked for", () => {
  const size = 1 << 18;
  const line = [...longLine(size)].join("").split("\n")[2];
  assertEquals(line?.length, size);
  assertEquals(parse([...longLine(size)].join("")).length, 4);
});
