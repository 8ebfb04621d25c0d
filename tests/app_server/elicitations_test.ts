import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { CodexInputError, type Turn } from "../../mod.ts";
import type {
  ElicitationHandler,
  ElicitationRequest,
  ServerThreadOptions,
} from "../../app_server.ts";
import { modelAnswer, modelMcpCall, modelMessage } from "../../testing.ts";
import { PROBE_SERVER } from "../support/mcp_server.ts";
import { type RealServer, realServer } from "../support/real_server.ts";

const FORM = {
  mode: "form",
  message: "Who are you?",
  requestedSchema: {
    type: "object",
    properties: { name: { type: "string" } },
    required: ["name"],
  },
};

/** Starts a server whose agent has the MCP server ask a question. */
function asking(question: Record<string, unknown>): Promise<RealServer> {
  return realServer(
    [
      modelAnswer(modelMcpCall("probe", "ask", question)),
      modelAnswer(modelMessage("Done")),
    ],
    { config: { mcp_servers: PROBE_SERVER } },
  );
}

/** Returns the answer that the MCP server got. */
function answered({ items }: Turn): unknown {
  const [call] = items.filter(({ type }) => type === "mcp_tool_call");
  assert(call?.type === "mcp_tool_call");
  const block = call.result?.content[0];
  assert(block?.type === "text", JSON.stringify(call));
  return JSON.parse(String(block.text));
}

const CASES: readonly [
  name: string,
  handler: ElicitationHandler | undefined,
  action: string,
  content: unknown,
  warning: RegExp | undefined,
][] = [
  [
    "with values",
    () => ({ action: "accept", content: { name: "Ada" } }),
    "accept",
    { name: "Ada" },
    undefined,
  ],
  [
    "with decline",
    () => ({ action: "decline" }),
    "decline",
    undefined,
    undefined,
  ],
  ["with cancel", () => ({ action: "cancel" }), "cancel", undefined, undefined],
  [
    "with decline if there is no handler",
    undefined,
    "decline",
    undefined,
    undefined,
  ],
  [
    "with decline if the handler throws",
    () => {
      throw new Error("No time");
    },
    "decline",
    undefined,
    /onElicitation failed: No time: declined/,
  ],
  [
    "with decline if the handler returns something else",
    (() => "yes") as never,
    "decline",
    undefined,
    /onElicitation returned "yes" instead of a decision/,
  ],
  [
    "with decline if the handler's values are not an object",
    () => ({ action: "accept", content: [1] as never }),
    "decline",
    undefined,
    /returned object/,
  ],
  [
    "with decline if the handler is too late",
    () => new Promise(() => {}),
    "decline",
    undefined,
    /did not answer within 200 ms/,
  ],
];

for (const [name, onElicitation, action, content, warning] of CASES) {
  Deno.test(`A question of an MCP server is answered ${name}`, async () => {
    await using real = await asking(FORM);
    const asked: ElicitationRequest[] = [];
    const options: ServerThreadOptions = {
      ...real.inRepo,
      answerTimeoutMs: 200,
      ...onElicitation && {
        onElicitation: (request, context) => {
          asked.push(request);
          return onElicitation(request, context);
        },
      },
    };
    const thread = real.codex.startThread(options);
    const turn = await thread.run("Go");
    const given = Object(answered(turn));
    assertEquals([given.action, given.content ?? undefined], [action, content]);
    assertEquals(turn.warnings.length, warning === undefined ? 0 : 1);
    if (warning !== undefined) assertMatch(turn.warnings[0] ?? "", warning);
    if (onElicitation === undefined) return assertEquals(asked, []);
    assertEquals(
      asked.map(({ threadId, server, message }) => [
        threadId,
        server,
        message,
      ]),
      [[thread.id, "probe", "Who are you?"]],
    );
    assert(asked[0]?.mode === "form");
    assertEquals(
      Object.keys(Object(asked[0].schema.properties)),
      ["name"],
    );
  });
}

Deno.test("The URL that an MCP server asks to open is passed to the turn's handler", async () => {
  await using real = await asking({
    mode: "url",
    message: "Log in",
    url: "https://example.test/login",
    elicitationId: "one",
  });
  const pages: string[] = [];
  const turn = await real.codex.startThread({
    ...real.inRepo,
    onElicitation: () => ({ action: "decline" }),
  }).run("Go", {
    onElicitation: (request) => {
      if (request.mode === "url") pages.push(request.url);
      return { action: "accept" };
    },
  });
  assertEquals(pages, ["https://example.test/login"]);
  assertEquals(Object(answered(turn)).action, "accept");
});

Deno.test("onElicitation does not approve tools, and is not asked to", async () => {
  await using real = await realServer(
    [
      modelAnswer(modelMcpCall("probe", "write", { text: "x" })),
      modelAnswer(modelMessage("Done")),
    ],
    { config: { mcp_servers: PROBE_SERVER } },
  );
  let asked = 0;
  const turn = await real.codex.startThread({
    ...real.inRepo,
    sandboxMode: "read-only",
    onElicitation: () => {
      asked += 1;
      return { action: "accept" };
    },
  }).run("Go");
  const [call] = turn.items;
  assert(call?.type === "mcp_tool_call" && call.status === "failed");
  assertEquals(asked, 0);
  assertThrows(
    () => real.codex.startThread({ onElicitation: "yes" as never }),
    CodexInputError,
    "onElicitation must be a function",
  );
});
