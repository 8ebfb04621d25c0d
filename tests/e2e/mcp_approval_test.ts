/** What the real CLI makes of MCP tools that nobody can approve (facts F60, F61). @module */

import { assertEquals, assertStringIncludes } from "@std/assert";
import type { McpToolCallItem, SandboxMode, Turn } from "../../mod.ts";
import { modelAnswer, modelMcpCall, modelMessage } from "../../testing.ts";
import { PROBE_SERVER } from "../support/mcp_server.ts";
import { realCodex } from "../support/real_codex.ts";

/** Has the agent call a tool twice, and gives the turn. */
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

/** Gives the statuses of the calls of a turn. */
function statuses({ items }: Turn): string[] {
  return items
    .filter((item): item is McpToolCallItem => item.type === "mcp_tool_call")
    .map(({ status }) => status);
}

for (const mode of ["read-only", "workspace-write"] as const) {
  Deno.test(`A tool that may change something is not run under ${mode}, and the turn warns once, with the keys`, async () => {
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
    ["says that it only reads", "add", "read-only", {}],
    ["is under danger-full-access", "write", "danger-full-access", {}],
    ["is of an approved server", "write", "read-only", {
      default_tools_approval_mode: "approve",
    }],
    ["is approved by its name", "write", "read-only", {
      tools: { write: { approval_mode: "approve" } },
    }],
  ] as const
) {
  Deno.test(`A tool is run, and nothing warned of, where it ${what}`, async () => {
    const turn = await callTwice(tool, mode, settings);
    assertEquals(statuses(turn), ["completed", "completed"]);
    assertEquals(turn.warnings, []);
  });
}
