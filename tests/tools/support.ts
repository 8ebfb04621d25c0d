/** A turn's tools, without a CLI. @module */

import { tool } from "../../src/tools/tool.ts";
import { prepareInput } from "../../src/tools/tool_input.ts";
import type { ReadFile } from "../../src/tools/tool_content.ts";
import { type PreparedTool, ToolCalls } from "../../src/tools/tool_calls.ts";
import type { McpServerContext } from "../../src/tools/mcp_server.ts";
import type { ClientTool, ToolDefinition } from "../../src/options/tools.ts";

/** Reads no file. */
export const NO_FILES: ReadFile = () => Promise.reject(new Error("No files"));

/** A type that takes everything. */
export const ANYTHING = {
  schema: { type: "object" },
  parse: (value: unknown) => value,
};

/** Makes a tool that takes everything. */
export function doing(
  run: ToolDefinition<unknown>["run"],
  name = "do",
): ClientTool {
  return tool({ name, description: "Does it", input: ANYTHING, run });
}

/** Prepares tools, with the calls that they take. */
export async function serving(
  tools: readonly ClientTool[],
  timeoutMs = 60_000,
): Promise<McpServerContext> {
  const prepared = await Promise.all(tools.map(prepare));
  return {
    tools: new Map(prepared.map((each) => [each.tool.name, each])),
    calls: new ToolCalls(timeoutMs, NO_FILES),
    threadId: "thread",
  };
}

/** Prepares a tool. */
export async function prepare(tool: ClientTool): Promise<PreparedTool> {
  return { tool, input: await prepareInput(tool) };
}
