import type {
  AgentMessageItem,
  CollabToolCallItem,
  CommandExecutionItem,
  ErrorItem,
  FileChangeItem,
  FileUpdateChange,
  McpToolCallItem,
  ReasoningItem,
  TodoItem,
  TodoListItem,
  UnknownThreadItem,
  WebSearchItem,
} from "../../../protocol/items.ts";
import type { JsonObject } from "../../../protocol/json.ts";

// Items have no id yet: the player numbers them, as the CLI does.

/** The id of an item, for tests that have to know it. */
export interface ItemName {
  /**
   * The item's id within its turn.
   *
   * @default {""} The next id of the CLI, such as `item_0`, set when the item is played
   */
  readonly id?: string;
}

/** Fields of {@linkcode commandExecution}. */
export interface CommandExecutionFields
  extends ItemName, Partial<Omit<CommandExecutionItem, "id" | "type">> {
  /** The command line. */
  readonly command: string;
}

/** Fields of {@linkcode fileChange}. */
export interface FileChangeFields extends ItemName {
  /** The changed files; a string is the path of an updated file. */
  readonly changes: readonly (string | FileUpdateChange)[];
  /** The progress of the patch. @default {"completed"} */
  readonly status?: FileChangeItem["status"];
}

/** Fields of {@linkcode mcpToolCall}. */
export interface McpToolCallFields
  extends ItemName, Partial<Omit<McpToolCallItem, "id" | "type" | "result">> {
  /** The MCP server's name. */
  readonly server: string;
  /** The tool's name. */
  readonly tool: string;
  /** The result; a string is one text block. */
  readonly result?: string | McpToolCallItem["result"];
}

/** Fields of {@linkcode collabToolCall}. */
export interface CollabToolCallFields
  extends ItemName, Partial<Omit<CollabToolCallItem, "id" | "type">> {
  /** The tool, such as `spawn_agent`. */
  readonly tool: string;
}

/**
 * Creates a message of the agent.
 *
 * @example The agent's answer
 * ```ts
 * import { agentMessage, fakeCodex } from "@acodex/sdk/testing";
 *
 * const codex = fakeCodex([agentMessage("Done")]);
 * console.log((await codex.startThread().run("Go")).finalResponse); // Done
 * ```
 */
export function agentMessage(
  text: string,
  { id = "" }: ItemName = {},
): AgentMessageItem {
  return { id, type: "agent_message", text };
}

/** Creates a summary of the agent's reasoning. */
export function reasoning(
  text: string,
  { id = "" }: ItemName = {},
): ReasoningItem {
  return { id, type: "reasoning", text };
}

/** Creates a command that has run; by default with exit code 0 and no output. */
export function commandExecution(
  { id = "", status, exit_code, ...fields }: CommandExecutionFields,
): CommandExecutionItem {
  const isWaiting = status === "in_progress" || status === "declined";
  const fallback = isWaiting ? null : status === "failed" ? 1 : 0;
  const code = exit_code === undefined ? fallback : exit_code;
  return {
    id,
    type: "command_execution",
    aggregated_output: "",
    ...fields,
    exit_code: code,
    status: status ?? (code === 0 ? "completed" : "failed"),
  };
}

/** Creates a patch that was applied. */
export function fileChange(
  { id = "", changes, status = "completed" }: FileChangeFields,
): FileChangeItem {
  return {
    id,
    type: "file_change",
    changes: changes.map((each) =>
      typeof each === "string" ? { path: each, kind: "update" } : each
    ),
    status,
  };
}

/** Creates a call of an MCP tool; it has succeeded unless it has an `error`. */
export function mcpToolCall(
  { id = "", result = null, error = null, status, ...fields }:
    McpToolCallFields,
): McpToolCallItem {
  return {
    id,
    type: "mcp_tool_call",
    arguments: {},
    ...fields,
    result: typeof result === "string"
      ? { content: [{ type: "text", text: result }] }
      : result,
    error,
    status: status ?? (error === null ? "completed" : "failed"),
  };
}

/** Creates a call to other agents. */
export function collabToolCall(
  { id = "", ...fields }: CollabToolCallFields,
): CollabToolCallItem {
  return {
    id,
    type: "collab_tool_call",
    sender_thread_id: "",
    receiver_thread_ids: [],
    prompt: null,
    agents_states: {},
    status: "completed",
    ...fields,
  };
}

/** Creates a web search. */
export function webSearch(
  query: string,
  { id = "", action = { type: "search", query } }:
    & ItemName
    & Pick<WebSearchItem, "action"> = {},
): WebSearchItem {
  return { id, type: "web_search", query, action };
}

/** Creates the agent's plan; a string is a step that is not completed. */
export function todoList(
  steps: readonly (string | TodoItem)[],
  { id = "" }: ItemName = {},
): TodoListItem {
  return {
    id,
    type: "todo_list",
    items: steps.map((step) =>
      typeof step === "string" ? { text: step, completed: false } : step
    ),
  };
}

/** Creates a problem that does not end the turn; it becomes a warning. */
export function errorItem(
  message: string,
  { id = "" }: ItemName = {},
): ErrorItem {
  return { id, type: "error", message };
}

/** Creates an item of a kind that this version does not know, as a newer CLI may print it. */
export function unknownItem(raw: JsonObject): UnknownThreadItem {
  const { id, type } = raw;
  return {
    type: "unknown",
    id: typeof id === "string" ? id : "",
    item_type: typeof type === "string" ? type : "",
    raw,
  };
}
