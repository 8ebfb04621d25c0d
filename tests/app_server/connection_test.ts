import { assertEquals, assertRejects } from "@std/assert";
import { Connection } from "../../src/app_server/connection/connection.ts";
import { CodexInternalError } from "../../src/errors/codex_error.ts";
import { CodexRequestError } from "../../src/errors/request_errors.ts";

/** Creates a connection, and records what is sent on it. */
function connect(requestTimeoutMs = 60_000): {
  connection: Connection;
  sent: { id: number; method: string }[];
} {
  const sent: { id: number; method: string }[] = [];
  const connection = new Connection({
    write: (line) => {
      sent.push(JSON.parse(line));
      return Promise.resolve();
    },
  }, { requestTimeoutMs, redact: (text) => text.replaceAll("secret", "…") });
  return { connection, sent };
}

const READ = ["account/read", {}] as const;

/** Waits until pending promise reactions have run. */
const turnAround = (): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve));

// The server never answers some of more than 200 (facts A18).
Deno.test("Connection has at most 64 requests in flight, and sends further ones as responses arrive", async () => {
  const { connection, sent } = connect();
  const results = Array.from(
    { length: 200 },
    () => connection.request(...READ),
  );
  await turnAround();
  assertEquals(sent.length, 64);
  for (let id = 1; id <= 200; id++) {
    connection.receive({
      kind: "response",
      id,
      result: { requiresOpenaiAuth: id % 2 === 0 },
      error: undefined,
    });
    await turnAround();
  }
  const answers = await Promise.all(results);
  assertEquals(answers.map((each) => each.requiresOpenaiAuth).slice(0, 3), [
    false,
    true,
    false,
  ]);
});

Deno.test("Connection retries requests that were rejected for overload, unless they must not be repeated", async () => {
  const { connection, sent } = connect();
  const refuse = (id: number): void =>
    connection.receive({
      kind: "response",
      id,
      result: undefined,
      error: { code: -32001, message: "overloaded" },
    });
  const once = assertRejects(
    () =>
      connection.request("turn/interrupt", { threadId: "a", turnId: "b" }, {
        mayRepeat: false,
      }),
    CodexRequestError,
  );
  await turnAround();
  refuse(1);
  assertEquals((await once).rpcCode, -32001);
  const often = assertRejects(
    () => connection.request(...READ),
    CodexRequestError,
  );
  for (let id = 2; id <= 5; id++) {
    while (sent.length < id) await turnAround();
    refuse(id);
  }
  await often;
  assertEquals(sent.length, 5);
});

Deno.test("Connection rejects a request after requestTimeoutMs, and ignores its late response", async () => {
  const { connection } = connect(20);
  const error = await assertRejects(
    () => connection.request(...READ),
    CodexRequestError,
  );
  assertEquals([error.code, error.rpcCode], ["request_timeout", null]);
  connection.receive({
    kind: "response",
    id: 1,
    result: {},
    error: undefined,
  });
});

Deno.test("Connection delivers a response before any later message", async () => {
  const { connection } = connect();
  const seen: string[] = [];
  const asked = connection.request(...READ, {
    received: () => seen.push("answer"),
  });
  await turnAround();
  connection.receive({ kind: "response", id: 1, result: {}, error: undefined });
  seen.push("next message");
  await asked;
  assertEquals(seen, ["answer", "next message"]);
});

Deno.test("Connection rejects pending and later requests once it is closed", async () => {
  const { connection, sent } = connect();
  const reason = new CodexInternalError("over");
  const waiting = Array.from(
    { length: 70 },
    () => assertRejects(() => connection.request(...READ), CodexInternalError),
  );
  await turnAround();
  connection.close(reason);
  await Promise.all(waiting);
  await assertRejects(() => connection.request(...READ), CodexInternalError);
  assertEquals(sent.length, 64);
});

Deno.test("Connection redacts secrets in errors, including their data", async () => {
  const { connection } = connect();
  const failed = assertRejects(
    () => connection.request(...READ),
    CodexRequestError,
  );
  await turnAround();
  connection.receive({
    kind: "response",
    id: 1,
    result: undefined,
    error: { code: 1, message: "a secret", data: { in: ["secret"] } },
  });
  const error = await failed;
  assertEquals(error.message.includes("secret"), false);
  assertEquals(error.data, { in: ["…"] });
});
