import { assertEquals, assertStrictEquals } from "@std/assert";
import type { ThreadEvent, Usage } from "../../src/protocol/events.ts";
import type { ThreadItem } from "../../src/protocol/items.ts";
import {
  initialTurnState,
  NO_USAGE,
  noteDiagnostic,
  reduceTurn,
  type TurnState,
} from "../../streams.ts";
import {
  itemCompleted,
  threadStarted,
  turnCompleted,
  turnFailed,
  turnStarted,
  usage,
} from "../../testing.ts";

const USAGE: Usage = usage({
  cached_input_tokens: 4,
  cache_write_input_tokens: 3,
  reasoning_output_tokens: 1,
});

const STARTED: ThreadEvent = threadStarted("a");
const COMPLETED: ThreadEvent = turnCompleted(USAGE);
const FAILED: ThreadEvent = turnFailed("no");

function message(text: string): ThreadItem {
  return { id: `item_${text}`, type: "agent_message", text };
}

function unknown(eventType: string): ThreadEvent {
  const raw = { type: eventType };
  return { type: "unknown", event_type: eventType, raw };
}

function fold(events: readonly ThreadEvent[], from = initialTurnState()) {
  return events.reduce(reduceTurn, from);
}

Deno.test("initialTurnState describes a new thread with a total of zeros by default", () => {
  assertEquals({ ...initialTurnState() }, {
    status: "running",
    threadId: null,
    items: [],
    finalResponse: "",
    usage: null,
    usageBefore: NO_USAGE,
    failure: null,
    lastError: null,
    warnings: [],
    diagnostics: [],
  });
  const resumed = initialTurnState({ threadId: "a", usageBefore: null });
  assertEquals([resumed.threadId, resumed.usageBefore], ["a", null]);
});

Deno.test("reduceTurn reads the thread's id from every thread.started", () => {
  const other: ThreadEvent = threadStarted("b");
  assertEquals(fold([STARTED]).threadId, "a");
  assertEquals(fold([STARTED, FAILED, other]).threadId, "b");
});

Deno.test("reduceTurn keeps every completed item, in the order of completion, without merging any", () => {
  const one = message("one");
  const todo: ThreadItem = { id: "t", type: "todo_list", items: [] };
  const strange: ThreadItem = {
    type: "unknown",
    id: "u",
    item_type: "image_view",
    raw: { id: "u" },
  };
  const { items } = fold([
    { type: "item.started", item: todo },
    itemCompleted(one),
    { type: "item.updated", item: todo },
    itemCompleted(strange),
    itemCompleted(todo),
    itemCompleted(one),
  ]);
  assertEquals(items, [one, strange, todo, one]);
  assertStrictEquals(items[0], one);
});

Deno.test("reduceTurn keeps the last completed agent message as the final response", () => {
  const reasoning: ThreadItem = { id: "r", type: "reasoning", text: "hm" };
  assertEquals(fold([STARTED]).finalResponse, "");
  assertEquals(
    fold([
      itemCompleted(message("first")),
      itemCompleted(message("last")),
      itemCompleted(reasoning),
      { type: "item.started", item: message("begun") },
      { type: "item.updated", item: message("changed") },
    ]).finalResponse,
    "last",
  );
  assertEquals(
    fold([itemCompleted(message("a")), itemCompleted(message(""))])
      .finalResponse,
    "",
  );
});

Deno.test("reduceTurn collects the messages of error events and completed error items as warnings, in order", () => {
  const item: ThreadItem = { id: "e", type: "error", message: "from an item" };
  const { warnings, status, items } = fold([
    { type: "error", message: "Reconnecting... 1/5" },
    { type: "item.started", item },
    itemCompleted(item),
    { type: "error", message: "Reconnecting... 2/5" },
  ]);
  assertEquals(warnings, [
    "Reconnecting... 1/5",
    "from an item",
    "Reconnecting... 2/5",
  ]);
  assertEquals([status, items], ["running", [item]]);
});

Deno.test("reduceTurn keeps the last error until the turn continues", () => {
  const retry: ThreadEvent = { type: "error", message: "Reconnecting... 1/5" };
  const notice: ThreadItem = { id: "e", type: "error", message: "odd model" };
  const todo: ThreadItem = { id: "t", type: "todo_list", items: [] };
  const waiting: ThreadEvent[] = [
    turnStarted(),
    itemCompleted(notice),
    { type: "item.started", item: notice },
    unknown("brand.new"),
  ];
  assertEquals(fold([retry, ...waiting]).lastError, "Reconnecting... 1/5");
  const goingOn: ThreadEvent[] = [
    { type: "item.started", item: todo },
    { type: "item.updated", item: todo },
    itemCompleted(todo),
    itemCompleted(message("Hello")),
  ];
  for (const event of goingOn) {
    const state = fold([retry, event]);
    assertEquals([state.lastError, state.warnings.length], [null, 1]);
    assertEquals(fold([retry, event, retry]).lastError, "Reconnecting... 1/5");
  }
});

Deno.test("reduceTurn keeps the latest 100 warnings", () => {
  const events = Array.from({ length: 105 }, (_, index): ThreadEvent => ({
    type: "error",
    message: `warning ${index}`,
  }));
  const { warnings } = fold(events);
  assertEquals(warnings.length, 100);
  assertEquals([warnings[0], warnings[99]], ["warning 5", "warning 104"]);
});

Deno.test("noteDiagnostic keeps the first 100 diagnostics", () => {
  let state: TurnState = initialTurnState();
  for (let lineNumber = 1; lineNumber <= 105; lineNumber++) {
    const before = state;
    const count = state.diagnostics.length;
    state = noteDiagnostic(state, {
      kind: "noise",
      lineNumber,
      path: "",
      message: "noise",
    });
    assertEquals(before.diagnostics.length, count);
  }
  assertEquals(
    state.diagnostics.map((one) => one.lineNumber),
    Array.from({ length: 100 }, (_, index) => index + 1),
  );
});

Deno.test("reduceTurn decides a turn only by turn.completed and turn.failed, including malformed ones", () => {
  const cases: [TurnState["status"], ThreadEvent][] = [
    ["completed", COMPLETED],
    ["completed", unknown("turn.completed")],
    ["failed", FAILED],
    ["failed", unknown("turn.failed")],
    ["running", STARTED],
    ["running", turnStarted()],
    ["running", { type: "error", message: "fatal" }],
    ["running", unknown("turn.aborted")],
    ["running", unknown("")],
    ["running", itemCompleted(message("done"))],
  ];
  for (const [status, event] of cases) {
    assertEquals(fold([event]).status, status, JSON.stringify(event));
  }
});

Deno.test("reduceTurn keeps the last turn.completed's usage, or null if it is malformed", () => {
  const later = { ...USAGE, input_tokens: 20 };
  const again: ThreadEvent = turnCompleted(later);
  assertEquals(fold([COMPLETED]).usage, USAGE);
  assertEquals(fold([COMPLETED, again]).usage, later);
  assertEquals(fold([unknown("turn.completed")]).usage, null);
  assertEquals(fold([FAILED]).usage, null);
});

Deno.test("reduceTurn keeps a failure, whether turn.completed comes before or after it", () => {
  for (const done of [COMPLETED, unknown("turn.completed")]) {
    for (const events of [[FAILED, done], [done, FAILED]]) {
      const { status, failure } = fold(events);
      assertEquals([status, failure], ["failed", "no"]);
    }
  }
});

Deno.test("reduceTurn keeps the message of the last turn.failed", () => {
  const later: ThreadEvent = turnFailed("later");
  assertEquals(fold([FAILED, later]).failure, "later");
});

Deno.test("reduceTurn uses the last warning's message if turn.failed has none", () => {
  const warning: ThreadEvent = { type: "error", message: "why" };
  const empty: ThreadEvent = turnFailed("");
  for (const failed of [unknown("turn.failed"), empty]) {
    assertEquals(fold([warning, failed]).failure, "why");
    assertEquals(
      fold([failed]).failure,
      "The turn failed without a message",
    );
  }
  assertEquals(fold([warning, FAILED]).failure, "no");
});
