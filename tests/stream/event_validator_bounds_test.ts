/**
 * Invalid events that are very large or nested very deep: they are delivered like any
 * other, and their diagnostics are limited.
 *
 * @module
 */

import {
  assert,
  assertEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import type { Diagnostic } from "../../src/protocol/diagnostics.ts";
import type { ThreadEvent } from "../../src/protocol/events.ts";
import type { JsonObject, JsonValue } from "../../src/protocol/json.ts";
import { EventParser } from "../../src/stream/event_parser.ts";
import { parseThreadEvent } from "../../streams.ts";
import { CodexProtocolError } from "../../src/errors/protocol_errors.ts";
import { ITEM_SAMPLES } from "../protocol/item_samples.ts";

/** The maximum number of diagnostics for one event. */
const MAX_ISSUES = 20;

const MANY = 1_000_000;

/** Nested deeper than any call stack. */
const DEEP: { readonly [kind: string]: JsonValue } = {
  array: JSON.parse("[".repeat(MANY) + "]".repeat(MANY)),
  object: JSON.parse('{"a":'.repeat(MANY) + "1" + "}".repeat(MANY)),
};

/** Parses a value, and asserts that strict rejects it for the first diagnostic. */
function parse(
  value: JsonObject,
): { event: ThreadEvent; diagnostics: Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const event = parseThreadEvent(value, {
    onDiagnostic: (diagnostic) => diagnostics.push(diagnostic),
  });
  const [first] = diagnostics;
  assertThrows(
    () => parseThreadEvent(value, { strict: true }),
    CodexProtocolError,
    `Cannot read an event at ${first?.path}: ${first?.message}`,
  );
  return { event, diagnostics };
}

/** Parses an invalid item, and asserts that it is delivered whole. */
function parseItem(item: JsonObject): Diagnostic[] {
  const { event, diagnostics } = parse({ type: "item.completed", item });
  assert(event.type === "item.completed" && event.item.type === "unknown");
  assertStrictEquals(event.item.raw, item);
  return diagnostics;
}

/** Builds an item of a known kind with other values in it. */
function item(
  kind: keyof typeof ITEM_SAMPLES,
  fields: JsonObject,
): JsonObject {
  const { full } = ITEM_SAMPLES[kind];
  return { ...full as unknown as JsonObject, ...fields };
}

const ONES: JsonValue[] = new Array(MANY).fill(1);
const EMPTY: JsonValue[] = new Array(MANY).fill({});

for (
  const [what, value, first] of [
    [
      "changes that are numbers",
      item("file_change", { changes: ONES }),
      "/item/changes/0",
    ],
    [
      "changes that lack every field",
      item("file_change", { changes: EMPTY }),
      "/item/changes/0/path",
    ],
    [
      "steps that are numbers",
      item("todo_list", { items: ONES }),
      "/item/items/0",
    ],
    [
      "blocks that are numbers",
      item("mcp_tool_call", { result: { content: ONES } }),
      "/item/result/content/0",
    ],
    [
      "thread ids that are numbers",
      item("collab_tool_call", { receiver_thread_ids: ONES }),
      "/item/receiver_thread_ids/0",
    ],
    [
      "agents that are numbers",
      item("collab_tool_call", {
        agents_states: Object.fromEntries(
          ONES.map((one, index) => [`k${index}`, one]),
        ),
      }),
      "/item/agents_states/k0",
    ],
  ] as const
) {
  Deno.test(`parseThreadEvent delivers an item with a million ${what}, and reports ${MAX_ISSUES} of them`, () => {
    const diagnostics = parseItem(value);
    assertEquals(diagnostics.length, MAX_ISSUES);
    assertEquals(diagnostics[0]?.path, first);
    assertEquals(
      new Set(diagnostics.map(({ path, message }) => path + message)).size,
      MAX_ISSUES,
    );
  });
}

Deno.test("parseThreadEvent finds the one wrong change after a million good ones", () => {
  const good: JsonValue[] = new Array(MANY).fill({ path: "a", kind: "add" });
  const value = item("file_change", { changes: [...good, { path: "b" }] });
  assertEquals(parseItem(value).map(({ path }) => path), [
    `/item/changes/${MANY}/kind`,
  ]);
});

Deno.test("EventParser delivers a line of 8 MB with wrong elements, and continues after it", () => {
  const changes = `[${"1,".repeat(4 * MANY)}1]`;
  const line =
    `{"type":"item.completed","item":{"id":"1","type":"file_change","status":"completed","changes":${changes}}}`;
  const bytes = new TextEncoder().encode(`${line}\n{"type":"turn.started"}\n`);
  const parser = new EventParser({ strict: false, maxLineBytes: undefined });
  const { batch, problem } = parser.push(bytes);
  assertEquals(problem, undefined);
  assertEquals(batch.events.map(({ type }) => type), [
    "item.completed",
    "turn.started",
  ]);
  assertEquals(batch.diagnostics.length, MAX_ISSUES);
  const strict = new EventParser({ strict: true, maxLineBytes: undefined });
  assertEquals(strict.push(bytes).problem?.code, "unexpected_event");
});

for (const [kind, deep] of Object.entries(DEEP)) {
  Deno.test(`parseThreadEvent delivers an item whose type is a deep ${kind}`, () => {
    const diagnostics = parseItem({ id: "1", type: deep });
    assertEquals(diagnostics.map(({ path, message }) => [path, message]), [
      ["/item/type", `unknown item type (an ${kind})`],
    ]);
  });

  Deno.test(`parseThreadEvent delivers an event whose type is a deep ${kind}`, () => {
    const value: JsonObject = { type: deep, a: 1 };
    const { event, diagnostics } = parse(value);
    assertStrictEquals<unknown>(event.type === "unknown" && event.raw, value);
    assertEquals(diagnostics.map(({ path }) => path), ["/type"]);
  });

  Deno.test(`parseThreadEvent delivers a deep ${kind} in any place`, () => {
    parseItem(item("agent_message", { id: deep }));
    parseItem(item("agent_message", { text: deep }));
    parseItem({ id: "1", type: "new", deep });
    parseItem(item("file_change", { changes: [deep] }));
    parseItem(item("collab_tool_call", { agents_states: deep }));
    parseItem(item("command_execution", { status: deep }));
    const values: JsonObject[] = [
      { type: "new", deep },
      { type: "item.completed", item: [deep] },
      { type: "turn.completed", usage: deep },
      { type: "turn.failed", error: deep },
    ];
    for (const value of values) {
      const { event } = parse(value);
      assertStrictEquals<unknown>(event.type === "unknown" && event.raw, value);
    }
    const call = item("mcp_tool_call", { arguments: deep });
    const event = parseThreadEvent(
      { type: "item.completed", item: call },
      { strict: true },
    );
    assertStrictEquals<unknown>("item" in event && event.item, call);
  });
}
