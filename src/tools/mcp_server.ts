import { isObject, type JsonValue } from "../protocol/json.ts";
import type { PreparedTools } from "./prepared_tools.ts";
import type { ToolCalls } from "./tool_calls.ts";

/** The MCP versions whose messages are the same as far as used here; the CLI speaks the second (facts F62). */
const VERSIONS = ["2025-11-25", "2025-06-18", "2025-03-26"];

/** The version that is offered to clients of any other version. */
const DEFAULT_VERSION = "2025-06-18";

/** The JSON-RPC error codes for messages that cannot be handled. */
export const RPC_ERRORS = {
  notJson: -32700,
  notARequest: -32600,
  unknownMethod: -32601,
  wrongParams: -32602,
} as const;

/** The answer to a message. */
export interface RpcReply {
  readonly jsonrpc: "2.0";
  readonly id: number | string | null;
  readonly result?: object;
  readonly error?: { readonly code: number; readonly message: string };
}

/** The tools that an MCP server offers, and the means to run them. */
export interface McpServerContext {
  /** The tools by name. */
  readonly tools: PreparedTools;
  /** Runs them. */
  readonly calls: ToolCalls;
  /** The thread of calls that do not name theirs. */
  readonly threadId: string;
}

/** Creates an error reply, without an id if the message is not a request. */
export function rpcError(
  code: number,
  message: string,
  id: number | string | null = null,
): RpcReply {
  return { jsonrpc: "2.0", id, error: { code, message } };
}

/**
 * Answers one MCP message, as a server that offers only tools. Keeps no state between
 * messages except the running calls.
 *
 * @returns The reply; `undefined` for a message that expects none.
 */
export async function answerMessage(
  message: unknown,
  context: McpServerContext,
): Promise<RpcReply | undefined> {
  if (!isObject(message) || typeof message.method !== "string") {
    // A response, to a request that was never sent, gets no reply.
    return isObject(message) && ("result" in message || "error" in message)
      ? undefined
      : rpcError(RPC_ERRORS.notARequest, "Not a request");
  }
  const { id, method } = message;
  const params = isObject(message.params) ? message.params : {};
  if (id === undefined) {
    if (method === "notifications/cancelled") {
      context.calls.cancel(params.requestId);
    }
    return undefined;
  }
  if (typeof id !== "number" && typeof id !== "string") {
    return rpcError(
      RPC_ERRORS.notARequest,
      "The id must be a number or a string",
    );
  }
  const reply = (result: object): RpcReply => ({ jsonrpc: "2.0", id, result });
  switch (method) {
    case "initialize":
      return reply(initialize(params.protocolVersion));
    case "ping":
      return reply({});
    case "tools/list":
      return reply({ tools: listTools(context) });
    case "tools/call":
      return await callTool(id, params, context);
    default:
      return rpcError(RPC_ERRORS.unknownMethod, `No method ${method}`, id);
  }
}

function initialize(asked: JsonValue | undefined): object {
  const protocolVersion = VERSIONS.find((version) => version === asked) ??
    DEFAULT_VERSION;
  return {
    protocolVersion,
    capabilities: { tools: {} },
    serverInfo: {
      name: "acodex",
      title: "Functions of the program",
      version: "0",
    },
  };
}

function listTools({ tools }: McpServerContext): object[] {
  return [...tools.values()].map(({ tool, input }) => ({
    name: tool.name,
    description: tool.description,
    inputSchema: input.schema,
  }));
}

async function callTool(
  id: number | string,
  params: { readonly [name: string]: JsonValue },
  { tools, calls, threadId }: McpServerContext,
): Promise<RpcReply> {
  const { name, arguments: input = {}, _meta: meta } = params;
  const tool = typeof name === "string" ? tools.get(name) : undefined;
  if (tool === undefined) {
    return rpcError(RPC_ERRORS.wrongParams, "The tool does not exist", id);
  }
  // The CLI says which call of which thread it is (facts F62).
  const { threadId: thread, callId } = isObject(meta) ? meta : {};
  const result = await calls.run(id, {
    tool,
    input,
    threadId: typeof thread === "string" ? thread : threadId,
    callId: typeof callId === "string" ? callId : String(id),
  });
  return { jsonrpc: "2.0", id, result };
}
