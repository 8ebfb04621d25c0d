/**
 * Provides a small MCP server over stdio for the CLI to start: `add` is marked as
 * read-only, `write` is not, `fail` fails, and `ask` asks the user and returns the
 * answer.
 *
 * @module
 */

/** The settings that make the CLI start it, under the name `probe`. */
export const PROBE_SERVER = {
  probe: {
    command: Deno.execPath(),
    args: ["run", "--no-config", "--quiet", new URL(import.meta.url).pathname],
    // Otherwise a turn on a busy machine begins without it (facts F22).
    required: true,
    startup_timeout_sec: 60,
  },
};

/** The tools that it offers. */
const TOOLS = [
  {
    name: "add",
    description: "Adds two numbers",
    inputSchema: {
      type: "object",
      properties: { a: { type: "number" }, b: { type: "number" } },
    },
    annotations: { readOnlyHint: true },
  },
  {
    name: "write",
    description: "Writes something down",
    inputSchema: { type: "object", properties: { text: { type: "string" } } },
    annotations: { readOnlyHint: false, destructiveHint: true },
  },
  {
    name: "fail",
    description: "Fails",
    inputSchema: { type: "object", properties: {} },
    annotations: { readOnlyHint: true },
  },
  {
    name: "ask",
    description: "Asks the user, with the parameters given",
    inputSchema: { type: "object", properties: {} },
    annotations: { readOnlyHint: true },
  },
];

/** Answers one request of MCP. */
function answer(method: string, params: Record<string, unknown>): unknown {
  switch (method) {
    case "initialize":
      return {
        protocolVersion: params.protocolVersion,
        capabilities: { tools: {} },
        serverInfo: { name: "probe", version: "1.0.0" },
      };
    case "tools/list":
      return { tools: TOOLS };
    case "tools/call": {
      const args = params.arguments as Record<string, number>;
      if (params.name === "fail") {
        const content = [{ type: "text", text: "It failed" }];
        return { content, isError: true };
      }
      const sum = (args.a ?? 0) + (args.b ?? 0);
      return {
        content: [{ type: "text", text: String(sum) }],
        structuredContent: { sum },
      };
    }
    default:
      return {};
  }
}

if (import.meta.main) {
  const encoder = new TextEncoder();
  let text = "";
  for await (
    const chunk of Deno.stdin.readable.pipeThrough(new TextDecoderStream())
  ) {
    text += chunk;
    const lines = text.split("\n");
    text = lines.pop() ?? "";
    for (const line of lines) {
      if (line.trim() === "") continue;
      const { id, method, params = {}, result, error } = JSON.parse(line);
      if (id === undefined) continue;
      const send = (message: object): Promise<number> =>
        Deno.stdout.write(
          encoder.encode(JSON.stringify({ jsonrpc: "2.0", ...message }) + "\n"),
        );
      if (params.name === "ask") {
        // Answered when the user has answered.
        await send({
          id: `ask-${id}`,
          method: "elicitation/create",
          params: params.arguments,
        });
      } else if (method === undefined) {
        const text = JSON.stringify(result ?? error);
        const content = [{ type: "text", text }];
        await send({ id: Number(String(id).slice(4)), result: { content } });
      } else await send({ id, result: answer(method, params) });
    }
  }
}
