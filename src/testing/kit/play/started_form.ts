import type { ThreadItem } from "../../../protocol/items.ts";

/** Returns an item as `item.started` has it; `undefined` if the CLI only prints its completion. */
export function startedForm(item: ThreadItem): ThreadItem | undefined {
  switch (item.type) {
    case "command_execution":
      return {
        ...item,
        aggregated_output: "",
        exit_code: null,
        status: "in_progress",
      };
    case "file_change":
    case "collab_tool_call":
      return { ...item, status: "in_progress" };
    case "mcp_tool_call":
      return { ...item, result: null, error: null, status: "in_progress" };
    case "web_search":
      return { ...item, query: "", action: { type: "other" } };
    default:
      return undefined;
  }
}
