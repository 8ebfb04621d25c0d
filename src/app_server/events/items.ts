import { TOOL_SERVER_NAME } from "../../options/own_tools.ts";
import {
  isObject,
  type JsonObject,
  type JsonValue,
} from "../../protocol/json.ts";
import { toContentBlock } from "../tools/tool_responses.ts";

/** The statuses that `codex exec` names differently. */
const STATUSES: { readonly [status: string]: string } = {
  inProgress: "in_progress",
};

/** The kinds of items that `codex exec` does not show. */
const UNSHOWN: ReadonlySet<string> = new Set([
  "userMessage",
  "hookPrompt",
  "plan",
  "functionCallOutput",
  "subAgentActivity",
  "imageView",
  "sleep",
  "imageGeneration",
  "enteredReviewMode",
  "exitedReviewMode",
  "contextCompaction",
]);

/** Maps the fields of an item; returns `undefined` for an item that is not shown. */
type MapItem = (item: JsonObject) => JsonObject | undefined;

const MAPPINGS: { readonly [type: string]: MapItem } = {
  agentMessage: ({ text }) => ({ type: "agent_message", text: text ?? "" }),
  reasoning: ({ summary }) => {
    const text = Array.isArray(summary) ? summary.join("\n") : "";
    return text.trim() === "" ? undefined : { type: "reasoning", text };
  },
  commandExecution: ({ command, aggregatedOutput, exitCode, status }) => ({
    type: "command_execution",
    command: command ?? "",
    aggregated_output: aggregatedOutput ?? "",
    exit_code: exitCode ?? null,
    status: mapStatus(status),
  }),
  fileChange: ({ changes, status }) => ({
    type: "file_change",
    changes: Array.isArray(changes) ? changes.map(mapChange) : [],
    // A declined patch counts as failed, as with `codex exec`.
    status: status === "declined" ? "failed" : mapStatus(status),
  }),
  mcpToolCall: ({ server, tool, arguments: args, result, error, status }) => ({
    type: "mcp_tool_call",
    server: server ?? "",
    tool: tool ?? "",
    arguments: args ?? null,
    result: isObject(result) ? mapResult(result) : null,
    error: isObject(error) ? { message: error.message ?? "" } : null,
    status: mapStatus(status),
  }),
  // A function of the program; under `codex exec` it is a tool of an MCP server.
  dynamicToolCall: ({ namespace, tool, arguments: args, ...item }) => ({
    type: "mcp_tool_call",
    server: namespace ?? TOOL_SERVER_NAME,
    tool: tool ?? "",
    arguments: args ?? null,
    result: Array.isArray(item.contentItems)
      ? {
        content: item.contentItems.map(toContentBlock),
        structured_content: item.structuredContent ?? null,
      }
      : null,
    error: null,
    status: mapStatus(item.status),
  }),
  collabAgentToolCall: (item) => ({
    type: "collab_tool_call",
    tool: snakeCase(item.tool),
    sender_thread_id: item.senderThreadId ?? "",
    receiver_thread_ids: item.receiverThreadIds ?? [],
    prompt: item.prompt ?? null,
    agents_states: isObject(item.agentsStates)
      ? Object.fromEntries(
        Object.entries(item.agentsStates).map((
          [id, state],
        ) => [
          id,
          isObject(state)
            ? { ...state, status: snakeCase(state.status) }
            : state,
        ]),
      )
      : {},
    status: mapStatus(item.status),
  }),
  webSearch: ({ id, query, action }) => ({
    type: "web_search",
    // The search's own id overrides the item's, as in `codex exec`, which prints it last.
    id: id ?? "",
    query: query ?? "",
    action: isObject(action)
      ? { ...action, type: snakeCase(action.type) }
      : { type: "other" },
  }),
};

/**
 * Maps an item of the server to the form in which `codex exec` prints it, not yet validated.
 * Returns `undefined` for an item that `codex exec` does not print. An item of an unknown
 * kind keeps all of its fields.
 */
export function toExecItem(
  item: JsonObject,
  id: () => string,
): JsonObject | undefined {
  const { type } = item;
  if (typeof type !== "string" || UNSHOWN.has(type)) return undefined;
  const map = Object.hasOwn(MAPPINGS, type) ? MAPPINGS[type] : undefined;
  if (map === undefined) return { ...item, id: id() };
  const mapped = map(item);
  return mapped && { id: id(), ...mapped };
}

function mapStatus(status: JsonValue | undefined): JsonValue {
  if (typeof status !== "string") return "in_progress";
  return STATUSES[status] ?? status;
}

function mapChange(change: JsonValue): JsonValue {
  if (!isObject(change)) return change;
  const { path, kind } = change;
  return {
    path: path ?? "",
    kind: isObject(kind) ? kind.type ?? "" : kind ?? "",
  };
}

function mapResult(result: JsonObject): JsonObject {
  const { content, structuredContent, _meta } = result;
  return {
    content: content ?? [],
    structured_content: structuredContent ?? null,
    ...(_meta === undefined || _meta === null ? {} : { _meta }),
  };
}

/** Converts a name from camel case to snake case, such as `findInPage` to `find_in_page`. */
function snakeCase(word: JsonValue | undefined): string {
  if (typeof word !== "string") return "other";
  return word.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
