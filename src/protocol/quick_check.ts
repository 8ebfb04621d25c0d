import type { KnownThreadItem } from "./items.ts";
import { isObject, type JsonObject, type JsonValue } from "./json.ts";

// A faster check of the common items: their rules take a tenth of a stream's whole time.
// A test compares both on every field. An item that fails here may still be valid; its
// rule decides, and says where the problem is.

type Value = JsonValue | undefined;

/** Tells whether an item is of a common kind and matches its rule. */
export function isKnownValid(
  item: JsonObject,
): item is JsonObject & KnownThreadItem {
  if (!isText(item.id)) return false;
  switch (item.type) {
    case "agent_message":
    case "reasoning":
      return isText(item.text);
    case "command_execution":
      return isText(item.command) && isText(item.aggregated_output) &&
        (isNothing(item.exit_code) || Number.isFinite(item.exit_code)) &&
        (isStatus(item.status) || item.status === "declined");
    case "file_change":
      return isStatus(item.status) && isList(item.changes, isChange);
    case "mcp_tool_call":
      return isText(item.server) && isText(item.tool) &&
        isStatus(item.status) &&
        (isNothing(item.result) || isToolResult(item.result)) &&
        (isNothing(item.error) ||
          isObject(item.error) && isText(item.error.message));
    case "web_search":
      return isText(item.query) &&
        (isNothing(item.action) ||
          isObject(item.action) && isText(item.action.type));
    case "todo_list":
      return isList(item.items, isTodo);
    default:
      return false;
  }
}

function isChange(value: Value): boolean {
  return isObject(value) && isText(value.path) &&
    (value.kind === "add" || value.kind === "delete" ||
      value.kind === "update");
}

function isToolResult(value: Value): boolean {
  return isObject(value) && isList(value.content, isToolContent);
}

function isToolContent(value: Value): boolean {
  return isObject(value) && isText(value.type) && isTextOrNone(value.text) &&
    isTextOrNone(value.data) && isTextOrNone(value.mimeType);
}

function isTodo(value: Value): boolean {
  return isObject(value) && isText(value.text) &&
    typeof value.completed === "boolean";
}

function isStatus(value: Value): boolean {
  return value === "in_progress" || value === "completed" || value === "failed";
}

function isText(value: Value): boolean {
  return typeof value === "string";
}

function isTextOrNone(value: Value): boolean {
  return value === undefined || typeof value === "string";
}

function isNothing(value: Value): boolean {
  return value === undefined || value === null;
}

function isList(value: Value, is: (value: Value) => boolean): boolean {
  if (!Array.isArray(value)) return false;
  for (const each of value) if (!is(each)) return false;
  return true;
}
