import type { ClientTool } from "../options/tools.ts";
import { prepareInput, type ToolInput } from "./tool_input.ts";

/** A tool of a turn, ready to be called. */
export interface PreparedTool {
  /** The tool. */
  readonly tool: ClientTool;
  /** The reader of its input. */
  readonly input: ToolInput;
}

/** Tools that are ready to be called, by name. */
export type PreparedTools = ReadonlyMap<string, PreparedTool>;

/**
 * Prepares tools to be called, and loads zod if one of their types needs it.
 *
 * @throws {CodexInputError} If the input type of a tool cannot be used.
 */
export async function prepareTools(
  tools: readonly ClientTool[],
): Promise<PreparedTools> {
  return new Map(
    await Promise.all(
      tools.map(async (tool) =>
        [tool.name, { tool, input: await prepareInput(tool) }] as const
      ),
    ),
  );
}
