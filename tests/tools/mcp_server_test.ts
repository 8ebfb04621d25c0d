import { assertEquals, assertObjectMatch } from "@std/assert";
import * as z from "zod";
import type { ToolContext } from "../../src/options/tools.ts";
import { answerMessage, type RpcReply } from "../../src/tools/mcp_server.ts";
import { tool } from "../../src/tools/tool.ts";
import { doing, serving } from "./support.ts";

/** Returns a request. */
function request(method: string, params?: object): object {
  return { jsonrpc: "2.0", id: 1, method, params };
}

/** Returns the text of a result, and whether the call has failed. */
function outcome(reply: RpcReply | undefined): unknown {
  const { content, isError = false } = Object(reply?.result);
  return [content?.[0]?.text, isError];
}

// Facts F62.
Deno.test("the server speaks the client's protocol version if it knows it", async () => {
  const context = await serving([]);
  for (
    const [asked, spoken] of [
      ["2025-06-18", "2025-06-18"],
      ["2025-03-26", "2025-03-26"],
      ["2025-11-25", "2025-11-25"],
      ["2099-01-01", "2025-06-18"],
      [undefined, "2025-06-18"],
    ]
  ) {
    const reply = await answerMessage(
      request("initialize", { protocolVersion: asked }),
      context,
    );
    assertObjectMatch(Object(reply?.result), {
      protocolVersion: spoken,
      capabilities: { tools: {} },
    });
  }
});

Deno.test("the server lists its tools with their schemas", async () => {
  const add = tool({
    name: "add",
    description: "Adds",
    input: z.object({ a: z.number() }),
    run: ({ a }) => String(a + 1),
  });
  const reply = await answerMessage(
    request("tools/list"),
    await serving([add]),
  );
  assertObjectMatch(Object(reply?.result), {
    tools: [{
      name: "add",
      description: "Adds",
      inputSchema: { type: "object", required: ["a"] },
    }],
  });
});

Deno.test("the server answers a ping and rejects unknown methods", async () => {
  const context = await serving([]);
  assertEquals((await answerMessage(request("ping"), context))?.result, {});
  for (const method of ["resources/list", "", "__proto__"]) {
    const reply = await answerMessage(request(method), context);
    assertEquals(reply?.error?.code, -32601);
  }
});

Deno.test("a tool receives its input, the thread's id and the call's id", async () => {
  const seen: unknown[] = [];
  const context = await serving([
    doing((input, { signal, ...rest }: ToolContext) => {
      seen.push([input, rest, signal.aborted]);
      return "";
    }),
  ]);
  const params = { name: "do", arguments: { a: 1 } };
  const meta = { threadId: "sub", callId: "call_1" };
  await answerMessage(request("tools/call", params), context);
  await answerMessage(
    request("tools/call", { ...params, _meta: meta }),
    context,
  );
  await answerMessage(request("tools/call", { name: "do" }), context);
  assertEquals(seen, [
    [{ a: 1 }, { threadId: "thread", callId: "1" }, false],
    [{ a: 1 }, { threadId: "sub", callId: "call_1" }, false],
    [{}, { threadId: "thread", callId: "1" }, false],
  ]);
});

Deno.test("a call of an unknown tool is a protocol error", async () => {
  const context = await serving([doing(() => "")]);
  for (const params of [{ name: "other" }, { name: 7 }, {}, undefined]) {
    const reply = await answerMessage(request("tools/call", params), context);
    assertEquals(reply?.error?.code, -32602);
  }
});

Deno.test("an input that does not match is not passed to the tool, and the model gets the reason", async () => {
  let calls = 0;
  const context = await serving([
    tool({
      name: "do",
      description: "Does it",
      input: z.object({ n: z.number() }),
      run(): string {
        calls += 1;
        return "";
      },
    }),
  ]);
  const reply = await answerMessage(
    request("tools/call", { name: "do", arguments: { n: "1" } }),
    context,
  );
  const [text, isError] = outcome(reply) as [string, boolean];
  assertEquals(isError, true);
  assertEquals(text.startsWith('The input does not match: at "/n": '), true);
  assertEquals(calls, 0);
});

Deno.test("an error that a tool throws or rejects with is a failed call", async () => {
  const wrong = new Error("No such article");
  for (
    const run of [
      () => {
        throw wrong;
      },
      () => Promise.reject(wrong),
    ]
  ) {
    const reply = await answerMessage(
      request("tools/call", { name: "do" }),
      await serving([doing(run)]),
    );
    assertEquals(outcome(reply), ["No such article", true]);
  }
});

Deno.test("a call that exceeds the time limit fails, and its signal is aborted", async () => {
  let signal: AbortSignal | undefined;
  const context = await serving([
    doing((_, given) => {
      signal = given.signal;
      return new Promise(() => {});
    }),
  ], 20);
  const reply = await answerMessage(
    request("tools/call", { name: "do" }),
    context,
  );
  assertEquals(outcome(reply), [
    'The tool "do" did not answer within 20 ms',
    true,
  ]);
  assertEquals([signal?.aborted, signal?.reason?.name], [true, "TimeoutError"]);
});

Deno.test("a call that the agent cancels is aborted, and no other call is", async () => {
  const signals: AbortSignal[] = [];
  const context = await serving([
    doing((_, { signal }) => {
      signals.push(signal);
      return new Promise(() => {});
    }),
  ]);
  const calls = [1, 2].map((id) =>
    answerMessage(
      { ...request("tools/call", { name: "do" }), id },
      context,
    )
  );
  // The inputs are read first.
  await new Promise((resolve) => setTimeout(resolve, 10));
  await answerMessage({
    jsonrpc: "2.0",
    method: "notifications/cancelled",
    params: { requestId: 2, reason: "why" },
  }, context);
  assertEquals(outcome(await calls[1]), ["The call was cancelled", true]);
  assertEquals(signals.map(({ aborted }) => aborted), [false, true]);
  context.calls.end();
  assertEquals(outcome(await calls[0]), ["The turn has ended", true]);
  assertEquals(signals.map(({ aborted }) => aborted), [true, true]);
});

Deno.test("a hundred calls can run at the same time", async () => {
  let running = 0;
  const all = Promise.withResolvers<void>();
  const context = await serving([
    doing(async (input) => {
      running += 1;
      if (running === 100) all.resolve();
      await all.promise;
      return Object(input);
    }),
  ]);
  const replies = await Promise.all(
    Array.from({ length: 100 }, (_, id) =>
      answerMessage({
        ...request("tools/call", { name: "do", arguments: { id } }),
        id,
      }, context)),
  );
  for (const [id, reply] of replies.entries()) {
    assertEquals(reply?.id, id);
    assertEquals(Object(reply?.result).structuredContent, { id });
  }
});

Deno.test("after the end no call runs, and a late error of a tool is ignored", async () => {
  let calls = 0;
  const late = Promise.withResolvers<never>();
  const context = await serving([
    doing(() => {
      calls += 1;
      return late.promise;
    }),
  ]);
  const running = answerMessage(
    request("tools/call", { name: "do" }),
    context,
  );
  await new Promise((resolve) => setTimeout(resolve, 10));
  context.calls.end();
  assertEquals(outcome(await running), ["The turn has ended", true]);
  late.reject(new Error("Too late"));
  await new Promise((resolve) => setTimeout(resolve, 10));
  const after = await answerMessage(
    request("tools/call", { name: "do" }),
    context,
  );
  assertEquals(outcome(after), ["The turn has ended", true]);
  assertEquals(calls, 1);
});

Deno.test("a call whose input is still being read at the end is not started", async () => {
  let calls = 0;
  const checked = Promise.withResolvers<boolean>();
  const context = await serving([
    tool({
      name: "do",
      description: "Does it",
      input: z.object({}).refine(() => checked.promise),
      run(): string {
        calls += 1;
        return "";
      },
    }),
  ]);
  const running = answerMessage(request("tools/call", { name: "do" }), context);
  await new Promise((resolve) => setTimeout(resolve, 10));
  context.calls.end();
  checked.resolve(true);
  assertEquals(outcome(await running), ["The turn has ended", true]);
  await new Promise((resolve) => setTimeout(resolve, 10));
  assertEquals(calls, 0);
});

Deno.test("an unexpected response is ignored", async () => {
  const reply = { jsonrpc: "2.0", id: 7, result: {} };
  assertEquals(await answerMessage(reply, await serving([])), undefined);
});
