import type { ThreadItem } from "../../../protocol/items.ts";

/** Gives an item as the CLI prints it when it begins; nothing for one that is told of once. */
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
