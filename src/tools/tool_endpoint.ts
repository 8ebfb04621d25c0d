import type { HttpReply, HttpRequest } from "../runtime/types.ts";
import { wellFormedJson } from "../util/well_formed_json.ts";
import {
  answerMessage,
  type McpServerContext,
  RPC_ERRORS,
  rpcError,
  type RpcReply,
} from "./mcp_server.ts";

/** The longest request, in bytes; a model does not write anything that long. */
const MAX_REQUEST_BYTES = 16 * 1024 * 1024;

/** The keys that identify requests of the turn's CLI. */
export interface EndpointKeys {
  /** The address and port, as the CLI sends them in `Host`. */
  readonly host: string;
  /** The path. */
  readonly path: string;
  /** The token. */
  readonly token: string;
}

/**
 * Answers an HTTP request of MCP's Streamable HTTP, in plain JSON: without a session there
 * is nothing to stream and nothing to delete (facts F62).
 *
 * Only the turn's CLI gets an answer. Other programs on the machine do not know the token.
 * A page in a browser, which could reach the port by a DNS name that resolves to this
 * machine, sends another `Host`, or an `Origin`.
 */
export async function answerRequest(
  request: HttpRequest,
  keys: EndpointKeys,
  server: McpServerContext,
): Promise<HttpReply> {
  if (request.header("host") !== keys.host) return empty(403);
  if (request.header("origin") !== undefined) return empty(403);
  if (!isSame(request.header("authorization") ?? "", `Bearer ${keys.token}`)) {
    return empty(401, { "www-authenticate": "Bearer" });
  }
  if (request.path !== keys.path) return empty(404);
  if (request.method !== "POST") return empty(405, { allow: "POST" });
  const type = request.header("content-type") ?? "";
  if (!/^application\/json\s*(?:;|$)/i.test(type)) return empty(415);
  let message: unknown;
  try {
    const text = await request.readBody(MAX_REQUEST_BYTES);
    if (text === undefined) return empty(413);
    message = JSON.parse(text);
  } catch {
    return json(400, rpcError(RPC_ERRORS.notJson, "The body is not JSON"));
  }
  const reply = await answerMessage(message, server);
  if (reply === undefined) return empty(202);
  return json(reply.id === null ? 400 : 200, reply);
}

function json(status: number, reply: RpcReply): HttpReply {
  return {
    status,
    headers: { "content-type": "application/json" },
    body: wellFormedJson(reply) ?? "",
  };
}

function empty(status: number, headers: HttpReply["headers"] = {}): HttpReply {
  return { status, headers, body: "" };
}

/** Compares two texts in a time that does not reveal how far they match. */
function isSame(one: string, other: string): boolean {
  let difference = one.length ^ other.length;
  for (let at = 0; at < other.length; at += 1) {
    difference |= one.charCodeAt(at) ^ other.charCodeAt(at);
  }
  return difference === 0;
}
