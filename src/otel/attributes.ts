import { CodexError } from "../errors/codex_error.ts";
import { CodexTurnError } from "../errors/turn_errors.ts";
import type { BegunTurn, EndedTurn } from "../options/listeners.ts";
import type { Usage } from "../protocol/events.ts";
import type { ThreadItem } from "../protocol/items.ts";
import type { SpanAttribute } from "./tracer.ts";

/** The attributes of a span, by name. */
export type SpanAttributes = { [name: string]: SpanAttribute };

/** The agent's name, for the attribute and the span's name of the conventions. */
export const AGENT = "codex";

/** Returns the attributes of a turn that begins. */
export function begunAttributes(
  { threadId, prompt, model }: BegunTurn,
  hasContent: boolean,
): SpanAttributes {
  return {
    "gen_ai.operation.name": "invoke_agent",
    "gen_ai.provider.name": "openai",
    "gen_ai.agent.name": AGENT,
    ...threadId !== null && { "gen_ai.conversation.id": threadId },
    ...model !== undefined && { "gen_ai.request.model": model },
    ...hasContent && {
      "gen_ai.input.messages": JSON.stringify([message("user", prompt)]),
    },
  };
}

/** Returns the attributes of a turn that has ended. */
export function endedAttributes(
  { threadId, turnUsage, finalResponse, error }: EndedTurn,
  hasContent: boolean,
): SpanAttributes {
  return {
    ...threadId !== null && { "gen_ai.conversation.id": threadId },
    ...turnUsage !== null && usageAttributes(turnUsage),
    ...hasContent && finalResponse !== "" && {
      "gen_ai.output.messages": JSON.stringify([
        message("assistant", finalResponse),
      ]),
    },
    ...error instanceof CodexError && { "error.type": error.code },
    ...error instanceof CodexTurnError && { "codex.reason": error.reason },
  };
}

/** Returns the attributes of a turn's token usage. */
function usageAttributes(usage: Usage): SpanAttributes {
  return {
    "gen_ai.usage.input_tokens": usage.input_tokens,
    "gen_ai.usage.cache_read.input_tokens": usage.cached_input_tokens,
    "gen_ai.usage.cache_creation.input_tokens": usage.cache_write_input_tokens,
    "gen_ai.usage.output_tokens": usage.output_tokens,
    "codex.usage.reasoning_output_tokens": usage.reasoning_output_tokens,
  };
}

/** Creates a message in the form of the conventions. */
function message(role: string, content: string): object {
  return { role, parts: [{ type: "text", content }] };
}

/** The data of an item's span. */
export interface TracedItem {
  /** The name of its span. */
  readonly name: string;
  /** The attributes of its span. */
  readonly attributes: SpanAttributes;
  /** The kind of failure; `undefined` if it did not fail. */
  readonly failure: string | undefined;
}

/**
 * Maps an item to the data of its span: commands, patches, searches and tool calls are tool
 * executions; other items are named after their type.
 *
 * @param hasContent `true` to include commands, outputs and texts.
 */
export function traceItem(item: ThreadItem, hasContent: boolean): TracedItem {
  const text = (name: string, value: unknown): SpanAttributes =>
    hasContent && value !== undefined && value !== null && value !== ""
      ? { [name]: typeof value === "string" ? value : JSON.stringify(value) }
      : {};
  switch (item.type) {
    case "command_execution":
      return toolSpan("shell", item.id, {
        ...text("gen_ai.tool.call.arguments", item.command),
        ...text("gen_ai.tool.call.result", item.aggregated_output),
        ...typeof item.exit_code === "number" && {
          "process.exit.code": item.exit_code,
        },
      }, mapFailedStatus(item.status));
    case "file_change":
      return toolSpan("apply_patch", item.id, {
        ...text("gen_ai.tool.call.arguments", item.changes),
        "codex.changed_files": item.changes.length,
      }, mapFailedStatus(item.status));
    case "mcp_tool_call":
      return toolSpan(`mcp__${item.server}__${item.tool}`, item.id, {
        ...text("gen_ai.tool.call.arguments", item.arguments),
        ...text("gen_ai.tool.call.result", item.result?.content),
      }, mapFailedStatus(item.status));
    case "web_search":
      return toolSpan(
        "web_search",
        item.id,
        text("gen_ai.tool.call.arguments", item.query),
        undefined,
      );
    case "collab_tool_call":
      return toolSpan(
        item.tool,
        item.id,
        text("gen_ai.tool.call.arguments", item.prompt),
        mapFailedStatus(item.status),
      );
    case "agent_message":
    case "reasoning":
      return itemSpan(item.type, text("codex.text", item.text));
    case "error":
      return {
        ...itemSpan(item.type, text("codex.text", item.message)),
        failure: "error",
      };
    default:
      return itemSpan(item.type, {});
  }
}

function toolSpan(
  tool: string,
  id: string,
  attributes: SpanAttributes,
  failure: string | undefined,
): TracedItem {
  return {
    name: `execute_tool ${tool}`,
    attributes: {
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": tool,
      "gen_ai.tool.call.id": id,
      ...attributes,
    },
    failure,
  };
}

function itemSpan(type: string, attributes: SpanAttributes): TracedItem {
  return { name: `codex.${type}`, attributes, failure: undefined };
}

/** Returns the status of an item that failed or was declined, else `undefined`. */
function mapFailedStatus(status: string): string | undefined {
  return status === "failed" || status === "declined" ? status : undefined;
}
