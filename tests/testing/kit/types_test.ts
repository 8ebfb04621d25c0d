import { assertEquals } from "@std/assert";
import type { CommandExecutionItem, KnownThreadItem } from "../../../mod.ts";
import { Codex } from "../../../mod.ts";
import type { CodexAppServer } from "../../../app_server.ts";
import {
  agentMessage,
  collabToolCall,
  commandExecution,
  failure,
  fakeCodex,
  fakeCodexAppServer,
  fileChange,
  mcpToolCall,
  needsApproval,
  type PlayedRequest,
  reasoning,
  replay,
  structuredAnswer,
  todoList,
  type Transport,
  turnCompleted,
  unknownItem,
  usage,
  webSearch,
} from "../../../testing.ts";
import { eventRules } from "../../../src/protocol/event_rules.ts";

Deno.test("A wrong field of an item, or of a script, does not compile", () => {
  const wrong = (): unknown[] => [
    // @ts-expect-error The field is called exit_code.
    commandExecution({ command: "ls", exitCode: 1 }),
    // @ts-expect-error A command is required.
    commandExecution({ exit_code: 1 }),
    // @ts-expect-error This status does not exist.
    commandExecution({ command: "ls", status: "done" }),
    // @ts-expect-error A patch is never declined.
    fileChange({ changes: ["a"], status: "declined" }),
    // @ts-expect-error This kind does not exist.
    fileChange({ changes: [{ path: "a", kind: "rename" }] }),
    // @ts-expect-error A call requires a server.
    mcpToolCall({ tool: "t" }),
    // @ts-expect-error A message is a string.
    agentMessage({ text: "a" }),
    // @ts-expect-error The field is called completed.
    todoList([{ text: "a", done: true }]),
    // @ts-expect-error The field is called output_tokens.
    usage({ outputTokens: 1 }),
    // @ts-expect-error A total requires every field.
    turnCompleted({ output_tokens: 1 }),
    // @ts-expect-error This reason does not exist.
    failure("bad_luck"),
    // @ts-expect-error A string is not a turn.
    fakeCodex(["Done"]),
    // @ts-expect-error codex exec does not ask for approval.
    fakeCodex([needsApproval(commandExecution({ command: "ls" }))]),
    // @ts-expect-error The option is called scrub and belongs to record().
    replay("a.jsonl", { scrub: [] }),
    // @ts-expect-error A search needs no approval.
    needsApproval(webSearch("a")),
  ];
  assertEquals(typeof wrong, "function");
});

Deno.test("Fake clients have the package's types, and requests have the fields of a turn", () => {
  const takesClient = (codex: Codex): Codex => codex;
  const takesServer = (codex: CodexAppServer): CodexAppServer => codex;
  const item: CommandExecutionItem = commandExecution({ command: "ls" });
  const onRequest = (request: PlayedRequest) =>
    request.outputSchema === undefined
      ? [item, agentMessage(request.prompt)]
      : structuredAnswer({ images: request.images.length });
  takesClient(fakeCodex(onRequest));
  takesServer(fakeCodexAppServer(onRequest));
  const transport: Transport = {
    async *runTurn({ signal: _ }) {
      yield { events: [turnCompleted()], diagnostics: [] };
      return { type: "exited", process: null, lingered: false };
    },
    redact: (text) => text,
  };
  takesClient(new Codex({}, transport));
});

Deno.test("Built items match the package's rules for items", () => {
  const items: KnownThreadItem[] = [
    agentMessage("a"),
    reasoning("a"),
    commandExecution({ command: "a" }),
    fileChange({ changes: ["a"] }),
    mcpToolCall({ server: "a", tool: "b", result: "c" }),
    collabToolCall({ tool: "a" }),
    webSearch("a"),
    todoList(["a"]),
  ];
  const rules = eventRules().items;
  for (const item of items) {
    assertEquals([item.type, rules[item.type].matches(item)], [
      item.type,
      true,
    ]);
  }
  assertEquals(unknownItem({ id: "x", type: "y" }).item_type, "y");
  const statuses = [
    commandExecution({ command: "a" }),
    commandExecution({ command: "a", exit_code: 3 }),
    commandExecution({ command: "a", status: "failed" }),
    commandExecution({ command: "a", status: "in_progress" }),
    commandExecution({ command: "a", status: "declined" }),
  ].map(({ status, exit_code }) => [status, exit_code]);
  assertEquals(statuses, [
    ["completed", 0],
    ["failed", 3],
    ["failed", 1],
    ["in_progress", null],
    ["declined", null],
  ]);
  const failed = mcpToolCall({
    server: "a",
    tool: "b",
    error: { message: "No" },
  });
  assertEquals(failed.status, "failed");
});
