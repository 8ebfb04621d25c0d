import type { JsonValue } from "./json.ts";

/** How far a command has come; `declined` means that it was refused and never ran. */
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
  /** The command line, as the shell is given it. */
  command: string;
  /** What the command has written to stdout and stderr together so far. */
  aggregated_output: string;
  /** The exit code; `null` while the command runs (measured, where the official types say it is left out). */
  exit_code?: number | null;
  /** How far the command has come. */
  status: CommandExecutionStatus;
}

/** What happened to one file. */
export type PatchChangeKind = "add" | "delete" | "update";

/** One file of a patch. */
export interface FileUpdateChange {
  /** The file's path. */
  path: string;
  /** What happened to it. */
  kind: PatchChangeKind;
}

/** How far a patch has come. */
export type PatchApplyStatus = "in_progress" | "completed" | "failed";

/** A patch that the agent applies to files. */
export interface FileChangeItem {
  /** Names the item within its thread. */
  id: string;
  /** Tells this kind of item from the others. */
  type: "file_change";
  /** The files that the patch touches. */
  changes: FileUpdateChange[];
  /** How far the patch has come. */
  status: PatchApplyStatus;
}

/** How far an MCP tool call has come. */
export type McpToolCallStatus = "in_progress" | "completed" | "failed";

/** One piece of what an MCP tool answered: text, an image, audio or a resource. */
export interface McpContentBlock {
  /** The block's kind in the MCP specification: `text`, `image`, `audio`, `resource`, `resource_link`. */
  type: string;
  /** The text of a `text` block. */
  text?: string;
  /** The base64 data of an `image` or `audio` block. */
  data?: string;
  /** The media type of `data`. */
  mimeType?: string;
  /** Whatever else the tool put into the block. */
  [key: string]: unknown;
}

/** What an MCP tool answered. */
export interface McpToolCallResult {
  /** The blocks of the answer. */
  content: McpContentBlock[];
  /** The answer as structured data, where the tool gives one. */
  structured_content?: unknown;
  /** What the server attached to the answer. */
  _meta?: unknown;
}

/** A call of a tool on an MCP server. */
export interface McpToolCallItem {
  /** Names the item within its thread. */
  id: string;
  /** Tells this kind of item from the others. */
  type: "mcp_tool_call";
  /** The MCP server's name in the configuration. */
  server: string;
  /** The tool's name. */
  tool: string;
  /** What the tool was called with. */
  arguments?: unknown;
  /** The answer of a successful call; `null` before it is there. */
  result?: McpToolCallResult | null;
  /** Why the call failed; `null` when it did not. */
  error?: { message: string } | null;
  /** How far the call has come. */
  status: McpToolCallStatus;
}

/** How far a call between agents has come. */
export type CollabToolCallStatus = "in_progress" | "completed" | "failed";

/** What is known of an agent that another agent started. */
export interface CollabAgentState {
  /** The agent's state, such as `running` or `completed`; new words may come with new CLIs. */
  status: string;
  /** The agent's last words, where it has said any. */
  message?: string | null;
}

/** A call from this agent to others it works with: starting, messaging, waiting, closing. */
export interface CollabToolCallItem {
  /** Names the item within its thread. */
  id: string;
  /** Tells this kind of item from the others. */
  type: "collab_tool_call";
  /** What is asked of the other agents, such as `spawn_agent` or `wait`; new words may come with new CLIs. */
  tool: string;
  /** The thread that calls. */
  sender_thread_id: string;
  /** The threads that are called. */
  receiver_thread_ids: string[];
  /** What the other agents are told, where they are told something. */
  prompt?: string | null;
  /** The state of each agent that is called, by thread id. */
  agents_states: { [threadId: string]: CollabAgentState };
  /** How far the call has come. */
  status: CollabToolCallStatus;
}

/** What the agent says: text, or JSON where an output schema was given. */
export interface AgentMessageItem {
  /** Names the item within its thread. */
  id: string;
  /** Tells this kind of item from the others. */
  type: "agent_message";
  /** The text. */
  text: string;
}

/** A summary of what the agent thought. */
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
  /** What is searched for; empty while the search begins. */
  query: string;
  /** What the search does: `search`, `open_page`, `find_in_page` or `other`, with fields of its own. */
  action?: { type: string; [key: string]: unknown } | null;
}

/** Something that went wrong and did not end the turn, such as an unknown model or a fall-back to another connection. */
export interface ErrorItem {
  /** Names the item within its thread. */
  id: string;
  /** Tells this kind of item from the others. */
  type: "error";
  /** What went wrong. */
  message: string;
}

/** One step of the agent's plan. */
export interface TodoItem {
  /** What is to be done. */
  text: string;
  /** Whether it is done. */
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
 * An item that this version does not know, or whose fields are not what they
 * should be: it is delivered with everything it held.
 */
export interface UnknownThreadItem {
  /** Names the item within its thread; empty where the CLI gave it no name. */
  id: string;
  /** Tells this kind of item from the others. */
  type: "unknown";
  /** The type that the CLI printed; empty where it printed none. */
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

/** One thing that the agent did or said. */
export type ThreadItem = KnownThreadItem | UnknownThreadItem;
