import type { McpToolCallItem } from "../protocol/items.ts";
import { quoted, shorten } from "../util/text.ts";

/**
 * Matches the CLI's message for a call that nobody could approve (facts F60, F61),
 * including that of CLIs before 0.163. A call that a handler declines has a different
 * message.
 */
const UNAPPROVED =
  /^(?:MCP tool call requires approval, but approval policy is never|user cancelled MCP tool call)/;

/** The longest name in a warning, in characters. */
const MAX_NAME_LENGTH = 200;

/**
 * Returns a warning for a call of an MCP tool that failed because nobody could approve
 * it, naming the settings that approve it. The turn continues, and would otherwise look
 * as if the agent did not want to use the tool.
 */
export function mcpApprovalWarning(
  { server, tool, status, error }: McpToolCallItem,
): string | undefined {
  if (status !== "failed" || !UNAPPROVED.test(error?.message ?? "")) {
    return undefined;
  }
  const table = `mcp_servers.${key(server)}`;
  return `The MCP server ${
    quoted(shorten(server, MAX_NAME_LENGTH))
  } was not allowed to run its tool ${
    quoted(shorten(tool, MAX_NAME_LENGTH))
  }, which nobody could approve: set ${table}.default_tools_approval_mode = "approve" to run all its tools, or ${table}.tools.${
    key(tool)
  }.approval_mode = "approve" for this one`;
}

/** Writes a name as a TOML key. */
function key(name: string): string {
  const short = shorten(name, MAX_NAME_LENGTH);
  return /^[\w-]+$/.test(short) ? short : quoted(short);
}
