import { assertEquals } from "@std/assert";
import type { AgentApproval } from "../../src/ai/agent_client.ts";
import type { ApprovalQuestion } from "../../src/ai/bridge/questions.ts";
import { StepMapper } from "../../src/ai/bridge/step_mapper.ts";
import { PartMapper } from "../../src/ai/part_mapper.ts";
import type { AiPart } from "../../src/ai/model_types.ts";
import type { ThreadItem } from "../../src/protocol/items.ts";
import { BEGUN, completed, makeTurn, ran, show, started } from "./support.ts";

/** Creates a mapper of a turn that has begun. */
function begin(hasRawChunks = false): StepMapper {
  const mapper = new StepMapper(
    new PartMapper({
      toolParts: "shown",
      commentary: "text",
      form: "text",
      tag: "tag",
      modelId: "codex",
      hasRawChunks,
    }),
    { tools: new Set(["lookup"]), hasApprovals: true },
  );
  for (const event of BEGUN) mapper.add(event);
  return mapper;
}

/** Returns a question about an approval request, whose answer is ignored. */
function ask(
  id: string,
  request: Partial<AgentApproval> & Pick<AgentApproval, "type">,
): ApprovalQuestion {
  return {
    type: "approval",
    id,
    request: { itemId: "item_1", reason: null, ...request },
    answer: () => {},
  };
}

/** Formats calls, their results, and requests with the ids of their calls. */
function showAll(parts: readonly AiPart[]): string[] {
  return parts.flatMap((part) =>
    part.type === "tool-approval-request"
      ? [`request ${part.approvalId} of ${part.toolCallId}`]
      : show([part])
  );
}

/** Returns a completed call of an MCP tool. */
function called(server: string, input: object): ThreadItem {
  return {
    id: "item_1",
    type: "mcp_tool_call",
    server,
    tool: "lookup",
    arguments: input,
    result: { content: [], structured_content: null },
    error: null,
    status: "completed",
  } as unknown as ThreadItem;
}

Deno.test("A request that is not about an item's own call has a separate call and result", () => {
  const mapper = begin();
  mapper.add(started(ran("item_1")));
  const command = "true";
  const network = { host: "example.org", protocol: "https" };
  const questions = [
    ask("n", { type: "command", command, network }),
    ask("t", { type: "terminal_input", input: "yes\n" }),
    ask("a", { type: "command", command: "rm -r x", itemId: "" }),
    ask("f", { type: "later" }),
  ];
  assertEquals(showAll(mapper.pause(questions)), [
    'call tag_1_n network_access {"host":"example.org","protocol":"https","command":"true"}',
    "request n of tag_1_n",
    'call tag_1_t terminal_input {"input":"yes\\n"}',
    "request t of tag_1_t",
    'call tag_1_a shell {"command":"rm -r x"}',
    "request a of tag_1_a",
    'call tag_1_f later {"input":""}',
    "request f of tag_1_f",
  ]);
  mapper.beginStep(true);
  const decided = questions.map((question) =>
    showAll(mapper.decide(question, question.id !== "t"))
  );
  assertEquals(decided, [
    ['result tag_1_n {"approved":true}'],
    [],
    ['result tag_1_a {"approved":true}'],
    ['result tag_1_f {"approved":true}'],
  ]);
  assertEquals(showAll(mapper.add(completed(ran("item_1")))), [
    'result tag_1_item_1 {"output":"out","exitCode":0}',
  ]);
});

Deno.test("A request refers to the shown call if it matches, and to a new call if it does not", () => {
  const mapper = begin();
  mapper.add(started(ran("item_1")));
  const same = ask("s", { type: "command", command: "true", network: null });
  const other = ask("o", { type: "command", command: "false" });
  assertEquals(showAll(mapper.pause([same, other])), [
    "request s of tag_1_item_1",
    'call tag_1_o shell {"command":"false"}',
    "request o of tag_1_o",
  ]);
});

Deno.test("A call of the agent that spans steps has its result in the step in which it ends", () => {
  for (const isStreamed of [true, false]) {
    const mapper = begin();
    const call = "call tag_1_item_1 shell";
    const result = 'result tag_1_item_1 {"output":"out","exitCode":0}';
    assertEquals(showAll(mapper.add(started(ran("item_1")))), [
      `${call} {"command":"true"}`,
    ]);
    assertEquals(showAll(mapper.pause([])), []);
    mapper.beginStep(isStreamed);
    // In a generated answer, the AI SDK looks up the call of each result.
    assertEquals(showAll(mapper.add(completed(ran("item_1")))), [
      ...isStreamed ? [] : [`${call} {"command":"true"}`],
      result,
    ]);
  }
});

Deno.test("A file change without a diff is shown when it is completed", () => {
  const mapper = begin();
  const item = {
    id: "item_1",
    type: "file_change",
    changes: [{ path: "a", kind: "add" }],
    status: "completed",
  } as ThreadItem;
  assertEquals(showAll(mapper.add(started(item))), []);
  assertEquals(showAll(mapper.add(completed(item))).length, 2);
});

Deno.test("Each event is passed on if that is requested, even without another part", () => {
  const event = started(called("host", {}));
  assertEquals(begin(true).add(event), [{ type: "raw", rawValue: event }]);
});

Deno.test("A call that was handed out is not repeated, unlike others with its name", () => {
  const mapper = begin();
  const input = { article: "7" };
  mapper.add(started(called("host", input)));
  mapper.pause([{
    type: "call",
    id: "call",
    toolName: "lookup",
    input,
    answer: () => {},
    reject: () => {},
  }]);
  mapper.beginStep(true);
  assertEquals(showAll(mapper.add(completed(called("host", input)))), []);
  assertEquals(
    showAll(mapper.add(completed(called("tickets", input))))[0],
    'call tag_1_item_1 mcp__tickets__lookup {"article":"7"}',
  );
  assertEquals(showAll(mapper.end(makeTurn(""))), []);
});
