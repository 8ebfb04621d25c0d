import { TOOL_TIMEOUT_MS } from "../options/own_tools.ts";
import type { Runtime } from "../runtime/types.ts";
import type { McpServerContext } from "./mcp_server.ts";
import { answerRequest } from "./tool_endpoint.ts";
import { ToolCalls } from "./tool_calls.ts";
import type { PreparedTools } from "./prepared_tools.ts";

/** Everything that decides a turn's tools. */
export interface ToolServerOptions {
  /** The tools; at least one. */
  readonly tools: PreparedTools;
  /** How long a call may take, in ms. */
  readonly timeoutMs: number | undefined;
  /** The thread, where it is known. */
  readonly threadId: string | null;
}

/** The server of a turn's tools, an MCP server on the loopback interface: its one owner ends it with the turn. */
export interface ToolServer {
  /** Where it is. */
  readonly url: string;
  /** What the CLI has to send. */
  readonly token: string;
  /** How long a call may take, in ms. */
  readonly timeoutMs: number;
  /**
   * Ends the calls that are running: nobody waits for them any more. Nothing is answered
   * from then on, until it is closed: with an answer the CLI would ask the model again,
   * before it is told that the turn is stopped.
   */
  end(): void;
  /** Ends it, with its calls and connections. */
  close(): Promise<void>;
}

/**
 * Starts the server of a turn's tools.
 *
 * @throws {CodexPermissionError} If the runtime does not allow it to listen.
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

/** Gives random bytes in hexadecimal digits. */
function randomHex(length: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(length));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}
