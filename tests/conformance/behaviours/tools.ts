/**
 * Tests functions of the program that the agent of the real CLI calls. Their server runs
 * for one turn, serves only its CLI, and ends with it (facts F63, F64, F65).
 *
 * @module
 */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { request } from "node:http";
import {
  type ClientTool,
  CodexCancelledError,
  CodexInputError,
  type CodexOptions,
  type JsonObject,
  type McpToolCallItem,
  tool,
  type Turn,
} from "@acodex/sdk";
import { z } from "zod";
import {
  modelAnswer,
  modelDelay,
  modelMcpCall,
  modelMessage,
  type ModelOutputItem,
  type ModelScriptStep,
} from "@acodex/sdk/testing";
import {
  CAN_SEE_PROCESSES,
  findProcessesWith,
} from "../../../src/testing/processes.ts";
import { behaviour } from "../support/behaviour.ts";
import { CLIENT, type Codex } from "../support/client.ts";
import { rejection } from "../support/expect.ts";
import { runHost, RUNTIME } from "../support/host.ts";
import { realCli, type RealClient } from "../support/real_cli.ts";
import type { TestContext } from "../support/test_context.ts";

// A blocked thread cannot run functions.
const CLIENTS = { clients: ["async", "server"] } as const;

/** Options of behaviours that need the turn's process or its tool server's address: `codex exec`. */
const ON_EXEC = { clients: ["async"] } as const;

/** A small image. */
const GIF =
  "data:image/gif;base64,R0lGODlhAQABAIAAAAUEBAAAACwAAAAAAQABAAACAkQBADs=";

const READ_ONLY = { sandboxMode: "read-only" } as const;

/** An input type that accepts everything. */
const ANYTHING = {
  schema: { type: "object" },
  parse: (value: unknown) => value,
};

/** Builds a call of a tool, by the name that the agent knows it by. */
function hostCall(
  name: string,
  input: JsonObject = {},
  server = "host",
): ModelOutputItem {
  return CLIENT === "server"
    // The thread was opened with it (facts A32).
    ? { ...modelMcpCall(server, name, input), namespace: server }
    : modelMcpCall(server, name.replaceAll("-", "_"), input);
}

/** Creates a tool that accepts any input. */
function doing(name: string, run: ClientTool["run"]): ClientTool {
  return tool({ name, description: `Does ${name}`, input: ANYTHING, run });
}

/** Sets up the real CLI and a client with tools. */
async function withTools(
  context: TestContext,
  tools: readonly ClientTool[],
  script: readonly ModelScriptStep[],
  options: CodexOptions = {},
): Promise<RealClient & { readonly withTools: Codex }> {
  const real = await realCli(context, script);
  return { ...real, withTools: real.client({ tools, ...options }) };
}

/** Returns the results of a turn's calls. */
function calls({ items }: Turn): unknown[] {
  return items
    .filter((item): item is McpToolCallItem => item.type === "mcp_tool_call")
    .map(({ server, tool, status, result }) => [
      server,
      tool,
      status,
      result?.content[0]?.text,
    ]);
}

behaviour(
  "The agent calls a function of the program, without approval",
  async (context) => {
    const seen: unknown[] = [];
    const lookup = tool({
      name: "lookup-price",
      description: "Looks up the price of an article",
      input: z.object({
        article: z.number(),
        currency: z.string().default("EUR"),
      }),
      run: ({ article, currency }, { threadId, callId }) => {
        seen.push([article, currency, threadId, callId]);
        return { price: 6 * article };
      },
    });
    const { withTools: codex, model, inRepo } = await withTools(
      context,
      [lookup],
      [
        modelAnswer(hostCall("lookup-price", { article: 7 })),
        modelAnswer(modelMessage("42")),
      ],
    );
    const turn = await codex.startThread({ ...inRepo, ...READ_ONLY }).run("?");
    assert.equal(turn.finalResponse, "42");
    assert.deepEqual(turn.warnings, []);
    assert.deepEqual(calls(turn), [
      ["host", "lookup-price", "completed", '{"price":42}'],
    ]);
    assert.deepEqual(seen, [[7, "EUR", turn.threadId, "call_1_1"]]);
    assert.match(
      model.requests[1]?.toolOutputs[0]?.text ?? "",
      /\{"price":42\}/,
    );
  },
  CLIENTS,
);

behaviour(
  "The agent is told what a tool throws, and that an input does not match",
  async (context) => {
    const strict = tool({
      name: "strict",
      description: "Takes numbers",
      input: z.object({ n: z.number() }),
      run: () => "",
    });
    const failing = doing("failing", () => {
      throw new Error("No such article");
    });
    const { withTools: codex, inRepo, model } = await withTools(
      context,
      [strict, failing],
      [
        modelAnswer(
          hostCall("failing"),
          hostCall("strict", { n: "one" }),
        ),
        modelAnswer(modelMessage("Sorry")),
      ],
    );
    const turn = await codex.startThread(inRepo).run("?");
    assert.equal(turn.finalResponse, "Sorry");
    const outputs = model.requests[1]?.toolOutputs.map(({ text }) => text) ??
      [];
    assert.match(outputs[0] ?? "", /No such article/);
    assert.match(outputs[1] ?? "", /The input does not match: at "\/n": /);
    assert.deepEqual(
      turn.items.flatMap((item) =>
        item.type === "mcp_tool_call" ? [item.status] : []
      ),
      ["failed", "failed"],
    );
  },
  CLIENTS,
);

behaviour("A tool returns texts and images", async (context) => {
  const picture = doing("picture", () => [
    { type: "text", text: "Here it is" },
    { type: "image", image: GIF },
  ]);
  const { withTools: codex, inRepo, model } = await withTools(
    context,
    [picture],
    [modelAnswer(hostCall("picture")), modelAnswer(modelMessage("Seen"))],
  );
  await codex.startThread(inRepo).run("?");
  const [output] = model.requests[1]?.toolOutputs ?? [];
  assert.match(output?.text ?? "", /Here it is/);
  // The CLI sends it like any other image.
  const isSent = JSON.stringify(model.requests[1]?.body)
    .includes('"image_url":"data:image/png;base64,');
  assert.ok(isSent);
}, CLIENTS);

behaviour(
  "Calls that the model makes together run concurrently, and each gets its own result",
  async (context) => {
    let running = 0;
    let open: () => void = () => {};
    const all = new Promise<void>((resolve) => open = resolve);
    const echo = doing("echo", async (input) => {
      running += 1;
      // The CLI runs at most so many at a time (facts F64).
      if (running === 16) open();
      await all;
      return `echo ${(input as { n: number }).n}`;
    });
    const numbers = Array.from({ length: 20 }, (_, n) => n);
    const { withTools: codex, inRepo, model } = await withTools(
      context,
      [echo],
      [
        modelAnswer(...numbers.map((n) => hostCall("echo", { n }))),
        modelAnswer(modelMessage("Done")),
      ],
    );
    await codex.startThread(inRepo).run("?");
    const outputs = model.requests[1]?.toolOutputs ?? [];
    for (const n of numbers) {
      assert.match(outputs[n]?.text ?? "", new RegExp(`echo ${n}$`));
    }
  },
  CLIENTS,
);

behaviour(
  "Tools of client, thread and turn are merged; on equal names the turn's wins, then the thread's",
  async (context) => {
    const named = (name: string, text: string) => doing(name, () => text);
    const { withTools: codex, inRepo, model } = await withTools(
      context,
      [named("a", "client"), named("b", "client"), named("c", "client")],
      [
        modelAnswer(
          hostCall("a", {}, "my_tools"),
          hostCall("b", {}, "my_tools"),
          hostCall("c", {}, "my_tools"),
        ),
        modelAnswer(modelMessage("Done")),
      ],
      { toolServerName: "my_tools" },
    );
    const thread = codex.startThread({
      ...inRepo,
      tools: [named("b", "thread"), named("c", "thread")],
    });
    const turn = await thread.run("?", { tools: [named("c", "turn")] });
    assert.deepEqual(calls(turn).map((call) => (call as unknown[])[3]).sort(), [
      "client",
      "thread",
      "turn",
    ]);
    assert.equal(model.requests.length, 2);
  },
  CLIENTS,
);

behaviour(
  "A tool that exceeds toolTimeoutMs fails, and the turn continues",
  async (context) => {
    let reason: unknown;
    const never = doing("never", (_, { signal }) => {
      signal.addEventListener("abort", () => reason = signal.reason?.name);
      return new Promise(() => {});
    });
    const { withTools: codex, inRepo } = await withTools(context, [never], [
      modelAnswer(hostCall("never")),
      modelAnswer(modelMessage("Done")),
    ]);
    const turn = await codex.startThread(inRepo).run("?", {
      toolTimeoutMs: 300,
    });
    assert.deepEqual(calls(turn), [[
      "host",
      "never",
      "failed",
      'The tool "never" did not answer within 300 ms',
    ]]);
    assert.equal(reason, "TimeoutError");
    assert.equal(turn.finalResponse, "Done");
  },
  CLIENTS,
);

behaviour(
  "Aborting a turn aborts its tool, and an error that the tool throws later is ignored",
  async (context) => {
    const abort = new AbortController();
    let reason: unknown;
    const slow = doing("slow", (_, { signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener("abort", () => {
          reason = signal.reason?.name;
          setTimeout(() => reject(new Error("Too late")), 20);
        });
        abort.abort();
      }));
    const { withTools: codex, inRepo } = await withTools(context, [slow], [
      modelAnswer(hostCall("slow")),
    ]);
    await rejection(
      codex.startThread(inRepo).run("?", { signal: abort.signal }),
      CodexCancelledError,
    );
    assert.equal(reason, "AbortError");
    await new Promise((resolve) => setTimeout(resolve, 50));
  },
  CLIENTS,
);

behaviour(
  "The tool server serves only its turn's CLI, and ends with the turn",
  async (context) => {
    const codes: unknown[] = [];
    let url = "";
    const look = doing("look", async () => {
      const [cli] = findProcessesWith(context.folder).filter(({ command }) =>
        command.includes("mcp_servers.host.url")
      );
      url = /mcp_servers\.host\.url="([^"]+)"/.exec(cli?.command ?? "")?.[1] ??
        "";
      const environment = readFileSync(`/proc/${cli?.pid}/environ`, "utf8");
      const token = /ACODEX_TOOL_TOKEN=([0-9a-f]{64})/.exec(environment)?.[1] ??
        "";
      assert.equal(cli?.command.includes(token), false);
      const authorization = `Bearer ${token}`;
      codes.push(
        await readStatus(url, {}),
        await readStatus(url, { authorization: `Bearer ${"0".repeat(64)}` }),
        await readStatus(url, { authorization, host: "evil.example" }),
        await readStatus(url, { authorization, origin: "http://evil.example" }),
        await readStatus(`${new URL(url).origin}/other`, { authorization }),
        await readStatus(url, { authorization }),
      );
      return "";
    });
    const { withTools: codex, inRepo } = await withTools(context, [look], [
      modelAnswer(hostCall("look")),
      modelDelay(50, modelAnswer(modelMessage("Done"))),
    ]);
    // The tool reads its CLI's argv and environment from /proc.
    if (!CAN_SEE_PROCESSES) return;
    const turn = await codex.startThread(inRepo).run("?");
    assert.deepEqual(calls(turn), [["host", "look", "completed", ""]]);
    assert.deepEqual(codes, [401, 401, 403, 403, 404, 200]);
    assert.equal(await readStatus(url, {}), "ECONNREFUSED");
  },
  ON_EXEC,
);

behaviour(
  "An MCP server of config with the name of the tool server is rejected before the CLI is started",
  async (context) => {
    const real = await realCli(context, []);
    const tools = [doing("a", () => "")];
    const [key, server] = ["mcp_servers", { command: "true" }];
    for (
      const options of [
        { config: { [key]: { host: server } } },
        { config: { [key]: { host: server, "odd.name": server } } },
        { config: { [`${key}.host`]: server } },
        { configOverrides: [`${key}.host.command="true"`] },
        { configOverrides: [`${key}={ "host" = { command = "true" } }`] },
      ]
    ) {
      const codex = real.client({ ...options, tools });
      const error = await rejection(
        codex.startThread(real.inRepo).run("?"),
        CodexInputError,
      );
      assert.match(String(error), /The MCP server "host"/);
    }
    assert.equal(real.model.requests.length, 0);
  },
  CLIENTS,
);

behaviour(
  "Calls of tools bypass an HTTP proxy of the environment",
  async (context) => {
    const real = await realCli(context, [
      modelAnswer(modelMcpCall("host", "a")),
      modelAnswer(modelMessage("Done")),
    ]);
    const env = {
      ...real.env,
      HTTP_PROXY: "http://127.0.0.1:9",
      NO_PROXY: "example.com",
    };
    const codex = real.client({ env });
    const turn = await codex.startThread(real.inRepo).run("?", {
      tools: [doing("a", () => "here")],
    });
    assert.deepEqual(calls(turn), [["host", "a", "completed", "here"]]);
  },
  CLIENTS,
);

behaviour(
  "A tool that never answers does not keep the host alive",
  async (context) => {
    const real = await realCli(context, [modelAnswer(hostCall("never"))]);
    const { code, reports, stderr, endedAt } = await runHost(
      context,
      "turn_tools",
      { codex: real.codexOptions, thread: real.inRepo },
    );
    assert.equal(code, 0, stderr);
    const [report] = reports;
    assert.equal(report?.name, "AbortError");
    assert.equal(report?.reason, "AbortError");
    const ms = endedAt - Number(report?.at);
    assert.ok(ms < 5000, `The host took ${ms} ms to exit`);
  },
  ON_EXEC,
);

behaviour(
  "Without Deno's permission to listen, a turn with tools fails and names the flag",
  async (context) => {
    if (RUNTIME !== "deno") return;
    const real = await realCli(context, [modelAnswer(hostCall("never"))]);
    const some = ["run", "read", "write", "env", "sys"].map((name) =>
      `--allow-${name}`
    );
    const value = { codex: real.codexOptions, thread: real.inRepo };
    const run = (...flags: string[]) =>
      runHost(context, "turn_tools", value, {
        runtimeArgs: [...some, ...flags],
      });
    const { reports: [refused] } = await run();
    assert.equal(refused?.name, "CodexPermissionError");
    assert.equal(refused?.flag, "--allow-net=127.0.0.1");
    assert.equal(real.model.requests.length, 0);
    const { reports: [ran] } = await run("--allow-net=127.0.0.1");
    assert.equal(ran?.name, "AbortError");
  },
  ON_EXEC,
);

/** Sends a ping with headers to a server; returns the status, or the system error code. */
function readStatus(
  url: string,
  headers: { readonly [name: string]: string },
): Promise<number | string | undefined> {
  return new Promise((resolve) => {
    const asked = request(url, {
      method: "POST",
      // Does not reuse an open connection.
      agent: false,
      headers: { "content-type": "application/json", ...headers },
    }, (response) => {
      response.resume();
      response.on("end", () => resolve(response.statusCode));
    });
    asked.on("error", (error) => resolve((error as { code?: string }).code));
    asked.end('{"jsonrpc":"2.0","id":1,"method":"ping"}');
  });
}
