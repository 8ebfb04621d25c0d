import type { JsonObject } from "../../protocol/json.ts";
import type { AgentApproval } from "../agent_client.ts";
import { asObject, type ToolWork } from "../tool_parts.ts";

/** Maps an approval request to the tool call that a user is shown. */
export function readApproval(request: AgentApproval): ToolWork {
  const { type, command = "", network, input = "", changes = [] } = request;
  switch (type) {
    case "command":
      return network
        ? work("network_access", { ...network, command })
        : work("shell", { command });
    case "file_change":
      return work("apply_patch", {
        changes: changes.map(({ path, kind, diff }) => ({ path, kind, diff })),
      });
    case "mcp_tool": {
      const { server, tool, arguments: given } = request;
      return work(`mcp__${server}__${tool}`, asObject(given));
    }
    default:
      return work(type, { input });
  }
}

/** Tells whether the waiting item is the subject of the request, and so will hold the result. */
export function isItsItem(request: AgentApproval): boolean {
  const { type, itemId, network } = request;
  return itemId !== "" && type !== "terminal_input" && !network;
}

/** Returns a request as JSON, with facts that the call does not show. */
export function toFacts(request: AgentApproval): JsonObject {
  const { type, reason, command, cwd, network, input, changes } = request;
  return {
    type,
    reason,
    ...command !== undefined && { command },
    ...cwd !== undefined && { cwd },
    ...network && { network: { ...network } },
    ...input !== undefined && { input },
    ...changes !== undefined && {
      changes: changes.map(({ path, kind, diff }) => ({ path, kind, diff })),
    },
    ...request.server !== undefined && { server: request.server },
    ...request.tool !== undefined && { tool: request.tool },
    ...request.arguments !== undefined && { arguments: request.arguments },
  };
}

function work(toolName: string, input: JsonObject): ToolWork {
  return {
    toolName,
    input,
    result: { approved: true },
    isError: false,
    isKnownAtStart: true,
  };
}
