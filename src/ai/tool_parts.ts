import type { ThreadItem } from "../protocol/items.ts";
import { isObject, type JsonObject, type JsonValue } from "../protocol/json.ts";

/** The work of a tool, in the AI SDK's terms. */
export interface ToolWork {
  /** The tool's name. */
  readonly toolName: string;
  /** The arguments of the call. */
  readonly input: JsonObject;
  /** The result so far. */
  readonly result: NonNullable<JsonValue>;
  /** True if the call itself failed, or was not approved; never for an exit code. */
  readonly isError: boolean;
  /** False if the arguments are only known once the item has ended. */
  readonly isKnownAtStart: boolean;
}

/** Reads an item as the work of a tool; returns `undefined` for text and error items. */
export function readToolWork(item: ThreadItem): ToolWork | undefined {
  switch (item.type) {
    case "command_execution":
      return item.status === "declined"
        ? failed("shell", { command: item.command }, "Not approved")
        : done("shell", { command: item.command }, {
          output: item.aggregated_output,
          exitCode: item.exit_code ?? null,
        });
    case "file_change": {
      const changes = item.changes.map(({ path, kind }) => ({ path, kind }));
      return item.status === "failed"
        ? failed("apply_patch", { changes }, "The patch was not applied")
        : done("apply_patch", { changes }, { changes, status: item.status });
    }
    case "mcp_tool_call": {
      const name = `mcp__${item.server}__${item.tool}`;
      const input = asObject(item.arguments);
      return item.status === "failed"
        ? failed(name, input, item.error?.message || "The tool call failed")
        : done(name, input, readMcpResult(item.result));
    }
    case "collab_tool_call": {
      const input = {
        threadIds: item.receiver_thread_ids,
        prompt: item.prompt ?? null,
      };
      return item.status === "failed"
        ? failed(item.tool, input, "The call between agents failed")
        : done(item.tool, input, { agents: asJson(item.agents_states) });
    }
    case "web_search":
      return {
        ...done("web_search", { query: item.query }, {
          query: item.query,
          action: asJson(item.action ?? null),
        }),
        isKnownAtStart: false,
      };
    case "todo_list": {
      const plan = item.items.map(({ text, completed }) => ({
        text,
        completed,
      }));
      return done("update_plan", { plan }, { plan });
    }
    case "unknown":
      return {
        ...done(item.item_type || "unknown", {}, { item: item.raw }),
        isKnownAtStart: false,
      };
    case "agent_message":
    case "reasoning":
    case "error":
      return undefined;
  }
}

function done(
  toolName: string,
  input: JsonObject,
  result: NonNullable<JsonValue>,
): ToolWork {
  return { toolName, input, result, isError: false, isKnownAtStart: true };
}

function failed(
  toolName: string,
  input: JsonObject,
  reason: string,
): ToolWork {
  return { ...done(toolName, input, reason), isError: true };
}

/** Returns the result of an MCP tool: its structured content, or its content blocks. */
function readMcpResult(
  result: { content: unknown; structured_content?: unknown } | null | undefined,
): NonNullable<JsonValue> {
  if (result === null || result === undefined) return {};
  return asJson(result.structured_content) ??
    { content: asJson(result.content) };
}

/** Returns arguments as an object, the only form that the AI SDK's tools accept. */
export function asObject(value: unknown): JsonObject {
  if (isObject(value)) return value;
  return value === null || value === undefined ? {} : { value: asJson(value) };
}

/** Types a value of the CLI's output as JSON, which it was parsed from. */
function asJson(value: unknown): JsonValue {
  return (value ?? null) as JsonValue;
}
