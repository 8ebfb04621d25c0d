import * as z from "zod";
import type {
  ThreadErrorEvent,
  ThreadStartedEvent,
  TurnCompletedEvent,
  TurnFailedEvent,
  TurnStartedEvent,
  Usage,
} from "../../src/protocol/events.ts";
import type {
  AgentMessageItem,
  CollabToolCallItem,
  CommandExecutionItem,
  ErrorItem,
  FileChangeItem,
  KnownThreadItem,
  McpToolCallItem,
  ReasoningItem,
  TodoListItem,
  WebSearchItem,
} from "../../src/protocol/items.ts";

// The rules of src/protocol/event_rules.ts once more, in zod: an oracle for the tests.
// No object is closed, because a newer CLI may add keys.

const id = z.string();
const tokens = z.number();

const usage: z.ZodType<Usage> = z.object({
  input_tokens: tokens,
  cached_input_tokens: tokens,
  cache_write_input_tokens: tokens,
  output_tokens: tokens,
  reasoning_output_tokens: tokens,
});

const agentMessage: z.ZodType<AgentMessageItem> = z.object({
  id,
  type: z.literal("agent_message"),
  text: z.string(),
});

const reasoning: z.ZodType<ReasoningItem> = z.object({
  id,
  type: z.literal("reasoning"),
  text: z.string(),
});

const commandExecution: z.ZodType<CommandExecutionItem> = z.object({
  id,
  type: z.literal("command_execution"),
  command: z.string(),
  aggregated_output: z.string(),
  exit_code: z.number().nullish(),
  status: z.enum(["in_progress", "completed", "failed", "declined"]),
});

const fileChange: z.ZodType<FileChangeItem> = z.object({
  id,
  type: z.literal("file_change"),
  changes: z.array(z.object({
    path: z.string(),
    kind: z.enum(["add", "delete", "update"]),
  })),
  status: z.enum(["in_progress", "completed", "failed"]),
});

const mcpToolCall: z.ZodType<McpToolCallItem> = z.object({
  id,
  type: z.literal("mcp_tool_call"),
  server: z.string(),
  tool: z.string(),
  arguments: z.unknown().optional(),
  result: z.object({
    content: z.array(z.object({
      type: z.string(),
      text: z.string().optional(),
      data: z.string().optional(),
      mimeType: z.string().optional(),
    })),
    structured_content: z.unknown().optional(),
    _meta: z.unknown().optional(),
  }).nullish(),
  error: z.object({ message: z.string() }).nullish(),
  status: z.enum(["in_progress", "completed", "failed"]),
});

const collabToolCall: z.ZodType<CollabToolCallItem> = z.object({
  id,
  type: z.literal("collab_tool_call"),
  tool: z.string(),
  sender_thread_id: z.string(),
  receiver_thread_ids: z.array(z.string()),
  prompt: z.string().nullish(),
  agents_states: z.record(
    z.string(),
    z.object({ status: z.string(), message: z.string().nullish() }),
  ),
  status: z.enum(["in_progress", "completed", "failed"]),
});

const webSearch: z.ZodType<WebSearchItem> = z.object({
  id,
  type: z.literal("web_search"),
  query: z.string(),
  action: z.object({ type: z.string() }).nullish(),
});

const todoList: z.ZodType<TodoListItem> = z.object({
  id,
  type: z.literal("todo_list"),
  items: z.array(z.object({ text: z.string(), completed: z.boolean() })),
});

const errorItem: z.ZodType<ErrorItem> = z.object({
  id,
  type: z.literal("error"),
  message: z.string(),
});

/** The schema of each known kind of item, by its type. */
export const ITEM_SCHEMAS: {
  readonly [K in KnownThreadItem["type"]]: z.ZodType<
    Extract<KnownThreadItem, { type: K }>
  >;
} = {
  agent_message: agentMessage,
  reasoning,
  command_execution: commandExecution,
  file_change: fileChange,
  mcp_tool_call: mcpToolCall,
  collab_tool_call: collabToolCall,
  web_search: webSearch,
  todo_list: todoList,
  error: errorItem,
};

/** The schema of each known event without an item, by its type. */
export const EVENT_SCHEMAS: {
  readonly "thread.started": z.ZodType<ThreadStartedEvent>;
  readonly "turn.started": z.ZodType<TurnStartedEvent>;
  readonly "turn.completed": z.ZodType<TurnCompletedEvent>;
  readonly "turn.failed": z.ZodType<TurnFailedEvent>;
  readonly "error": z.ZodType<ThreadErrorEvent>;
} = {
  "thread.started": z.object({
    type: z.literal("thread.started"),
    thread_id: z.string(),
  }),
  "turn.started": z.object({ type: z.literal("turn.started") }),
  "turn.completed": z.object({
    type: z.literal("turn.completed"),
    usage,
  }),
  "turn.failed": z.object({
    type: z.literal("turn.failed"),
    error: z.object({ message: z.string() }),
  }),
  "error": z.object({ type: z.literal("error"), message: z.string() }),
};
