import { assertEquals } from "@std/assert";
import { EventParser } from "../../src/stream/event_parser.ts";
import { utf8 } from "./support.ts";

const STARTED = '{"type":"turn.started"}';
const COMPLETED =
  '{"type":"turn.completed","usage":{"input_tokens":1,"cached_input_tokens":0,"output_tokens":1}}';
const FAILED = '{"type":"turn.failed","error":{"message":"no"}}';

function parser(options: { strict?: boolean; maxLineBytes?: number } = {}) {
  return new EventParser({
    strict: options.strict ?? false,
    maxLineBytes: options.maxLineBytes,
  });
}

Deno.test("EventParser returns the events and diagnostics of a chunk together, each once", () => {
  const events = parser();
  const first = events.push(utf8(`noise\n${STARTED}\n{"type":"new.event"}\n`));
  assertEquals(first.batch.events.map((event) => event.type), [
    "turn.started",
    "unknown",
  ]);
  assertEquals(
    first.batch.diagnostics.map((one) => [one.kind, one.lineNumber]),
    [["noise", 1], ["unknown", 3]],
  );
  const second = events.push(utf8(`${STARTED}\n`));
  assertEquals(second.batch.events.length, 1);
  assertEquals(second.batch.diagnostics, []);
});

Deno.test("EventParser reports the step in which the turn is decided, even by a malformed event", () => {
  const deciding = [
    COMPLETED,
    FAILED,
    '{"type":"turn.completed"}',
    '{"type":"turn.failed","error":"boom"}',
  ];
  for (const line of deciding) {
    const events = parser();
    const decision = line.includes("turn.failed") ? "failed" : "completed";
    assertEquals(events.push(utf8(`${STARTED}\n`)).decided, undefined);
    assertEquals(events.push(utf8(`${line}\n`)).decided, decision, line);
    assertEquals(events.push(utf8(`${STARTED}\n`)).decided, undefined);
  }
});

Deno.test("EventParser does not decide the turn by other events", () => {
  const others = [
    '{"type":"error","message":"turn.failed"}',
    '{"type":"turn.aborted"}',
    '{"type":"item.completed","item":{"id":"1","type":"turn.completed"}}',
  ];
  for (const line of others) {
    assertEquals(parser().push(utf8(`${line}\n`)).decided, undefined, line);
  }
});

Deno.test("EventParser reads a last line without a line feed at the end", () => {
  const events = parser();
  assertEquals(events.push(utf8(COMPLETED)).batch.events, []);
  const last = events.end();
  assertEquals(last.batch.events.map((event) => event.type), [
    "turn.completed",
  ]);
  assertEquals([last.decided, last.problem], ["completed", undefined]);
});

Deno.test("EventParser returns the events before a broken line together with the problem", () => {
  const { batch, decided, problem } = parser().push(
    utf8(`${STARTED}\n${COMPLETED}\n{broken\n${FAILED}\n`),
  );
  assertEquals(batch.events.map((event) => event.type), [
    "turn.started",
    "turn.completed",
  ]);
  assertEquals(decided, "completed");
  assertEquals([problem?.code, problem?.lineNumber], ["invalid_json", 3]);
});

Deno.test("EventParser returns the events before a too long line together with the problem", () => {
  const { batch, problem } = parser({ maxLineBytes: 30 }).push(
    utf8(`${STARTED}\n{"type":"error","message":"${"x".repeat(30)}"}\n`),
  );
  assertEquals(batch.events.length, 1);
  assertEquals([problem?.code, problem?.lineNumber], ["line_too_long", 2]);
});

Deno.test("EventParser with strict stops at an event that it does not understand, after those before it", () => {
  const { batch, decided, problem } = parser({ strict: true }).push(
    utf8(`noise\n${STARTED}\n{"type":"new.event"}\n${COMPLETED}\n`),
  );
  assertEquals(batch.events.map((event) => event.type), ["turn.started"]);
  assertEquals(batch.diagnostics.map((one) => one.kind), ["noise"]);
  assertEquals(decided, undefined);
  assertEquals(problem, {
    code: "unexpected_event",
    lineNumber: 3,
    message: 'Cannot read an event at /type: unknown event type "new.event"',
  });
});

Deno.test("EventParser reports the earlier of two problems: strict's before a broken line of the same chunk", () => {
  const { problem } = parser({ strict: true }).push(
    utf8('{"type":"new.event"}\n{broken\n'),
  );
  assertEquals([problem?.code, problem?.lineNumber], ["unexpected_event", 1]);
});
