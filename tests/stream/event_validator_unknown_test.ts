import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import type { Diagnostic } from "../../src/protocol/diagnostics.ts";
import type { ThreadEvent } from "../../src/protocol/events.ts";
import type { JsonObject, JsonValue } from "../../src/protocol/json.ts";
import { parseThreadEvent } from "../../streams.ts";
import { CodexProtocolError } from "../../src/errors/protocol_errors.ts";
import { EVENT_SAMPLES } from "../protocol/event_samples.ts";
import { ITEM_SAMPLES } from "../protocol/item_samples.ts";
import { decodeValues } from "./support.ts";

const ITEM_EVENTS = ["item.started", "item.updated", "item.completed"];

/** Parses a value, and asserts that it was not changed and that strict rejects it. */
function parse(
  value: JsonObject,
): { event: ThreadEvent; diagnostics: Diagnostic[] } {
  const before = structuredClone(value);
  const diagnostics: Diagnostic[] = [];
  const event = parseThreadEvent(value, {
    onDiagnostic: (diagnostic) => diagnostics.push(diagnostic),
  });
  assertEquals(value, before);
  const error = assertThrows(
    () => parseThreadEvent(value, { strict: true }),
    CodexProtocolError,
  );
  assertEquals(error.code, "unexpected_event");
  assertEquals(error.lineNumber, null);
  const [first] = diagnostics;
  assertEquals(
    error.message,
    `Cannot read an event at ${first?.path}: ${first?.message}`,
  );
  return { event, diagnostics };
}

/** Yields the invalid variants of a sample, each with the field that is wrong. */
function* wrongVariants(sample: {
  readonly full: object;
  readonly required: object;
  readonly optional: object;
}): Generator<{ field: string; value: JsonObject }, void> {
  const full = sample.full as JsonObject;
  for (const field of Object.keys(sample.required)) {
    const { [field]: _, ...value } = full;
    yield { field, value };
  }
  const fields = { ...sample.required, ...sample.optional };
  for (const [field, values] of Object.entries(fields)) {
    for (const wrong of values as readonly JsonValue[]) {
      yield { field, value: { ...full, [field]: wrong } };
    }
  }
}

for (const [type, sample] of Object.entries(EVENT_SAMPLES)) {
  if (Object.keys(sample.required).length === 0) continue;
  Deno.test(`parseThreadEvent returns a ${type} with a missing or wrong field whole as unknown, and names the path`, () => {
    for (const { field, value } of wrongVariants(sample)) {
      const { event, diagnostics } = parse(value);
      assertEquals(event, { type: "unknown", event_type: type, raw: value });
      assertStrictEquals<unknown>("raw" in event && event.raw, value);
      assertEquals(diagnostics.length >= 1, true);
      for (const { kind, lineNumber, path } of diagnostics) {
        assertEquals([kind, lineNumber], ["invalid", null]);
        assertEquals(`/${path.split("/")[1]}`, `/${field}`);
      }
    }
  });
}

for (const [type, sample] of Object.entries(ITEM_SAMPLES)) {
  Deno.test(`parseThreadEvent returns a ${type} item with a missing or wrong field whole as unknown, and names the path`, () => {
    for (const { field, value } of wrongVariants(sample)) {
      const { event, diagnostics } = parse({
        type: "item.completed",
        item: value,
        extra: 1,
      });
      const id = typeof value.id === "string" ? value.id : "";
      assertEquals<unknown>(event, {
        type: "item.completed",
        item: { type: "unknown", id, item_type: type, raw: value },
        extra: 1,
      });
      assertEquals(diagnostics.length >= 1, true);
      for (const { kind, lineNumber, path } of diagnostics) {
        assertEquals([kind, lineNumber], ["invalid", null]);
        assertEquals(path.split("/").slice(0, 3), ["", "item", field]);
      }
    }
  });
}

Deno.test("parseThreadEvent names the path of a nested fault as a JSON pointer", () => {
  const { full } = ITEM_SAMPLES.collab_tool_call;
  const { diagnostics } = parse({
    type: "item.completed",
    item: {
      ...full,
      receiver_thread_ids: ["a", 2],
      agents_states: { "a/b~c": { status: 1 } },
    },
  });
  assertEquals(diagnostics.map((one) => one.path), [
    "/item/receiver_thread_ids/1",
    "/item/agents_states/a~1b~0c/status",
  ]);
});

Deno.test("parseThreadEvent returns events of unknown kinds whole, including those named like members of every object", () => {
  const types = ["turn.aborted", "", "unknown", "__proto__"];
  for (const type of [...types, "constructor", "toString", "hasOwnProperty"]) {
    const value: JsonObject = { type, detail: { a: 1 } };
    const { event, diagnostics } = parse(value);
    assertEquals(event, { type: "unknown", event_type: type, raw: value });
    assertEquals(diagnostics, [{
      kind: "unknown",
      lineNumber: null,
      path: "/type",
      message: `unknown event type ${JSON.stringify(type)}`,
    }]);
  }
});

Deno.test("parseThreadEvent returns events whose type is not a string as unknown", () => {
  const values: JsonObject[] = [{}, { type: null }, { type: 1 }, {
    type: ["error"],
    message: "no",
  }];
  for (const value of values) {
    const { event, diagnostics } = parse(value);
    assertEquals(event, { type: "unknown", event_type: "", raw: value });
    assertEquals(diagnostics, [{
      kind: "invalid",
      lineNumber: null,
      path: "/type",
      message: "expected a string",
    }]);
  }
});

Deno.test("parseThreadEvent returns items of unknown kinds inside their event, including those named like members of every object", () => {
  const types = ["image_view", "", "unknown", "__proto__"];
  for (const type of [...types, "constructor", "toString", "valueOf"]) {
    for (const eventType of ITEM_EVENTS) {
      const item: JsonObject = { id: "item_3", type, path: "/repo/a.png" };
      const { event, diagnostics } = parse({ type: eventType, item });
      assertEquals<unknown>(event, {
        type: eventType,
        item: { type: "unknown", id: "item_3", item_type: type, raw: item },
      });
      assertStrictEquals<unknown>(
        "item" in event && event.item.type === "unknown" && event.item.raw,
        item,
      );
      assertEquals(diagnostics, [{
        kind: "unknown",
        lineNumber: null,
        path: "/item/type",
        message: `unknown item type ${JSON.stringify(type)}`,
      }]);
    }
  }
});

Deno.test("parseThreadEvent returns items whose id or type is not a string as unknown", () => {
  const items: JsonObject[] = [{}, { id: 1, type: 2 }, {
    id: null,
    type: null,
  }];
  for (const item of items) {
    const { event, diagnostics } = parse({ type: "item.started", item });
    assertEquals<unknown>(event, {
      type: "item.started",
      item: { type: "unknown", id: "", item_type: "", raw: item },
    });
    assertEquals(diagnostics.map((one) => one.path), ["/item/type"]);
  }
});

Deno.test("parseThreadEvent is not misled by an own key __proto__", () => {
  const [value] = decodeValues(
    '{"__proto__":{"type":"turn.started"},"item":{"__proto__":{"type":"error"}}}\n',
  );
  const { event } = parse(value ?? {});
  assertEquals(event.type === "unknown" && event.event_type, "");
  const [withItem] = decodeValues(
    '{"type":"item.completed","__proto__":{"a":1},"item":{"__proto__":{"type":"error"},"id":"1","type":"new"}}\n',
  );
  const kept = parse(withItem ?? {}).event;
  assertEquals(Object.keys(kept).sort(), ["__proto__", "item", "type"]);
  assertEquals(Object.getPrototypeOf(kept), Object.prototype);
});

Deno.test("parseThreadEvent quotes at most 100 characters of an unknown type", () => {
  const { diagnostics } = parse({ type: "x".repeat(500) });
  assertEquals(
    diagnostics[0]?.message,
    `unknown event type "${"x".repeat(99)}… (402 more characters)`,
  );
});

Deno.test("parseThreadEvent with strict truncates a very long key in its message", () => {
  const { full } = ITEM_SAMPLES.collab_tool_call;
  const agents_states = { ["k".repeat(100_000)]: { status: 1 } };
  const item = { ...full, agents_states };
  const error = assertThrows(
    () => parseThreadEvent({ type: "item.started", item }, { strict: true }),
    CodexProtocolError,
    "Cannot read an event at /item/agents_states/kkk",
  );
  assertEquals(error.message.length < 8300, true);
  assertEquals(Deno.inspect(error).length < 20_000, true);
});
