import {
  assertEquals,
  assertInstanceOf,
  assertStrictEquals,
} from "@std/assert";
import type { Diagnostic } from "../../src/protocol/diagnostics.ts";
import type { ThreadEvent } from "../../src/protocol/events.ts";
import type { JsonObject, JsonValue } from "../../src/protocol/json.ts";
import { parseThreadEvent } from "../../streams.ts";
import { EVENT_SAMPLES } from "../protocol/event_samples.ts";
import { ITEM_SAMPLES } from "../protocol/item_samples.ts";
import { decodeValues, fixtureEvents, fixtureNames } from "./support.ts";

function parse(
  value: JsonObject,
): { event: ThreadEvent; diagnostics: Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const event = parseThreadEvent(value, {
    onDiagnostic: (diagnostic) => diagnostics.push(diagnostic),
  });
  return { event, diagnostics };
}

/** Parses the item in an event, which keeps its type for any item. */
function parseItem(item: JsonValue): ReturnType<typeof parse> {
  return parse({ type: "item.completed", item });
}

for (const name of fixtureNames()) {
  Deno.test(`parseThreadEvent recognizes every event and item of the recorded stream ${name}`, async () => {
    const { events, diagnostics } = await fixtureEvents(name);
    assertEquals(diagnostics, []);
    const types = events.map((event) =>
      "item" in event ? event.item.type : event.type
    );
    assertEquals(types.includes("unknown"), false);
    assertEquals(types[0], "thread.started");
  });
}

Deno.test("parseThreadEvent returns a known event as the given object", () => {
  for (const { full } of Object.values(EVENT_SAMPLES)) {
    const value = structuredClone(full) as unknown as JsonObject;
    const { event, diagnostics } = parse(value);
    assertStrictEquals<unknown>(event, value);
    assertEquals<unknown>(event, full);
    assertEquals(diagnostics, []);
  }
});

Deno.test("parseThreadEvent returns an event with a known item as the given objects", () => {
  for (const { full } of Object.values(ITEM_SAMPLES)) {
    const item = structuredClone(full) as unknown as JsonObject;
    for (const type of ["item.started", "item.updated", "item.completed"]) {
      const value = { type, item };
      const { event, diagnostics } = parse(value);
      assertStrictEquals<unknown>(event, value);
      assertStrictEquals<unknown>(value.item, item);
      assertEquals<unknown>(item, full);
      assertEquals(diagnostics, []);
    }
  }
});

Deno.test("parseThreadEvent keeps unknown keys of known events, items and their parts", () => {
  const values: JsonObject[] = [
    { type: "turn.started", added_later: { a: [1] } },
    { type: "turn.failed", error: { message: "no", code: 7 }, retry: null },
    {
      type: "item.completed",
      added_later: 1,
      item: {
        id: "1",
        type: "todo_list",
        items: [{ text: "a", completed: true, due: "now" }],
        title: "Plan",
      },
    },
  ];
  for (const value of values) {
    const before = structuredClone(value);
    const { event, diagnostics } = parse(value);
    assertEquals<unknown>(event, before);
    assertEquals(diagnostics, []);
  }
});

Deno.test("parseThreadEvent adds 0 for usage fields that older CLIs omit, and does not change the given object", () => {
  const usage = { input_tokens: 9, cached_input_tokens: 2, output_tokens: 4 };
  const later = { cache_write_input_tokens: 0, reasoning_output_tokens: 0 };
  for (
    const printed of [
      usage,
      { ...usage, reasoning_output_tokens: null, added_later: 1 },
    ]
  ) {
    const value: JsonObject = { type: "turn.completed", usage: printed, a: 1 };
    const before = structuredClone(value);
    const { event, diagnostics } = parse(value);
    assertEquals<unknown>(event, {
      ...before,
      usage: { ...printed, ...later },
    });
    assertEquals(diagnostics, []);
    assertEquals(value, before);
  }
  const one = { ...usage, reasoning_output_tokens: 3 };
  const { event } = parse({ type: "turn.completed", usage: one });
  assertEquals<unknown>(event, {
    type: "turn.completed",
    usage: { ...one, cache_write_input_tokens: 0 },
  });
});

// Facts F6.
Deno.test("parseThreadEvent accepts null in a running command, and in a call without a result", () => {
  const items: JsonObject[] = [
    { ...asJson(ITEM_SAMPLES.command_execution.full), exit_code: null },
    { ...asJson(ITEM_SAMPLES.mcp_tool_call.full), result: null, error: null },
    { ...asJson(ITEM_SAMPLES.collab_tool_call.full), prompt: null },
    { ...asJson(ITEM_SAMPLES.web_search.full), action: null },
  ];
  for (const item of items) {
    const { event, diagnostics } = parseItem(item);
    assertEquals<unknown>(event, { type: "item.completed", item });
    assertEquals(diagnostics, []);
  }
});

// Facts F22.
Deno.test("parseThreadEvent reads a web_search that repeats the key id, where the later value counts", () => {
  const [value] = decodeValues(
    '{"type":"item.started","item":{"id":"item_0","type":"web_search","id":"ws_1","query":"","action":{"type":"other"}}}\n',
  );
  const { event, diagnostics } = parse(value ?? {});
  assertEquals(diagnostics, []);
  assertEquals<unknown>(event, {
    type: "item.started",
    item: {
      id: "ws_1",
      type: "web_search",
      query: "",
      action: { type: "other" },
    },
  });
});

Deno.test("parseThreadEvent needs neither options nor a listener", () => {
  const event = parseThreadEvent({ type: "new.event" });
  assertEquals(event.type, "unknown");
});

Deno.test("parseThreadEvent passes on a listener's error", () => {
  const fault = new Error("the listener's own");
  try {
    parseThreadEvent({ type: "new.event" }, {
      onDiagnostic: () => {
        throw fault;
      },
    });
  } catch (error) {
    assertInstanceOf(error, Error);
    return assertStrictEquals(error, fault);
  }
  throw new Error("nothing was thrown");
});

function asJson(item: object): JsonObject {
  return item as JsonObject;
}
