/** Serves a turn's tools without a CLI. @module */

import { tool } from "../../src/tools/tool.ts";
import {
  type PreparedTool,
  prepareTools,
} from "../../src/tools/prepared_tools.ts";
import type { ReadFile } from "../../src/tools/tool_content.ts";
import { ToolCalls } from "../../src/tools/tool_calls.ts";
import type { McpServerContext } from "../../src/tools/mcp_server.ts";
import type { ClientTool, ToolDefinition } from "../../src/options/tools.ts";

/** Rejects to read any file. */
export const NO_FILES: ReadFile = () => Promise.reject(new Error("No files"));

/** A type that accepts every input. */
export const ANYTHING = {
  schema: { type: "object" },
  parse: (value: unknown) => value,
};

/** Creates a tool that accepts every input. */
export function doing(
  run: ToolDefinition<unknown>["run"],
  name = "do",
): ClientTool {
  return tool({ name, description: "Does it", input: ANYTHING, run });
}

/** Prepares tools and the context in which they are called. */
export async function serving(
  tools: readonly ClientTool[],
  timeoutMs = 60_000,
): Promise<McpServerContext> {
  return {
    tools: await prepareTools(tools),
    calls: new ToolCalls(timeoutMs, NO_FILES),
    threadId: "thread",
  };
}

/** Prepares a tool. */
export async function prepare(tool: ClientTool): Promise<PreparedTool> {
  const [prepared] = (await prepareTools([tool])).values();
  if (prepared === undefined) throw new Error("There is no tool");
  return prepared;
}
