import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { readReason, redactMessage } from "../../src/turn/http_body.ts";
import { TurnAccumulator } from "../../src/turn/accumulate.ts";
import { initialTurnState } from "../../src/turn/state.ts";

/** Messages as the real CLI prints them, and the reason and body read from them. */
const REASONS: [message: string, reason: string, httpBody: string | null][] = [
  [
    '{"error":{"message":"No luck","code":"c"}}',
    "No luck",
    '{"error":{"message":"No luck","code":"c"}}',
  ],
  [
    'unexpected status 401 Unauthorized: {"error":"No luck"}, url: http://x/v1/responses',
    "unexpected status 401 Unauthorized: No luck, url: http://x/v1/responses",
    '{"error":"No luck"}',
  ],
  ['{"message":"No luck"}', "No luck", '{"message":"No luck"}'],
  ['{"detail":"No luck"}', "No luck", '{"detail":"No luck"}'],
  [
    '{"detail":[{"msg":"No luck","loc":["a"]}]}',
    "No luck",
    '{"detail":[{"msg":"No luck","loc":["a"]}]}',
  ],
  [
    '{"errors":[{"message":"No luck"}]}',
    "No luck",
    '{"errors":[{"message":"No luck"}]}',
  ],
  [
    '{"error":"invalid_grant","error_description":"No luck"}',
    "No luck",
    '{"error":"invalid_grant","error_description":"No luck"}',
  ],
  // It contains nothing readable.
  ['{"code":7}', '{"code":7}', '{"code":7}'],
  [
    '{"error":{"message":" "}}',
    '{"error":{"message":" "}}',
    '{"error":{"message":" "}}',
  ],
  // None of these is a JSON object.
  ["No luck", "No luck", null],
  ["[1]", "[1]", null],
  ["", "", null],
  ["stream disconnected: {oops}", "stream disconnected: {oops}", null],
  ['} {"error":"cut', '} {"error":"cut', null],
];

// Facts F14.
for (const [message, reason, httpBody] of REASONS) {
  Deno.test(`readReason reads ${message.slice(0, 60) || "nothing"}`, () => {
    const read = readReason(message);
    assertEquals([read.message, read.httpBody], [reason, httpBody]);
  });
}

Deno.test("readReason keeps at most 16,384 characters of a body", () => {
  const body = JSON.stringify({ error: "No luck", more: "x".repeat(50_000) });
  const { message, httpBody } = readReason(body);
  assertEquals(message, "No luck");
  assertEquals(httpBody?.length, 16_384 + "… (33642 more characters)".length);
});

Deno.test("readReason and redactMessage terminate for extremely deep nesting", () => {
  const deep = `{"a":${"[".repeat(200_000)}${
    "]".repeat(200_000)
  },"error":"No luck"}`;
  // An engine may be unable to parse it.
  assert(["No luck", deep].includes(readReason(deep).message));
  // A message too deep to search is cut off.
  const clean = redactMessage(`It said: ${deep}`, (text) => text);
  assert(["It said: …", `It said: ${deep}`].includes(clean));
});

Deno.test("TurnAccumulator redacts a secret that a body writes with escapes", () => {
  const secret = "sk-very-secret-key";
  const escaped = secret.replace("s", "\\u0073").replaceAll("-", "\\u002d");
  const redact = (text: string): string =>
    text.replaceAll(secret, "[redacted]");
  const body =
    `{"error":{"message":"Bad key ${escaped}","param":"${escaped}"}}`;
  for (
    const message of [body, `unexpected status 403: ${body}, url: http://x`]
  ) {
    const turn = new TurnAccumulator(initialTurnState(), redact);
    turn.add({ type: "error", message });
    turn.add({ type: "turn.failed", error: { message } });
    const reason = readReason(turn.state.failure ?? "");
    assertStringIncludes(reason.message, "Bad key [redacted]");
    assertEquals(JSON.parse(reason.httpBody ?? "").error.param, "[redacted]");
    assertStringIncludes(turn.state.warnings.join(), "[redacted]");
  }
});
