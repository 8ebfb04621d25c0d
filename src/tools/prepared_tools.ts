import type { ClientTool } from "../options/tools.ts";
import { prepareInput, type ToolInput } from "./tool_input.ts";

/** A tool of a turn, ready to be called. */
export interface PreparedTool {
  /** The tool. */
  readonly tool: ClientTool;
  /** The way to read its input. */
  readonly input: ToolInput;
}

/** Tools that are ready to be called, by their names. */
export type PreparedTools = ReadonlyMap<string, PreparedTool>;

/**
 * Makes tools ready to be called, and loads zod if a type of theirs needs it.
 *
 * @throws {CodexInputError} For a tool whose input has a type that cannot be used.
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
