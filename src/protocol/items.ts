import type { JsonValue } from "./json.ts";

/** The progress of a command; `declined` means that it was not approved and never ran. */
export type CommandExecutionStatus =
  | "in_progress"
  | "completed"
  | "failed"
  | "declined";

/** A command that the agent runs. */
export interface CommandExecutionItem {
  /** The item's id, unique only within one attempt of a turn. */
  id: string;
  /** Identifies the kind of item. */
  type: "command_execution";
  /** The command line, as it is passed to the shell. */
  command: string;
  /** The output so far, of stdout and stderr together. */
  aggregated_output: string;
  /** The exit code; `null` while the command runs (measured; the official types say that it is omitted). */
  exit_code?: number | null;
  /** The progress of the command. */
  status: CommandExecutionStatus;
}

/** The kind of change of one file. */
export type PatchChangeKind = "add" | "delete" | "update";

/** One file of a patch. */
export interface FileUpdateChange {
  /** The file's path. */
  path: string;
  /** The kind of change. */
  kind: PatchChangeKind;
}

/** The progress of a patch. */
export type PatchApplyStatus = "in_progress" | "completed" | "failed";

/** A patch that the agent applies to files. */
export interface FileChangeItem {
  /** The item's id, unique only within one attempt of a turn. */
  id: string;
  /** Identifies the kind of item. */
  type: "file_change";
  /** The files that the patch changes. */
  changes: FileUpdateChange[];
  /** The progress of the patch. */
  status: PatchApplyStatus;
}

/** The progress of an MCP tool call. */
export type McpToolCallStatus = "in_progress" | "completed" | "failed";

/** One block of an MCP tool's result: text, an image, audio or a resource. */
export interface McpContentBlock {
  /** The block's kind in the MCP specification: `text`, `image`, `audio`, `resource`, `resource_link`. */
  type: string;
  /** The text of a `text` block. */
  text?: string;
  /** The base64 data of an `image` or `audio` block. */
  data?: string;
  /** The media type of `data`. */
  mimeType?: string;
  /** Any other field of the block. */
  [key: string]: unknown;
}

/** The result of an MCP tool. */
export interface McpToolCallResult {
  /** The blocks of the result. */
  content: McpContentBlock[];
  /** The result as structured data, if the tool returns it. */
  structured_content?: unknown;
  /** The metadata that the server attached to the result. */
  _meta?: unknown;
}

/** A call of a tool on an MCP server, or of one of the program's own tools. */
export interface McpToolCallItem {
  /** The item's id, unique only within one attempt of a turn. */
  id: string;
  /** Identifies the kind of item. */
  type: "mcp_tool_call";
  /** The MCP server's name in the configuration; for the program's own tools `host`, or `toolServerName`. */
  server: string;
  /** The tool's name. */
  tool: string;
  /** The arguments of the call. */
  arguments?: unknown;
  /** The result of a successful call; `null` until it arrives. */
  result?: McpToolCallResult | null;
  /** The reason for which the call failed; `null` if it did not. */
  error?: { message: string } | null;
  /** The progress of the call. */
  status: McpToolCallStatus;
}

/** The progress of a call between agents. */
export type CollabToolCallStatus = "in_progress" | "completed" | "failed";

/** The state of an agent that another agent started. */
export interface CollabAgentState {
  /** The agent's state, such as `running` or `completed`; new CLIs may add values. */
  status: string;
  /** The agent's last message, if there is one. */
  message?: string | null;
}

/** A call from this agent to other agents: to start, message, wait for or close them. */
export interface CollabToolCallItem {
  /** The item's id, unique only within one attempt of a turn. */
  id: string;
  /** Identifies the kind of item. */
  type: "collab_tool_call";
  /** The request to the other agents, such as `spawn_agent` or `wait`; new CLIs may add values. */
  tool: string;
  /** The id of the calling thread. */
  sender_thread_id: string;
  /** The ids of the called threads. */
  receiver_thread_ids: string[];
  /** The prompt for the other agents, if there is one. */
  prompt?: string | null;
  /** The state of each called agent, by thread id. */
  agents_states: { [threadId: string]: CollabAgentState };
  /** The progress of the call. */
  status: CollabToolCallStatus;
}

/** A message of the agent: text, or JSON if an output schema was given. */
export interface AgentMessageItem {
  /** The item's id, unique only within one attempt of a turn. */
  id: string;
  /** Identifies the kind of item. */
  type: "agent_message";
  /** The text. */
  text: string;
}

/** A summary of the agent's reasoning. */
export interface ReasoningItem {
  /** The item's id, unique only within one attempt of a turn. */
  id: string;
  /** Identifies the kind of item. */
  type: "reasoning";
  /** The summary. */
  text: string;
}

/** A web search. The CLI prints the key `id` twice; the second one, the search's own, is used. */
export interface WebSearchItem {
  /** The search's own id. */
  id: string;
  /** Identifies the kind of item. */
  type: "web_search";
  /** The query; empty while the search begins. */
  query: string;
  /** The kind of search: `search`, `open_page`, `find_in_page` or `other`, with its own fields. */
  action?: { type: string; [key: string]: unknown } | null;
}

/** A problem that did not end the turn, such as an unknown model or a fallback to another connection. */
export interface ErrorItem {
  /** The item's id, unique only within one attempt of a turn. */
  id: string;
  /** Identifies the kind of item. */
  type: "error";
  /** The CLI's message. */
  message: string;
}

/** One step of the agent's plan. */
export interface TodoItem {
  /** The task. */
  text: string;
  /** `true` if it is done. */
  completed: boolean;
}

/** The agent's plan; the CLI only reports it with `tools.update_plan.enabled=true` in the configuration. */
export interface TodoListItem {
  /** The item's id, unique only within one attempt of a turn. */
  id: string;
  /** Identifies the kind of item. */
  type: "todo_list";
  /** The plan's steps. */
  items: TodoItem[];
}

/**
 * An item that this version does not know, or that has a wrong field, delivered with all
 * of its data.
 */
export interface UnknownThreadItem {
  /** The item's id, unique only within one attempt of a turn; empty if the CLI printed none. */
  id: string;
  /** Identifies the kind of item. */
  type: "unknown";
  /** The type that the CLI printed; empty if it printed none. */
  item_type: string;
  /** The item as the CLI printed it. */
  raw: JsonValue;
}

/** The items whose fields this version knows. */
export type KnownThreadItem =
  | AgentMessageItem
  | ReasoningItem
  | CommandExecutionItem
  | FileChangeItem
  | McpToolCallItem
  | CollabToolCallItem
  | WebSearchItem
  | TodoListItem
  | ErrorItem;

/** One action or message of the agent. */
export type ThreadItem = KnownThreadItem | UnknownThreadItem;
