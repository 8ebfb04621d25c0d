import { assertEquals, assertStringIncludes } from "@std/assert";
import type { McpToolCallItem } from "../../src/protocol/items.ts";
import { mcpApprovalWarning } from "../../src/turn/mcp_approval.ts";

/** Builds a call that failed with a message. */
function failed(message: string, server = "files"): McpToolCallItem {
  return {
    id: "item_0",
    type: "mcp_tool_call",
    server,
    tool: "write",
    error: { message },
    status: "failed",
  };
}

Deno.test("mcpApprovalWarning recognizes the CLI's messages, including those of older versions", () => {
  for (
    const words of [
      "MCP tool call requires approval, but approval policy is never",
      "user cancelled MCP tool call",
    ]
  ) {
    assertStringIncludes(
      mcpApprovalWarning(failed(words)) ?? "",
      'set mcp_servers.files.default_tools_approval_mode = "approve"',
    );
  }
});

Deno.test("mcpApprovalWarning returns nothing for any other call", () => {
  const words = "MCP tool call requires approval, but approval policy is never";
  for (
    const item of [
      failed("user rejected MCP tool call"),
      failed(`The server said: ${words}`),
      failed(""),
      { ...failed(words), error: null },
      { ...failed(words), status: "completed" as const },
    ]
  ) assertEquals(mcpApprovalWarning(item), undefined);
});

Deno.test("mcpApprovalWarning quotes a name that TOML does not allow as a bare key, and truncates it", () => {
  const words = "user cancelled MCP tool call";
  assertStringIncludes(
    mcpApprovalWarning(failed(words, 'my."server"')) ?? "",
    'mcp_servers."my.\\"server\\"".default_tools_approval_mode',
  );
  const long = mcpApprovalWarning(failed(words, "x".repeat(100_000))) ?? "";
  assertEquals(long.length < 2000, true);
});
