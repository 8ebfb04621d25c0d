import { assertEquals } from "@std/assert";
import type { HttpReply, HttpRequest } from "../../src/runtime/types.ts";
import { answerRequest } from "../../src/tools/tool_endpoint.ts";
import { doing, serving } from "./support.ts";

const KEYS = { host: "127.0.0.1:4000", path: "/turn", token: "t".repeat(64) };

const HEADERS = {
  host: KEYS.host,
  authorization: `Bearer ${KEYS.token}`,
  "content-type": "application/json",
};

/** Changes to a valid request. */
interface Changes {
  method?: string;
  path?: string;
  headers?: { [name: string]: string | undefined };
  body?: unknown;
}

/** Sends a request, and counts the calls that it causes. */
async function send(
  { method = "POST", path = KEYS.path, headers = {}, body = CALL }: Changes,
): Promise<{ reply: HttpReply; calls: number; read: number }> {
  let calls = 0;
  let read = 0;
  const context = await serving([
    doing(() => {
      calls += 1;
      return "done";
    }),
  ]);
  const all: Changes["headers"] = { ...HEADERS, ...headers };
  const request: HttpRequest = {
    method,
    path,
    header: (name) => all[name],
    readBody(maxBytes): Promise<string | undefined> {
      read += 1;
      const text = typeof body === "string" ? body : JSON.stringify(body);
      return Promise.resolve(text.length > maxBytes ? undefined : text);
    },
  };
  return { reply: await answerRequest(request, KEYS, context), calls, read };
}

const CALL = {
  jsonrpc: "2.0",
  id: 1,
  method: "tools/call",
  params: { name: "do", arguments: {} },
};

Deno.test("a request of the turn's CLI is answered in plain JSON", async () => {
  const { reply, calls } = await send({});
  assertEquals(calls, 1);
  assertEquals(reply.status, 200);
  assertEquals(reply.headers, { "content-type": "application/json" });
  assertEquals(JSON.parse(reply.body), {
    jsonrpc: "2.0",
    id: 1,
    result: { content: [{ type: "text", text: "done" }] },
  });
});

for (
  const [what, changes, status] of [
    ["without a token", { headers: { authorization: undefined } }, 401],
    ["with an empty token", { headers: { authorization: "Bearer " } }, 401],
    [
      "with the token of another turn",
      { headers: { authorization: `Bearer ${"u".repeat(64)}` } },
      401,
    ],
    [
      "with a part of the token",
      { headers: { authorization: `Bearer ${"t".repeat(63)}` } },
      401,
    ],
    [
      "with more than the token",
      { headers: { authorization: `Bearer ${"t".repeat(65)}` } },
      401,
    ],
    [
      "with the token in another scheme",
      { headers: { authorization: `Basic ${KEYS.token}` } },
      401,
    ],
    ["for the path of another turn", { path: "/other" }, 404],
    ["with a query", { path: `${KEYS.path}?a` }, 404],
    [
      "by another name of the host",
      { headers: { host: "evil.example:4000" } },
      403,
    ],
    ["by the name localhost", { headers: { host: "localhost:4000" } }, 403],
    ["for another port", { headers: { host: "127.0.0.1:4001" } }, 403],
    ["without a host", { headers: { host: undefined } }, 403],
    [
      "from a page in a browser",
      { headers: { origin: "http://127.0.0.1:4000" } },
      403,
    ],
    ["from a page without an origin", { headers: { origin: "null" } }, 403],
    ["for a stream of events", { method: "GET" }, 405],
    ["that deletes a session", { method: "DELETE" }, 405],
    ["that asks what is allowed", { method: "OPTIONS" }, 405],
    ["of another type", { headers: { "content-type": "text/plain" } }, 415],
    ["without a type", { headers: { "content-type": undefined } }, 415],
    ["that is too long", { body: "x".repeat(16 * 1024 * 1024 + 1) }, 413],
    ["that is not JSON", { body: '{"id":' }, 400],
    ["that is empty", { body: "" }, 400],
    ["that is a batch", { body: [CALL] }, 400],
    ["that is null", { body: "null" }, 400],
    ["without a method", { body: { jsonrpc: "2.0", id: 1 } }, 400],
    ["with an invalid id", { body: { ...CALL, id: {} } }, 400],
  ] as [string, Changes, number][]
) {
  Deno.test(`a request ${what} is answered with ${status}, and calls no tool`, async () => {
    const { reply, calls, read } = await send(changes);
    assertEquals(reply.status, status);
    assertEquals(calls, 0);
    // Only the CLI can make the client read a body.
    if ([401, 403, 404, 405, 415].includes(status)) assertEquals(read, 0);
    assertEquals(reply.body.includes(KEYS.token), false);
  });
}

Deno.test("a notification is accepted without an answer", async () => {
  for (const method of ["notifications/initialized", "notifications/any"]) {
    const { reply } = await send({ body: { jsonrpc: "2.0", method } });
    assertEquals([reply.status, reply.body], [202, ""]);
  }
});

Deno.test("the reply is well-formed JSON, regardless of the tool's result", async () => {
  const context = await serving([
    doing(() => ({ "\ud800": 'a\udfff\\ud800"' })),
  ]);
  const { body } = await answerRequest(
    {
      method: "POST",
      path: KEYS.path,
      header: (name) => Reflect.get(HEADERS, name),
      readBody: () => Promise.resolve(JSON.stringify(CALL)),
    },
    KEYS,
    context,
  );
  assertEquals(JSON.parse(body).result.structuredContent, {
    "\ufffd": 'a\ufffd\\ud800"',
  });
});
