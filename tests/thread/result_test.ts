import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import {
  CodexError,
  CodexExecError,
  CodexIncompleteTurnError,
  CodexThreadRunError,
  CodexThreadStreamNotConsumedError,
  type StreamedTurn,
} from "../../mod.ts";
import {
  completedTurn,
  print,
  printing,
  prints,
  printTurn,
} from "../support/fake_codex.ts";
import {
  BEGIN,
  fakeClient,
  hangingAfter,
  THREAD_ID,
  types,
} from "./support.ts";

/** Asserts that there is no result because the events were not read to the end. */
function assertNotConsumed(streamed: StreamedTurn): void {
  const error = assertThrows(
    () => streamed.result,
    CodexThreadStreamNotConsumedError,
    "streamed.result is unavailable until streamed.events is fully consumed",
  );
  assertEquals(error.code, "stream_not_consumed");
  assertInstanceOf(error, CodexThreadRunError);
  assertInstanceOf(error, CodexError);
}

Deno.test("StreamedTurn.result is available, and the same each time, once all events were read", async () => {
  await using fake = await fakeClient(printTurn("Hi"));
  const streamed = await fake.codex.startThread().runStreamed("Hi");
  assertNotConsumed(streamed);
  let seen = 0;
  for await (const _ of streamed.events) {
    assertNotConsumed(streamed);
    seen += 1;
  }
  assertEquals(seen, 4);
  const { result } = streamed;
  assertEquals(result.finalResponse, "Hi");
  assertStrictEquals(streamed.result, result);
  assertEquals(await Array.fromAsync(streamed.events), []);
  await streamed[Symbol.asyncDispose]();
  assertStrictEquals(streamed.result, result);
});

Deno.test("StreamedTurn.result stays unavailable after the loop was left early", async () => {
  await using fake = await fakeClient(
    `cat > /dev/null\n${hangingAfter(...BEGIN)}`,
  );
  const streamed = await fake.codex.startThread().runStreamed("Hi");
  for await (const _ of streamed.events) break;
  assertNotConsumed(streamed);
  assertEquals(await Array.fromAsync(streamed.events), []);
  assertNotConsumed(streamed);
});

Deno.test("StreamedTurn.result throws the turn's error, the same one each time", async () => {
  await using fake = await fakeClient(
    [
      "read",
      ...print(...BEGIN),
      prints("No luck\n", { to: "stderr" }),
      "exit 9",
    ],
  );
  const streamed = await fake.codex.startThread().runStreamed("Hi");
  const error = await assertRejects(
    () => Array.fromAsync(streamed.events),
    CodexExecError,
    "codex exited with code 9: No luck",
  );
  assertStrictEquals(assertThrows(() => streamed.result), error);
  assertEquals((await streamed.events.next()).done, true);
  await streamed[Symbol.asyncDispose]();
  assertStrictEquals(assertThrows(() => streamed.result), error);
  assertEquals(error.items.length, 1);
  assertEquals(error.stderr, "No luck\n");
});

// Facts F4.
Deno.test("Thread.run rejects as incomplete if the CLI exits with code 0 without completing the turn", async () => {
  for (const lines of [[], BEGIN]) {
    await using fake = await fakeClient(["read", ...print(...lines)]);
    const thread = fake.codex.startThread();
    const error = await assertRejects(
      () => thread.run("Hi"),
      CodexIncompleteTurnError,
    );
    assertEquals(error.code, "turn_incomplete");
    assertEquals(error.exitCode, 0);
    assertEquals(error.items.length, lines.length > 0 ? 1 : 0);
    assertEquals(error.threadId, lines.length > 0 ? THREAD_ID : null);
    assertEquals(thread.id, error.threadId);
  }
});

Deno.test("Thread.run resolves for a turn without thread.started", async () => {
  await using fake = await fakeClient(
    ["read", ...print(...completedTurn("Hi").slice(1))],
  );
  const thread = fake.codex.startThread();
  const turn = await thread.run("Hi");
  assertEquals(turn.finalResponse, "Hi");
  assertEquals(turn.threadId, null);
  assertEquals(thread.id, null);
});

Deno.test("StreamedTurn.events yields the events after turn.failed", async () => {
  await using fake = await fakeClient([
    "read",
    ...print(
      ...BEGIN,
      '{"type":"turn.failed","error":{"message":"Too hard"}}',
      '{"type":"error","message":"afterwards"}',
    ),
    "exit 1",
  ]);
  const streamed = await fake.codex.startThread().runStreamed("Hi");
  const seen: string[] = [];
  const error = await assertRejects(
    async () => {
      for await (const event of streamed.events) seen.push(...types([event]));
    },
    CodexThreadRunError,
    "Too hard",
  );
  assertEquals(seen.slice(-2), ["turn.failed", "error"]);
  assertEquals(error.warnings, ["afterwards"]);
  assertEquals(error.exitCode, 1);
});

Deno.test("Turn.diagnostics and CodexTurnError.diagnostics list output that was not understood", async () => {
  const odd = [
    "\u001b[33mwarning: old config\u001b[0m",
    "",
    '{"type":"item.completed","item":{"id":"i","type":"hologram","beam":1}}',
    '{"type":"weather.changed","to":"rain"}',
    '{"type":"error","message":7}',
  ];
  const [started, ...rest] = completedTurn("Hi");
  await using fake = await fakeClient(
    `[ -e "$FAKE_HOME/again" ] && fails=1; touch "$FAKE_HOME/again"
if [ "$fails" ]; then ${printing(started ?? "", ...odd)}; exit 4; fi
${printing(started ?? "", ...odd, ...rest)}`,
  );
  const thread = fake.codex.startThread();
  const streamed = await thread.runStreamed("Hi");
  const events = await Array.fromAsync(streamed.events);
  const told = streamed.result.diagnostics.map((each) => [
    each.kind,
    each.lineNumber,
    each.path,
  ]);
  assertEquals(told, [
    ["noise", 2, ""],
    ["unknown", 4, "/item/type"],
    ["unknown", 5, "/type"],
    ["invalid", 6, "/message"],
  ]);
  // Output that is not understood is delivered anyway.
  assertEquals(events.filter((event) => event.type === "unknown"), [
    {
      type: "unknown",
      event_type: "weather.changed",
      raw: { type: "weather.changed", to: "rain" },
    },
    {
      type: "unknown",
      event_type: "error",
      raw: { type: "error", message: 7 },
    },
  ]);
  assertEquals(streamed.result.items[0], {
    type: "unknown",
    id: "i",
    item_type: "hologram",
    raw: { id: "i", type: "hologram", beam: 1 },
  });
  const error = await assertRejects(() => thread.run("Hi"), CodexExecError);
  assertEquals(
    error.diagnostics.map((each) => [each.kind, each.lineNumber, each.path]),
    told,
  );
  assert(error.diagnostics[0]?.message.includes("old config"));
});
