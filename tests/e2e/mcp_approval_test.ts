/** Tests MCP tools on the real CLI without anyone to approve them (facts F60, F61). @module */

import { assertEquals, assertStringIncludes } from "@std/assert";
import type { McpToolCallItem, SandboxMode, Turn } from "../../mod.ts";
import { modelAnswer, modelMcpCall, modelMessage } from "../../testing.ts";
import { PROBE_SERVER } from "../support/mcp_server.ts";
import { realCodex } from "../support/real_codex.ts";

/** Has the agent call a tool twice, and returns the turn. */
async function callTwice(
  tool: string,
  sandboxMode: SandboxMode,
  settings: object = {},
): Promise<Turn> {
  await using real = await realCodex([
    modelAnswer(modelMcpCall("probe", tool, { text: "note" })),
    modelAnswer(modelMcpCall("probe", tool, { text: "note" })),
    modelAnswer(modelMessage("Done")),
  ]);
  const codex = real.client({
    config: {
      ...real.codexOptions.config,
      mcp_servers: { probe: { ...PROBE_SERVER.probe, ...settings } },
    },
  });
  return await codex.startThread({ ...real.inRepo, sandboxMode }).run("Call");
}

/** Returns the statuses of a turn's calls. */
function statuses({ items }: Turn): string[] {
  return items
    .filter((item): item is McpToolCallItem => item.type === "mcp_tool_call")
    .map(({ status }) => status);
}

for (const mode of ["read-only", "workspace-write"] as const) {
  Deno.test(`A tool that is not read-only is not run under ${mode}, and one warning names the settings to change`, async () => {
    const turn = await callTwice("write", mode);
    assertEquals(statuses(turn), ["failed", "failed"]);
    assertEquals(turn.finalResponse, "Done");
    assertEquals(turn.warnings.length, 1);
    for (
      const part of [
        '"probe"',
        '"write"',
        'mcp_servers.probe.default_tools_approval_mode = "approve"',
        'mcp_servers.probe.tools.write.approval_mode = "approve"',
      ]
    ) assertStringIncludes(turn.warnings[0] ?? "", part);
  });
}

for (
  const [what, tool, mode, settings] of [
    ["is declared read-only", "add", "read-only", {}],
    ["is called under danger-full-access", "write", "danger-full-access", {}],
    ["belongs to an approved server", "write", "read-only", {
      default_tools_approval_mode: "approve",
    }],
    ["is approved by name", "write", "read-only", {
      tools: { write: { approval_mode: "approve" } },
    }],
  ] as const
) {
  Deno.test(`A tool is run without a warning if it ${what}`, async () => {
    const turn = await callTwice(tool, mode, settings);
    assertEquals(statuses(turn), ["completed", "completed"]);
    assertEquals(turn.warnings, []);
  });
}
