import type {
  KnownThreadEvent,
  ThreadError,
  ThreadErrorEvent,
  ThreadStartedEvent,
  TurnCompletedEvent,
  TurnFailedEvent,
  TurnStartedEvent,
  Usage,
} from "./events.ts";
import type {
  AgentMessageItem,
  CollabAgentState,
  CollabToolCallItem,
  CommandExecutionItem,
  ErrorItem,
  FileChangeItem,
  FileUpdateChange,
  KnownThreadItem,
  McpContentBlock,
  McpToolCallItem,
  McpToolCallResult,
  ReasoningItem,
  TodoItem,
  TodoListItem,
  WebSearchItem,
} from "./items.ts";
import {
  anything,
  boolean,
  list,
  literal,
  nullish,
  number,
  object,
  optional,
  record,
  type Rule,
  text,
} from "./rule.ts";

// The types are written by hand and the compiler checks the rules against them, never
// the other way round. Rules only check: values are delivered unchanged.

/** The rule for each kind of a union, by its type. */
type RulesOf<Union extends { type: string }> = {
  readonly [K in Union["type"]]: Rule<Extract<Union, { type: K }>>;
};

/** The rules for all events and items that this version knows. */
export interface EventRules {
  /** The rule for each known kind of item. */
  readonly items: RulesOf<KnownThreadItem>;
  /** The rule for each known event that carries no item. */
  readonly events: RulesOf<Exclude<KnownThreadEvent, { item: unknown }>>;
}

/** The events that carry an item, which is checked separately. */
export const ITEM_EVENT_TYPES: ReadonlySet<string> = new Set([
  "item.started",
  "item.updated",
  "item.completed",
]);

let rules: EventRules | undefined;

/**
 * Returns the rules. They are built on first use, which takes 0.4 ms: loading the package
 * should not wait for that, and reducing events does not need them.
 */
export function eventRules(): EventRules {
  rules ??= { items: makeItemRules(), events: makeEventRules() };
  return rules;
}

function makeItemRules(): EventRules["items"] {
  const progress = literal("in_progress", "completed", "failed");
  return {
    agent_message: object<AgentMessageItem>({
      id: text,
      type: literal("agent_message"),
      text,
    }),
    reasoning: object<ReasoningItem>({
      id: text,
      type: literal("reasoning"),
      text,
    }),
    command_execution: object<CommandExecutionItem>({
      id: text,
      type: literal("command_execution"),
      command: text,
      aggregated_output: text,
      // It is null while the command runs (facts F6).
      exit_code: nullish(number),
      status: literal("in_progress", "completed", "failed", "declined"),
    }),
    file_change: object<FileChangeItem>({
      id: text,
      type: literal("file_change"),
      changes: list(object<FileUpdateChange>({
        path: text,
        kind: literal("add", "delete", "update"),
      })),
      status: progress,
    }),
    mcp_tool_call: object<McpToolCallItem>({
      id: text,
      type: literal("mcp_tool_call"),
      server: text,
      tool: text,
      arguments: anything,
      result: nullish(object<McpToolCallResult>({
        content: list(object<McpContentBlock>({
          type: text,
          text: optional(text),
          data: optional(text),
          mimeType: optional(text),
        })),
        structured_content: anything,
        _meta: anything,
      })),
      error: nullish(object<ThreadError>({ message: text })),
      status: progress,
    }),
    collab_tool_call: object<CollabToolCallItem>({
      id: text,
      type: literal("collab_tool_call"),
      tool: text,
      sender_thread_id: text,
      receiver_thread_ids: list(text),
      prompt: nullish(text),
      agents_states: record(object<CollabAgentState>({
        status: text,
        message: nullish(text),
      })),
      status: progress,
    }),
    web_search: object<WebSearchItem>({
      id: text,
      type: literal("web_search"),
      query: text,
      action: nullish(
        object<NonNullable<WebSearchItem["action"]>>({ type: text }),
      ),
    }),
    todo_list: object<TodoListItem>({
      id: text,
      type: literal("todo_list"),
      items: list(object<TodoItem>({ text, completed: boolean })),
    }),
    error: object<ErrorItem>({
      id: text,
      type: literal("error"),
      message: text,
    }),
  };
}

function makeEventRules(): EventRules["events"] {
  return {
    "thread.started": object<ThreadStartedEvent>({
      type: literal("thread.started"),
      thread_id: text,
    }),
    "turn.started": object<TurnStartedEvent>({ type: literal("turn.started") }),
    "turn.completed": object<TurnCompletedEvent>({
      type: literal("turn.completed"),
      usage: object<Usage>({
        input_tokens: number,
        cached_input_tokens: number,
        cache_write_input_tokens: number,
        output_tokens: number,
        reasoning_output_tokens: number,
      }),
    }),
    "turn.failed": object<TurnFailedEvent>({
      type: literal("turn.failed"),
      error: object<ThreadError>({ message: text }),
    }),
    "error": object<ThreadErrorEvent>({
      type: literal("error"),
      message: text,
    }),
  };
}
