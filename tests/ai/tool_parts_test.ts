import { assertEquals } from "@std/assert";
import { readToolWork } from "../../src/ai/tool_parts.ts";
import type { ThreadItem } from "../../src/protocol/items.ts";
import { ran } from "./support.ts";

/** Reads an item and returns the four fields of its tool call. */
function read(item: ThreadItem): unknown {
  const work = readToolWork(item);
  return work && [work.toolName, work.input, work.result, work.isError];
}

Deno.test("A nonzero exit code is not an error, but a declined command is", () => {
  const output = { output: "out", exitCode: 3 };
  assertEquals(read(ran("c", 3)), [
    "shell",
    { command: "true" },
    output,
    false,
  ]);
  assertEquals(
    read({ ...ran("c"), status: "declined" } as ThreadItem),
    ["shell", { command: "true" }, "Not approved", true],
  );
});

Deno.test("A failed patch is an error", () => {
  const changes = [{ path: "a", kind: "add" as const }];
  const patch = { id: "p", type: "file_change", changes } as const;
  assertEquals(
    read({ ...patch, status: "completed" }),
    ["apply_patch", { changes }, { changes, status: "completed" }, false],
  );
  assertEquals(
    read({ ...patch, status: "failed" }),
    ["apply_patch", { changes }, "The patch was not applied", true],
  );
});

Deno.test("A call of an MCP tool has its arguments, and its answer or error", () => {
  const call = {
    id: "m",
    type: "mcp_tool_call",
    server: "docs",
    tool: "find",
    arguments: { q: "x" },
    status: "completed",
  } as const;
  const content = [{ type: "text", text: "found" }];
  const name = "mcp__docs__find";
  assertEquals(
    read({ ...call, result: { content, structured_content: { n: 1 } } }),
    [name, { q: "x" }, { n: 1 }, false],
  );
  assertEquals(
    read({ ...call, result: { content, structured_content: null } }),
    [name, { q: "x" }, { content }, false],
  );
  assertEquals(
    read({ ...call, arguments: undefined, result: null }),
    [name, {}, {}, false],
  );
  assertEquals(
    read({ ...call, arguments: [1], result: null }),
    [name, { value: [1] }, {}, false],
  );
  assertEquals(
    read({ ...call, status: "failed", error: { message: "No" } }),
    [name, { q: "x" }, "No", true],
  );
  assertEquals(
    read({ ...call, status: "failed", error: null }),
    [name, { q: "x" }, "The tool call failed", true],
  );
});

Deno.test("A call between agents has the agents' states as its result", () => {
  const call = {
    id: "a",
    type: "collab_tool_call",
    tool: "wait",
    sender_thread_id: "1",
    receiver_thread_ids: ["2"],
    agents_states: { 2: { status: "done" } },
  } as const;
  const item: ThreadItem = {
    ...call,
    receiver_thread_ids: ["2"],
    status: "completed",
  };
  const input = { threadIds: ["2"], prompt: null };
  assertEquals(
    read(item),
    ["wait", input, { agents: { 2: { status: "done" } } }, false],
  );
  assertEquals(
    read({ ...item, status: "failed" }),
    ["wait", input, "The call between agents failed", true],
  );
});

Deno.test("Searches and unknown items are tools, unlike messages, reasoning and errors", () => {
  const action = { type: "search" };
  assertEquals(
    read({ id: "w", type: "web_search", query: "q", action }),
    ["web_search", { query: "q" }, { query: "q", action }, false],
  );
  assertEquals(
    read({ id: "u", type: "unknown", item_type: "new", raw: { x: 1 } }),
    ["new", {}, { item: { x: 1 } }, false],
  );
  assertEquals(
    read({ id: "u", type: "unknown", item_type: "", raw: 1 }),
    ["unknown", {}, { item: 1 }, false],
  );
  assertEquals(read({ id: "m", type: "agent_message", text: "x" }), undefined);
  assertEquals(read({ id: "r", type: "reasoning", text: "x" }), undefined);
  assertEquals(read({ id: "e", type: "error", message: "x" }), undefined);
});
