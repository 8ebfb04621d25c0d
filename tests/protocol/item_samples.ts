import type { KnownThreadItem } from "../../src/protocol/items.ts";
import type { JsonValue } from "../../src/protocol/json.ts";
import { type Kinds, NO_TEXT } from "./sample.ts";

const NO_STATUS: readonly JsonValue[] = [null, 1, "", "running", "Completed"];

/** A sample of every known kind of item. */
export const ITEM_SAMPLES: Kinds<KnownThreadItem> = {
  agent_message: {
    full: { id: "item_1", type: "agent_message", text: "Hello" },
    required: { id: NO_TEXT, text: NO_TEXT },
    optional: {},
  },
  reasoning: {
    full: { id: "item_1", type: "reasoning", text: "Hm" },
    required: { id: NO_TEXT, text: NO_TEXT },
    optional: {},
  },
  command_execution: {
    full: {
      id: "item_1",
      type: "command_execution",
      command: "ls",
      aggregated_output: "a\n",
      exit_code: 0,
      status: "completed",
    },
    required: {
      id: NO_TEXT,
      command: NO_TEXT,
      aggregated_output: NO_TEXT,
      status: NO_STATUS,
    },
    optional: { exit_code: ["0", true, {}, []] },
  },
  file_change: {
    full: {
      id: "item_1",
      type: "file_change",
      changes: [{ path: "/repo/a", kind: "add" }],
      status: "completed",
    },
    required: {
      id: NO_TEXT,
      changes: [
        null,
        {},
        "a",
        [null],
        [{ path: "/repo/a" }],
        [{ path: 1, kind: "add" }],
        [{ path: "/repo/a", kind: "rename" }],
      ],
      status: [...NO_STATUS, "declined"],
    },
    optional: {},
  },
  mcp_tool_call: {
    full: {
      id: "item_1",
      type: "mcp_tool_call",
      server: "probe",
      tool: "add",
      arguments: { a: 2 },
      result: {
        content: [{ type: "text", text: "5", annotations: {} }],
        structured_content: { sum: 5 },
        _meta: {},
      },
      error: { message: "no" },
      status: "completed",
    },
    required: {
      id: NO_TEXT,
      server: NO_TEXT,
      tool: NO_TEXT,
      status: [...NO_STATUS, "declined"],
    },
    optional: {
      arguments: [],
      result: [
        "5",
        [],
        {},
        { content: null },
        { content: ["5"] },
        { content: [{}] },
        { content: [{ type: "text", text: 5 }] },
        { content: [{ type: "image", data: 5 }] },
        { content: [{ type: "image", mimeType: 5 }] },
      ],
      error: ["no", [], {}, { message: null }],
    },
  },
  collab_tool_call: {
    full: {
      id: "item_1",
      type: "collab_tool_call",
      tool: "spawn_agent",
      sender_thread_id: "a",
      receiver_thread_ids: ["b"],
      prompt: "Look",
      agents_states: { b: { status: "running", message: null } },
      status: "in_progress",
    },
    required: {
      id: NO_TEXT,
      tool: NO_TEXT,
      sender_thread_id: NO_TEXT,
      receiver_thread_ids: [null, "b", {}, [1], [null]],
      agents_states: [
        null,
        [],
        "b",
        { b: null },
        { b: {} },
        { b: { status: 1 } },
        { b: { status: "running", message: 1 } },
      ],
      status: [...NO_STATUS, "declined"],
    },
    optional: { prompt: [1, {}, []] },
  },
  web_search: {
    full: {
      id: "ws_1",
      type: "web_search",
      query: "codex",
      action: { type: "search", queries: ["codex"] },
    },
    required: { id: NO_TEXT, query: NO_TEXT },
    optional: { action: ["search", [], {}, { type: null }] },
  },
  todo_list: {
    full: {
      id: "item_1",
      type: "todo_list",
      items: [{ text: "a", completed: false }],
    },
    required: {
      id: NO_TEXT,
      items: [
        null,
        {},
        [null],
        [{ text: "a" }],
        [{ completed: true }],
        [{ text: "a", completed: "no" }],
      ],
    },
    optional: {},
  },
  error: {
    full: { id: "item_1", type: "error", message: "unknown model" },
    required: { id: NO_TEXT, message: NO_TEXT },
    optional: {},
  },
};
