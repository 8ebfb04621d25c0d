import type { JsonValue } from "./json.ts";

/** The progress of a command; `declined` means that it was not approved and never ran. */
export type CommandExecutionStatus =
  | "in_progress"
  | "completed"
  | "failed"
  | "declined";

/** A command that the agent runs. */
export interface CommandExecutionItem {
  /** Names the item within its thread. */
  id: string;
  /** Tells this kind of item from the others. */
  type: "command_execution";
  /** The command line, as the shell gets it. */
  command: string;
  /** The output on stdout and stderr together so far. */
  aggregated_output: string;
  /** The exit code; `null` while the command runs (measured; the official types say that it is left out). */
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
  /** Names the item within its thread. */
  id: string;
  /** Tells this kind of item from the others. */
  type: "file_change";
  /** The files that the patch touches. */
  changes: FileUpdateChange[];
  /** The progress of the patch. */
  status: PatchApplyStatus;
}

/** The progress of an MCP tool call. */
export type McpToolCallStatus = "in_progress" | "completed" | "failed";

/** One block of an MCP tool's answer: text, an image, audio or a resource. */
export interface McpContentBlock {
  /** The block's kind in the MCP specification: `text`, `image`, `audio`, `resource`, `resource_link`. */
  type: string;
  /** The text of a `text` block. */
  text?: string;
  /** The base64 data of an `image` or `audio` block. */
  data?: string;
  /** The media type of `data`. */
  mimeType?: string;
  /** Any other field that the tool put into the block. */
  [key: string]: unknown;
}

/** The answer of an MCP tool. */
export interface McpToolCallResult {
  /** The blocks of the answer. */
  content: McpContentBlock[];
  /** The answer as structured data, if the tool gives one. */
  structured_content?: unknown;
  /** The metadata that the server attached to the answer. */
  _meta?: unknown;
}

/** A call of a tool on an MCP server, or of a function of the program. */
export interface McpToolCallItem {
  /** Names the item within its thread. */
  id: string;
  /** Tells this kind of item from the others. */
  type: "mcp_tool_call";
  /** The MCP server's name in the configuration; for functions of the program `host`, or `toolServerName`. */
  server: string;
  /** The tool's name. */
  tool: string;
  /** The arguments of the call. */
  arguments?: unknown;
  /** The answer of a successful call; `null` until it arrives. */
  result?: McpToolCallResult | null;
  /** The reason why the call failed; `null` if it did not. */
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

/** A call from this agent to others it works with: starting, messaging, waiting, closing. */
export interface CollabToolCallItem {
  /** Names the item within its thread. */
  id: string;
  /** Tells this kind of item from the others. */
  type: "collab_tool_call";
  /** The request to the other agents, such as `spawn_agent` or `wait`; new CLIs may add values. */
  tool: string;
  /** The thread that calls. */
  sender_thread_id: string;
  /** The threads that are called. */
  receiver_thread_ids: string[];
  /** The prompt for the other agents, if there is one. */
  prompt?: string | null;
  /** The state of each agent that is called, by thread id. */
  agents_states: { [threadId: string]: CollabAgentState };
  /** The progress of the call. */
  status: CollabToolCallStatus;
}

/** A message of the agent: text, or JSON if an output schema was given. */
export interface AgentMessageItem {
  /** Names the item within its thread. */
  id: string;
  /** Tells this kind of item from the others. */
  type: "agent_message";
  /** The text. */
  text: string;
}

/** A summary of the agent's reasoning. */
export interface ReasoningItem {
  /** Names the item within its thread. */
  id: string;
  /** Tells this kind of item from the others. */
  type: "reasoning";
  /** The summary. */
  text: string;
}

/** A web search. The CLI prints its key `id` twice; the later one, the search's own, counts. */
export interface WebSearchItem {
  /** Names the search. */
  id: string;
  /** Tells this kind of item from the others. */
  type: "web_search";
  /** The query; empty while the search begins. */
  query: string;
  /** The kind of search: `search`, `open_page`, `find_in_page` or `other`, with its own fields. */
  action?: { type: string; [key: string]: unknown } | null;
}

/** A problem that did not end the turn, such as an unknown model or a fall-back to another connection. */
export interface ErrorItem {
  /** Names the item within its thread. */
  id: string;
  /** Tells this kind of item from the others. */
  type: "error";
  /** The CLI's message. */
  message: string;
}

/** One step of the agent's plan. */
export interface TodoItem {
  /** The task. */
  text: string;
  /** True if it is done. */
  completed: boolean;
}

/** The agent's plan; comes only with `tools.update_plan.enabled=true` in the configuration. */
export interface TodoListItem {
  /** Names the item within its thread. */
  id: string;
  /** Tells this kind of item from the others. */
  type: "todo_list";
  /** The plan's steps. */
  items: TodoItem[];
}

/**
 * An item that this version does not know, or one with a wrong field: it is delivered
 * with everything it held.
 */
export interface UnknownThreadItem {
  /** Names the item within its thread; empty if the CLI gave it no name. */
  id: string;
  /** Tells this kind of item from the others. */
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
