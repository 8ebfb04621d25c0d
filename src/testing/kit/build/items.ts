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

// Items have no id of their own here: who plays them counts, as the CLI does.

/** Gives an item a name of its own, where a test has to know it. */
export interface ItemName {
  /**
   * Names the item within its turn.
   *
   * @default {""} The CLI's next one, `item_0` and so on, once it is played
   */
  readonly id?: string;
}

/** Says what a command was, and what came of it. */
export interface CommandExecutionFields
  extends ItemName, Partial<Omit<CommandExecutionItem, "id" | "type">> {
  /** The command line. */
  readonly command: string;
}

/** Says which files a patch has changed. */
export interface FileChangeFields extends ItemName {
  /** The files: paths of those that were updated, or what became of each. */
  readonly changes: readonly (string | FileUpdateChange)[];
  /** The progress of the patch. @default {"completed"} */
  readonly status?: FileChangeItem["status"];
}

/** Says which tool was called, and what it gave. */
export interface McpToolCallFields
  extends ItemName, Partial<Omit<McpToolCallItem, "id" | "type" | "result">> {
  /** The MCP server's name. */
  readonly server: string;
  /** The tool's name. */
  readonly tool: string;
  /** The answer; a text stands for a block of it. */
  readonly result?: string | McpToolCallItem["result"];
}

/** Says what was asked of other agents. */
export interface CollabToolCallFields
  extends ItemName, Partial<Omit<CollabToolCallItem, "id" | "type">> {
  /** The request, such as `spawn_agent`. */
  readonly tool: string;
}

/**
 * Makes a message of the agent.
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

/** Makes a summary of the agent's reasoning. */
export function reasoning(
  text: string,
  { id = "" }: ItemName = {},
): ReasoningItem {
  return { id, type: "reasoning", text };
}

/** Makes a command that has run: with exit code 0, and no output, unless they are given. */
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

/** Makes a patch that was applied. */
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

/** Makes a call of an MCP tool: one that went well, unless it has an `error`. */
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

/** Makes a call to other agents. */
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

/** Makes a search of the web. */
export function webSearch(
  query: string,
  { id = "", action = { type: "search", query } }:
    & ItemName
    & Pick<WebSearchItem, "action"> = {},
): WebSearchItem {
  return { id, type: "web_search", query, action };
}

/** Makes the agent's plan; a text is a step that is still to be done. */
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

/** Makes a problem that does not end the turn: it becomes a warning. */
export function errorItem(
  message: string,
  { id = "" }: ItemName = {},
): ErrorItem {
  return { id, type: "error", message };
}

/** Makes an item of a kind that this version does not know, as a newer CLI may print it. */
export function unknownItem(raw: JsonObject): UnknownThreadItem {
  const { id, type } = raw;
  return {
    type: "unknown",
    id: typeof id === "string" ? id : "",
    item_type: typeof type === "string" ? type : "",
    raw,
  };
}
