import { TOOL_TIMEOUT_MS } from "../options/own_tools.ts";
import type { Runtime } from "../runtime/types.ts";
import type { McpServerContext } from "./mcp_server.ts";
import { answerRequest } from "./tool_endpoint.ts";
import { ToolCalls } from "./tool_calls.ts";
import type { PreparedTools } from "./prepared_tools.ts";

/** Options of {@linkcode startToolServer}. */
export interface ToolServerOptions {
  /** The tools; at least one. */
  readonly tools: PreparedTools;
  /** The time limit of a call, in ms. */
  readonly timeoutMs: number | undefined;
  /** The thread's id; `null` if not known yet. */
  readonly threadId: string | null;
}

/** The MCP server of a turn's tools, on the loopback interface; its only owner closes it with the turn. */
export interface ToolServer {
  /** The server's address. */
  readonly url: string;
  /** The bearer token that the CLI has to send. */
  readonly token: string;
  /** The time limit of a call, in ms. */
  readonly timeoutMs: number;
  /**
   * Ends the running calls, and withholds all replies until the server is closed: given a
   * reply, the CLI would ask the model again before it learns that the turn is stopped.
   */
  end(): void;
  /** Closes the server, with its calls and connections. */
  close(): Promise<void>;
}

/**
 * Starts the server of a turn's tools.
 *
 * @throws {CodexPermissionError} If the runtime does not allow listening.
 * @throws {CodexEnvironmentError} If the system does not.
 */
export async function startToolServer(
  runtime: Runtime,
  { tools, timeoutMs = TOOL_TIMEOUT_MS, threadId }: ToolServerOptions,
): Promise<ToolServer> {
  const calls = new ToolCalls(
    timeoutMs,
    (path, length) => runtime.readStart(path, length),
  );
  const context: McpServerContext = {
    tools,
    calls,
    threadId: threadId ?? "",
  };
  const [path, token] = [`/${randomHex(16)}`, randomHex(32)];
  let host = "";
  let isEnded = false;
  let release: () => void = () => {};
  const closed = new Promise<void>((resolve) => release = resolve);
  const server = await runtime.listenOnLoopback(async (request) => {
    const reply = await answerRequest(request, { host, path, token }, context);
    if (isEnded) await closed;
    return reply;
  });
  host = `127.0.0.1:${server.port}`;
  return {
    url: `http://${host}${path}`,
    token,
    timeoutMs,
    end(): void {
      isEnded = true;
      calls.end();
    },
    async close(): Promise<void> {
      calls.end();
      release();
      await server.close();
    },
  };
}

/** Returns random bytes as hexadecimal digits. */
function randomHex(length: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(length));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}
