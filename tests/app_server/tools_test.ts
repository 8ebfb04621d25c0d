/** Tests functions of the program that the agent calls over the server. @module */

import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import * as z from "zod";
import {
  type ClientTool,
  CodexInterruptedError,
  CodexRequestError,
  tool,
  type ToolContext,
  type TurnInfo,
} from "../../app_server.ts";
import {
  Codex,
  CodexCancelledError,
  CodexExecError,
  CodexInputError,
  type McpToolCallItem,
} from "../../mod.ts";
import {
  modelAnswer,
  modelMcpCall,
  modelMessage,
  type ModelOutputItem,
  type ModelRequest,
  type ScriptedModel,
} from "../../testing.ts";
import type { JsonObject } from "../../src/protocol/json.ts";
import { doing } from "../tools/support.ts";
import { ANYWHERE, fakeServer } from "../support/fake_server.ts";
import { realServer } from "../support/real_server.ts";
import { findCliProcesses } from "../support/real_codex.ts";
import { until, wait, withinMinute } from "../../src/testing/waiting.ts";

const DONE = modelAnswer(modelMessage("Done"));

const lookup = tool({
  name: "lookup",
  description: "Looks up the price of an article",
  input: z.object({ article: z.number(), currency: z.string().default("EUR") }),
  run: ({ article, currency }) => ({ price: article * 6, currency }),
});

/** Builds a call of a tool that the thread was opened with. */
function call(name: string, input: JsonObject = {}): ModelOutputItem {
  return { ...modelMcpCall("host", name, input), namespace: "host" };
}

/** Records the tokens that are generated from now on. */
function recordTokens(): { readonly seen: string[]; stop(): void } {
  const seen: string[] = [];
  const { getRandomValues } = crypto;
  crypto.getRandomValues = (array) => {
    const filled = Reflect.apply(getRandomValues, crypto, [array]);
    if (array instanceof Uint8Array && array.length === 32) {
      seen.push(encodeHex(array));
    }
    return filled;
  };
  return { seen, stop: () => crypto.getRandomValues = getRandomValues };
}

function encodeHex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Reads all files below a folder. */
async function* textsIn(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory, isFile } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) yield* textsIn(path);
    // A journal may have been deleted meanwhile.
    if (isFile) yield await Deno.readTextFile(path).catch(() => "");
  }
}

/** Returns the names of the program's tools that the agent was offered. */
function offered(request: ModelRequest | undefined): string[] {
  const names = JSON.stringify(request?.body).match(/\b\w*host__\w+/g);
  return [...new Set(names)].sort();
}

/** Returns the calls of a turn, sorted by tool: tool, status and the text of the result. */
function calls({ items }: Pick<TurnInfo, "items">): unknown[] {
  return items
    .filter((item): item is McpToolCallItem => item.type === "mcp_tool_call")
    .map(({ server, tool, status, result }) => [
      `${server} ${tool}`,
      status,
      result?.content[0]?.text,
    ])
    .sort();
}

/** Returns the outputs of calls in the last request. */
function told({ model }: { readonly model: ScriptedModel }): string[] {
  return model.requests.at(-1)?.toolOutputs.map(({ text }) => text) ?? [];
}

const PRICE = '{"price":42,"currency":"EUR"}';
const ASKS = modelAnswer(call("lookup", { article: 7 }));
/** A call through the MCP server, which serves tools that a thread was not opened with. */
const ASKS_LATER = modelAnswer(modelMcpCall("host", "lookup", { article: 7 }));

Deno.test("the thread is opened with the tools of client and thread, and no tool server is started", async () => {
  await using real = await realServer([
    modelAnswer(call("lookup", { article: 7 }), call("exec_command")),
    DONE,
    ASKS_LATER,
    DONE,
  ], { tools: [lookup] });
  const seen: unknown[] = [];
  const thread = real.codex.startThread({
    ...real.inRepo,
    sandboxMode: "read-only",
    // The CLI has another tool with this name.
    tools: [doing((_, { threadId, callId }) => {
      seen.push([threadId, callId]);
      return "own";
    }, "exec_command")],
  });
  const turn = await thread.run("Price?");
  assertEquals(turn.warnings, []);
  assertEquals(calls(turn), [
    ["host exec_command", "completed", "own"],
    ["host lookup", "completed", PRICE],
  ]);
  assertEquals(seen, [[thread.id, "call_1_2"]]);
  await thread.run("And again?");
  assertEquals(told(real).at(-1), "unsupported call: mcp__hostlookup");
});

// The thread is reopened for that (facts A33).
Deno.test("a tool of a turn is available in that turn only, in addition to the thread's", async () => {
  const asks = modelAnswer(
    call("lookup", { article: 7 }),
    modelMcpCall("host", "once"),
  );
  await using real = await realServer([asks, DONE, asks, DONE, asks, DONE], {
    tools: [lookup],
  });
  const tools = [doing(() => "once", "once")];
  const thread = real.codex.startThread(real.inRepo);
  const both = [
    ["host lookup", "completed", PRICE],
    ["host once", "completed", "once"],
  ];
  assertEquals(calls(await thread.run("Price?", { tools })), both);
  assertEquals(calls(await thread.run("Price?")), both.slice(0, 1));
  assertEquals(told(real).at(-1), "unsupported call: mcp__hostonce");
  assertEquals(calls(await thread.run("Price?", { tools })), both);
});

Deno.test("a tool of a turn replaces the thread's tool with the same name", async () => {
  await using real = await realServer([
    modelAnswer(call("lookup"), call("same"), modelMcpCall("host", "lookup")),
    DONE,
  ], { tools: [lookup, doing(() => "of the client", "same")] });
  const turn = await real.codex.startThread(real.inRepo).run("Price?", {
    tools: [
      doing(() => "of the turn", "lookup"),
      doing(() => "of the turn", "same"),
    ],
  });
  assertEquals(calls(turn), [
    ["host lookup", "completed", "of the turn"],
    ["host lookup", "completed", "of the turn"],
    ["host same", "completed", "of the turn"],
  ]);
});

// Facts A32, A35.
Deno.test("a thread that is resumed in another process, and its forks, offer the tools that it was opened with", async () => {
  const tools = [lookup];
  await using real = await realServer(
    ({ toolOutputs, prompt }) =>
      toolOutputs.length === 0 || prompt === "Later"
        ? prompt === "Later" ? DONE : ASKS
        : DONE,
  );
  const thread = real.codex.startThread({ ...real.inRepo, tools });
  await thread.run("Open");
  await real.codex.close();
  const id = thread.id ?? "";
  const client = real.client({ tools });
  const resumed = client.resumeThread(id, real.inRepo);
  const copies = [
    client.forkThread(id, real.inRepo),
    await client.threads.fork(id, real.inRepo),
  ];
  for (const each of [resumed, ...copies]) {
    const { length } = real.model.requests;
    const turn = await each.run("Later");
    assertEquals(turn.warnings, []);
    const [request] = real.model.requests.slice(length);
    assertEquals(offered(request), ["host__lookup"]);
  }
});

Deno.test("a resumed thread gets tools that it was not opened with, also one of codex exec", async () => {
  await using real = await realServer([
    DONE,
    DONE,
    ASKS_LATER,
    DONE,
    ASKS_LATER,
    DONE,
  ]);
  const exec = new Codex(real.options).startThread(real.inRepo);
  await exec.run("Open");
  const own = real.codex.startThread(real.inRepo);
  await own.run("Open");
  await real.codex.close();
  for (const thread of [exec, own]) {
    const client = real.client({ tools: [lookup] });
    const turn = await client.resumeThread(thread.id ?? "", real.inRepo)
      .run("Price?");
    assertEquals(calls(turn), [["host lookup", "completed", PRICE]]);
    await client.close();
  }
});

Deno.test("a call of a tool that the program does not have fails, and the turn has a warning", async () => {
  await using real = await realServer([
    DONE,
    modelAnswer(call("lookup", { article: 7 }), call("lookup")),
    DONE,
  ]);
  const thread = real.codex.startThread({ ...real.inRepo, tools: [lookup] });
  await thread.run("Open");
  const turn = await real.codex.resumeThread(thread.id ?? "", real.inRepo)
    .run("Price?");
  const failed = ["host lookup", "failed", "The program has no such tool"];
  assertEquals(calls(turn), [failed, failed]);
  assertEquals(turn.warnings, [
    'The agent called the tool "lookup", which the thread was opened with but this program does not have: the call failed; add it to tools',
  ]);
});

Deno.test("an ephemeral thread keeps its tools, and further ones are rejected", async () => {
  await using real = await realServer([ASKS, DONE, ASKS, DONE], {
    tools: [lookup],
  });
  const options = { ...real.inRepo, ephemeral: true };
  const thread = real.codex.startThread(options);
  for (const prompt of ["Price?", "Again?"]) {
    assertEquals(calls(await thread.run(prompt)), [
      ["host lookup", "completed", PRICE],
    ]);
  }
  const { length } = real.model.requests;
  const tools = [doing(() => "", "once")];
  for (const each of [thread, real.codex.startThread(options)]) {
    const error = await assertRejects(
      () => each.run("?", { tools }),
      CodexInputError,
      'Cannot add the tools "once"',
    );
    assertEquals(error.path, "tools");
  }
  assertEquals(real.model.requests.length, length);
});

Deno.test("the stored turns have the same calls as the events", async () => {
  await using real = await realServer([ASKS, DONE], { tools: [lookup] });
  const thread = real.codex.startThread(real.inRepo);
  const turn = await thread.run("Price?");
  const [kept] = await Array.fromAsync(
    real.codex.threads.turns(thread.id ?? ""),
  );
  assertEquals(calls(kept ?? { items: [] }), calls(turn));
});

Deno.test("a toolServerName that the CLI reserves is rejected", async () => {
  await using real = await realServer([]);
  for (const toolServerName of ["web", "mcp__x", "mcp"]) {
    const client = real.client({ tools: [lookup], toolServerName });
    const error = await assertRejects(
      () => client.startThread(real.inRepo).run("?"),
      CodexInputError,
      `toolServerName must not be "${toolServerName}" on CodexAppServer`,
    );
    assertEquals(error.path, "toolServerName");
  }
  assertEquals(real.model.requests.length, 0);
});

Deno.test("an MCP server of config with the name of the tool server is rejected, and another name is accepted", async () => {
  const options = {
    tools: [lookup],
    config: { mcp_servers: { host: { command: "true" } } },
  };
  await using real = await realServer([
    modelAnswer({ ...call("lookup", { article: 7 }), namespace: "my-tools" }),
    DONE,
  ], options);
  await assertRejects(
    () => real.codex.startThread(real.inRepo).run("?"),
    CodexInputError,
    'The MCP server "host"',
  );
  const client = real.client({ toolServerName: "my-tools" });
  const turn = await client.startThread(real.inRepo).run("Price?");
  assertEquals(calls(turn), [["my-tools lookup", "completed", PRICE]]);
});

/** Creates a tool that never answers, and records its abort reason. */
function never(): {
  tool: ClientTool;
  called: Promise<void>;
  reason(): unknown;
} {
  let reason: unknown;
  let isCalled: () => void = () => {};
  const called = new Promise<void>((resolve) => isCalled = resolve);
  const run = (_: unknown, { signal }: ToolContext): Promise<string> => {
    isCalled();
    return new Promise((_, reject) => {
      signal.addEventListener("abort", () => {
        reason = signal.reason;
        setTimeout(() => reject(new Error("Too late")), 10);
      });
    });
  };
  return {
    tool: doing(run, "never"),
    called: withinMinute("the call", called),
    reason: () => reason,
  };
}

// The server itself calls the thread's tools, the CLI's MCP client the turn's.
for (const way of ["thread", "turn"] as const) {
  const asks = modelAnswer(
    way === "thread" ? call("never") : modelMcpCall("host", "never"),
  );
  const given = ({ tool }: { tool: ClientTool }) => ({
    thread: way === "thread" ? { tools: [tool] } : {},
    turn: way === "turn" ? { tools: [tool] } : {},
  });

  Deno.test(`an abort ends a tool of the ${way} and its turn, and the thread continues`, async () => {
    await using real = await realServer([asks, DONE]);
    const slow = never();
    const { thread: options, turn } = given(slow);
    const thread = real.codex.startThread({ ...real.inRepo, ...options });
    const abort = new AbortController();
    const failed = assertRejects(
      () => thread.run("?", { ...turn, signal: abort.signal }),
      CodexCancelledError,
    );
    await slow.called;
    abort.abort();
    const reason = slow.reason();
    assertInstanceOf(reason, DOMException);
    assertEquals(reason.name, "AbortError");
    await withinMinute("the end of the turn", failed);
    await wait(20);
    // The result of the tool was not sent to the model.
    assertEquals(real.model.requests.length, 1);
    assertEquals((await thread.run("Go on")).finalResponse, "Done");
    assertEquals(real.model.requests.length, 2);
  });

  Deno.test(`interrupt() ends a tool of the ${way}`, async () => {
    await using real = await realServer([asks]);
    const slow = never();
    const { thread: options, turn } = given(slow);
    const streamed = await real.codex
      .startThread({ ...real.inRepo, ...options }).runStreamed("?", turn);
    const ended = assertRejects(
      () => Array.fromAsync(streamed.events),
      CodexInterruptedError,
    );
    await slow.called;
    await withinMinute("the interruption", streamed.interrupt());
    await ended;
    assertInstanceOf(slow.reason(), DOMException);
  });

  Deno.test(`a server that dies ends a tool of the ${way}`, async () => {
    await using real = await realServer([asks, DONE]);
    const slow = never();
    const { thread: options, turn } = given(slow);
    const thread = real.codex.startThread({ ...real.inRepo, ...options });
    const failed = assertRejects(() => thread.run("?", turn), CodexExecError);
    await slow.called;
    const server = findCliProcesses(real.home).find((each) =>
      each.command.includes("app-server")
    );
    Deno.kill(server?.pid ?? 0, "SIGKILL");
    await withinMinute("the end of the turn", failed);
    await until("the end of the tool", () => slow.reason());
    assertEquals((await thread.run("Go on")).finalResponse, "Done");
  });

  Deno.test(`close() ends a tool of the ${way}`, async () => {
    await using real = await realServer([asks]);
    const slow = never();
    const { thread: options, turn } = given(slow);
    const thread = real.codex.startThread({ ...real.inRepo, ...options });
    const failed = assertRejects(
      () => thread.run("?", turn),
      CodexCancelledError,
    );
    await slow.called;
    await withinMinute("close()", real.codex.close());
    await failed;
    assertInstanceOf(slow.reason(), DOMException);
  });

  Deno.test(`a tool of the ${way} that exceeds toolTimeoutMs fails, and the turn continues`, async () => {
    await using real = await realServer([asks, DONE]);
    const slow = never();
    const { thread: options, turn } = given(slow);
    const result = await real.codex
      .startThread({ ...real.inRepo, ...options, toolTimeoutMs: 200 })
      .run("?", turn);
    assertEquals(calls(result), [[
      "host never",
      "failed",
      'The tool "never" did not answer within 200 ms',
    ]]);
  });
}

// Facts A34.
Deno.test("the token of a turn's tool server is in no argument, environment or file", async () => {
  const tokens = recordTokens();
  try {
    await using real = await realServer([
      modelAnswer(modelMcpCall("host", "look")),
      DONE,
    ]);
    const seen: string[] = [];
    const look = doing(async () => {
      for (const { pid, command } of findCliProcesses(real.home)) {
        seen.push(command);
        // The process may have ended meanwhile.
        const environ = Deno.readTextFile(`/proc/${pid}/environ`);
        seen.push(await environ.catch(() => ""));
      }
      return "";
    }, "look");
    const turn = await real.codex.startThread(real.inRepo)
      .run("?", { tools: [look] });
    assertEquals(calls(turn), [["host look", "completed", ""]]);
    assert(seen.some((each) => each.includes("app-server")));
    assert(seen.some((each) => each.includes(`CODEX_HOME=${real.home}`)));
    for await (const text of textsIn(real.home)) seen.push(text);
    const [token = ""] = tokens.seen;
    assertEquals(token.length, 64);
    assertEquals(seen.filter((each) => each.includes(token)), []);
  } finally {
    tokens.stop();
  }
});

Deno.test("an error redacts the token that the server repeats, and the tool server has stopped", async () => {
  const refused = { code: -32600, message: "Bad: $PARAMS" };
  await using fake = await fakeServer({ refuse: { "thread/start": refused } });
  const error = await assertRejects(
    () =>
      fake.codex.startThread(ANYWHERE).run("?", {
        tools: [doing(() => "", "once")],
      }),
    CodexRequestError,
  );
  const shown = Deno.inspect(error);
  assertStringIncludes(error.message, '"Authorization":"Bearer [redacted]"');
  assertEquals(/[0-9a-f]{64}/.test(shown), false);
  const [, url = ""] = /"url":"(http:[^"]+)"/.exec(error.message) ?? [];
  await assertRejects(() => fetch(url), TypeError);
});

Deno.test("steer() adds to a turn while its tool runs", async () => {
  const called = Promise.withResolvers<void>();
  const found = Promise.withResolvers<string>();
  const held = doing(() => {
    called.resolve();
    return found.promise;
  }, "never");
  await using real = await realServer([modelAnswer(call("never")), DONE], {
    tools: [held],
  });
  const streamed = await real.codex.startThread(real.inRepo).runStreamed("?");
  const events = Array.fromAsync(streamed.events);
  await withinMinute("the call", called.promise);
  await streamed.steer("And quickly");
  found.resolve("found");
  await events;
  assertEquals(told(real), ["found"]);
  assertStringIncludes(
    JSON.stringify(real.model.requests.at(-1)?.body),
    "And quickly",
  );
});
