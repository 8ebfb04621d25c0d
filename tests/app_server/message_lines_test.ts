import { assert, assertEquals } from "@std/assert";
import type { JsonObject } from "../../src/protocol/json.ts";
import {
  isDeltaLine,
  readMessage,
  writeMessage,
} from "../../src/app_server/connection/message_lines.ts";

// The server cannot read a request with a lone surrogate (facts A3).
Deno.test("writeMessage makes every text well-formed, on one line", () => {
  const line = writeMessage({
    id: 1,
    method: "thread/name/set",
    params: {
      name: "a\ud800b",
      deep: [{ text: "\udc00\n\u2028𝕏", "k\udfff": { "\ud800": 1 } }],
    },
  });
  assertEquals(line.indexOf("\n"), line.length - 1);
  assertEquals(JSON.parse(line).params, {
    name: "a\ufffdb",
    deep: [{ text: "\ufffd\n\u2028𝕏", "k\ufffd": { "\ufffd": 1 } }],
  });
  assert(!/\\ud[89a-f]/i.test(line));
});

Deno.test("readMessage distinguishes notifications, requests and responses", () => {
  assertEquals(readMessage({ method: "a", params: { b: 1 }, emittedAtMs: 5 }), {
    kind: "notification",
    method: "a",
    params: { b: 1 },
  });
  assertEquals(readMessage({ method: "a", id: 0 }), {
    kind: "request",
    id: 0,
    method: "a",
    params: {},
  });
  assertEquals(readMessage({ id: "x", result: {} }), {
    kind: "response",
    id: "x",
    result: {},
    error: undefined,
  });
  assertEquals(readMessage({ id: 1, error: { code: -1, message: "no" } }), {
    kind: "response",
    id: 1,
    result: undefined,
    error: { code: -1, message: "no", data: undefined },
  });
});

Deno.test("readMessage returns undefined for values that are not messages", () => {
  const values: JsonObject[] = [
    {},
    { id: null, result: {} },
    { id: 1 },
    { method: 5 },
  ];
  for (const value of values) assertEquals(readMessage(value), undefined);
});

Deno.test("readMessage converts any value of a response's error to an error", () => {
  const error = (value: string | object): unknown => {
    const message = readMessage({ id: 1, error: value as string });
    return message?.kind === "response" && message.error;
  };
  assertEquals(error("no"), { code: 0, message: "no" });
  assertEquals(error({ message: 5 }), {
    code: 0,
    message: '{"message":5}',
    data: undefined,
  });
});

Deno.test("isDeltaLine recognizes a delta by the start of its line", () => {
  assert(isDeltaLine('{"method":"item/agentMessage/delta","params":{}}'));
  assert(!isDeltaLine('{"method":"item/completed","params":{}}'));
  assert(!isDeltaLine('{"id":1,"method":"item/agentMessage/delta"}'));
});
