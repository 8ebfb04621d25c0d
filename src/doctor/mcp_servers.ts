import type { ThreadOptions } from "../options/options.ts";
import type { McpServerState } from "./report.ts";
import { stringAt, tableAt } from "./settings.ts";
import { isTable, type TomlTable } from "./toml.ts";

/**
 * Lists the MCP servers of settings, and whether `codex exec` refuses their tools. Except in
 * the sandbox `danger-full-access`, it does, as nobody can approve them (facts F60, F61).
 */
export function listMcpServers(
  settings: TomlTable,
  { sandboxMode, dangerouslyBypassApprovalsAndSandbox }: ThreadOptions,
): McpServerState[] {
  const mode = sandboxMode || stringAt(settings, "sandbox_mode");
  const isOpen = dangerouslyBypassApprovalsAndSandbox ||
    mode === "danger-full-access";
  return Object.entries(tableAt(settings, "mcp_servers"))
    .flatMap(([name, server]) => {
      if (!isTable(server)) return [];
      const enabled = server.enabled !== false;
      const approves =
        stringAt(server, "default_tools_approval_mode") === "approve";
      const tools = tableAt(server, "tools");
      return [{
        name,
        enabled,
        toolsRejected: enabled && !isOpen && !approves,
        approvedTools: Object.keys(tools).filter((tool) =>
          stringAt(tools, tool, "approval_mode") === "approve"
        ),
      }];
    });
}

/** Returns the setting that approves the tools of a server. */
export function approvingSetting({ name }: McpServerState): string {
  const key = /^[\w-]+$/.test(name) ? name : JSON.stringify(name);
  return `mcp_servers.${key}.default_tools_approval_mode = "approve"`;
}
