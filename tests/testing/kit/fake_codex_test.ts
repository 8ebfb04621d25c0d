import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertMatch,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import * as z from "zod";
import {
  Codex,
  CodexCancelledError,
  CodexError,
  CodexExecError,
  CodexExecutableNotFoundError,
  CodexIdleTimeoutError,
  CodexIncompleteTurnError,
  CodexInputError,
  CodexInterruptedError,
  CodexLineTooLongError,
  CodexPermissionError,
  CodexProtocolError,
  CodexStructuredResponseError,
  CodexThreadBusyError,
  CodexThreadNotFoundError,
  CodexThreadNotResumableError,
  CodexThreadRunError,
  CodexTimeoutError,
  CodexTurnError,
  type FailureReason,
  type ThreadEvent,
} from "../../../mod.ts";
import {
  agentMessage,
  collabToolCall,
  commandExecution,
  ends,
  errorEvent,
  errorItem,
  exits,
  failure,
  fakeCodex,
  fileChange,
  hang,
  itemDelta,
  mcpToolCall,
  notStarted,
  pause,
  type PlayedStep,
  type PlayedTurn,
  reasoning,
  structuredAnswer,
  threadRejected,
  todoList,
  turnCompleted,
  turnFailed,
  turnStarted,
  unknownEvent,
  unknownItem,
  usage,
  webSearch,
} from "../../../testing.ts";
import { countedController } from "../../../src/testing/counted_signal.ts";
import { FAILURE_MESSAGES } from "../../../src/testing/kit/play/failure_messages.ts";

const ID = "01a204fd-5d2f-7c33-a821-7f8c92f2a0ef";

/** Returns the types of a turn's events, with those of their items. */
function kinds(events: readonly ThreadEvent[]): string[] {
  return events.map((event) =>
    "item" in event ? `${event.type} ${event.item.type}` : event.type
  );
}

async function collectEvents(
  turn: PlayedTurn,
): Promise<{ events: ThreadEvent[]; error: unknown }> {
  const streamed = await fakeCodex([turn]).startThread().runStreamed("Go");
  const events: ThreadEvent[] = [];
  try {
    for await (const event of streamed) events.push(event);
    return { events, error: undefined };
  } catch (error) {
    return { events, error };
  }
}

async function catchError(turn: PlayedTurn, options = {}): Promise<unknown> {
  try {
    await fakeCodex([turn]).startThread().run("Go", options);
  } catch (error) {
    return error;
  }
  throw new Error("The turn did not fail");
}

Deno.test("A fake client is a Codex, and runs the package's own threads", async () => {
  const codex = fakeCodex([agentMessage("Done")]);
  assertInstanceOf(codex, Codex);
  const thread = codex.startThread();
  assertEquals(thread.id, null);
  const turn = await thread.run("Go");
  assertEquals(turn.finalResponse, "Done");
  assertEquals(turn.threadId, thread.id);
  assertEquals(turn.turnUsage, usage());
  assertEquals(turn.warnings, []);
  assertEquals(turn.diagnostics, []);
});

Deno.test("A turn has the events that the CLI prints", async () => {
  const { events } = await collectEvents([
    reasoning("Let me see"),
    todoList(["Look", "Act"]),
    commandExecution({ command: "ls", aggregated_output: "a\n" }),
    todoList([{ text: "Look", completed: true }, "Act"]),
    fileChange({ changes: ["a.ts", { path: "b.ts", kind: "add" }] }),
    mcpToolCall({ server: "s", tool: "t", result: "5" }),
    webSearch("codex"),
    collabToolCall({ tool: "wait" }),
    errorItem("Careful"),
    agentMessage("Done"),
  ]);
  assertEquals(kinds(events), [
    "thread.started",
    "turn.started",
    "item.completed reasoning",
    "item.started todo_list",
    "item.started command_execution",
    "item.completed command_execution",
    "item.updated todo_list",
    "item.started file_change",
    "item.completed file_change",
    "item.started mcp_tool_call",
    "item.completed mcp_tool_call",
    "item.started web_search",
    "item.completed web_search",
    "item.started collab_tool_call",
    "item.completed collab_tool_call",
    "item.completed error",
    "item.completed agent_message",
    "item.completed todo_list",
    "turn.completed",
  ]);
  const ids = events.flatMap((event) =>
    event.type === "item.completed" ? event.item.id : []
  );
  assertEquals(ids, [0, 2, 3, 4, 5, 6, 7, 8, 1].map((n) => `item_${n}`));
});

Deno.test("An item in progress starts, and completes later or never", async () => {
  const id = "tool";
  const { events } = await collectEvents([
    commandExecution({ id, command: "ls", status: "in_progress" }),
    pause(1),
    commandExecution({ id, command: "ls", exit_code: 2 }),
    commandExecution({ command: "sleep 9", status: "in_progress" }),
  ]);
  assertEquals(kinds(events).slice(2, -1), [
    "item.started command_execution",
    "item.completed command_execution",
    "item.started command_execution",
  ]);
});

Deno.test("A turn with an explicit turn.started starts once, even if its script has no thread.started", async () => {
  const { events } = await collectEvents([turnStarted(), agentMessage(".")]);
  assertEquals(kinds(events), [
    "thread.started",
    "turn.started",
    "item.completed agent_message",
    "turn.completed",
  ]);
});

Deno.test("A step that a played turn cannot do is rejected", async () => {
  const step = { play: "reads_stdin" } as unknown as PlayedStep;
  const error = await assertRejects(
    () => fakeCodex([step]).startThread().run("Go"),
    CodexTurnError,
  );
  assertEquals(
    error.message,
    'A played turn cannot do the step "reads_stdin": it has no process',
  );
});

Deno.test("Usage adds up over a thread, including resumed threads and forks", async () => {
  const codex = fakeCodex(
    () => [agentMessage("."), usage({ output_tokens: 7 })],
  );
  const thread = codex.startThread();
  await thread.run("1");
  const second = await thread.run("2");
  assertEquals(second.usage, usage({ input_tokens: 20, output_tokens: 14 }));
  assertEquals(second.turnUsage, usage({ output_tokens: 7 }));
  const other = await codex.startThread().run("3");
  assertEquals(other.usage, usage({ output_tokens: 7 }));
  const fork = thread.fork();
  const copied = await fork.run("4");
  assert(fork.id !== thread.id);
  assertEquals(copied.usage, usage({ input_tokens: 30, output_tokens: 21 }));
  assertEquals(copied.turnUsage, usage({ output_tokens: 7 }));
  const resumed = await codex.resumeThread(ID, { usageBefore: usage() })
    .run("5");
  assertEquals(resumed.threadId, ID);
  assertEquals(resumed.usage, usage({ input_tokens: 20, output_tokens: 12 }));
  assertEquals(resumed.turnUsage, usage({ output_tokens: 7 }));
  const unknown = codex.resumeThread(ID.replace("01a", "01b"));
  assertEquals((await unknown.run("6")).turnUsage, null);
});

Deno.test("resumeLast resumes the most recently used thread, and a review has no usage", async () => {
  const codex = fakeCodex(() => agentMessage("."));
  const fresh = codex.resumeLast();
  await fresh.run("1");
  const last = codex.resumeLast();
  await last.run("2");
  assertEquals(last.id, fresh.id);
  const review = await codex.startThread().review({ base: "main" });
  assertEquals(review.usage, null);
  assertEquals(codex.requests[0]?.origin, { type: "last" });
  assertEquals(codex.requests[2]?.review, { base: "main" });
});

Deno.test("Requests record what was asked", async () => {
  const codex = fakeCodex(() => agentMessage('{"a":1}'));
  const thread = codex.startThread({
    model: "gpt-x",
    sandboxMode: "read-only",
  });
  const outputSchema = {
    type: "object",
    properties: { a: { type: "number" } },
    required: ["a"],
    additionalProperties: false,
  };
  const png = Uint8Array.from(atob(PNG), (each) => each.charCodeAt(0));
  await thread.run(
    [{ type: "text", text: "Look" }, { type: "image", image: png }],
    { outputSchema },
  );
  await thread.run("Again");
  const fork = thread.fork();
  await fork.run("Copy");
  const [first, second, third] = codex.requests;
  assertEquals(first?.number, 1);
  assertEquals(first?.prompt, "Look");
  assertEquals(first?.images, [{ inputPath: "input[1].image", source: png }]);
  assertEquals(first?.outputSchema, outputSchema);
  assertEquals(first?.threadOptions.model, "gpt-x");
  assertEquals(first?.threadId, null);
  assertEquals(second?.threadId, thread.id);
  assertEquals(third?.origin, { type: "fork", threadId: thread.id ?? "" });
  assert(first !== undefined && !("signal" in first));
});

const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABpfZFQAAAAABJRU5ErkJggg==";

for (const reason of Object.keys(FAILURE_MESSAGES) as FailureReason[]) {
  Deno.test(`A turn that fails for the reason ${reason} reports that reason`, async () => {
    const { events, error } = await collectEvents([
      agentMessage("Half"),
      failure(reason),
    ]);
    assertInstanceOf(error, CodexThreadRunError);
    assertEquals(error.reason, reason);
    assertEquals(error.exitCode, 1);
    assertEquals(error.items.length, 1);
    assertEquals(kinds(events).slice(-2), ["error", "turn.failed"]);
  });
}

Deno.test("A failure's reason determines the error's fields and message", async () => {
  const error = await catchError(failure("unauthorized"));
  assertInstanceOf(error, CodexThreadRunError);
  assertEquals(error.httpStatus, 401);
  assertMatch(error.message, /run codex login, or give apiKey$/);
  const schema = await catchError(failure("invalid_schema"), {
    outputSchema: { type: "object" },
  });
  assertInstanceOf(schema, CodexThreadRunError);
  assertEquals(schema.code, "invalid_output_schema");
  assertEquals(schema.serviceCode, "invalid_json_schema");
});

/** Endings, with the class and code of the error that the user sees. */
const ENDINGS: Record<
  string,
  [PlayedTurn, new (...args: never[]) => CodexError, string]
> = {
  "exits with 1": [exits(), CodexExecError, "exited"],
  "exits with 0": [
    exits({ exitCode: 0 }),
    CodexIncompleteTurnError,
    "turn_incomplete",
  ],
  "is killed": [
    [agentMessage("Half"), exits({ signal: "SIGKILL" })],
    CodexExecError,
    "exited",
  ],
  "says turn.failed": [turnFailed("Never"), CodexThreadRunError, "turn_failed"],
  "cannot be found": [
    notStarted(
      new CodexExecutableNotFoundError("Cannot find codex", { searched: [] }),
    ),
    CodexExecutableNotFoundError,
    "executable_not_found",
  ],
  "may not be executed": [
    notStarted(
      new CodexPermissionError("Not allowed", { flag: "--allow-run" }),
    ),
    CodexPermissionError,
    "permission_denied",
  ],
  "prints invalid JSON": [
    ends({
      type: "protocol_error",
      problem: { code: "invalid_json", lineNumber: 3, message: "Cannot read" },
      process: null,
    }),
    CodexProtocolError,
    "invalid_json",
  ],
  "prints a long line": [
    ends({
      type: "protocol_error",
      problem: { code: "line_too_long", lineNumber: 3, message: "Too long" },
      process: null,
    }),
    CodexLineTooLongError,
    "line_too_long",
  ],
  "is interrupted": [
    [agentMessage("Half"), ends({ type: "interrupted", process: null })],
    CodexInterruptedError,
    "turn_interrupted",
  ],
  "cannot continue": [
    [
      agentMessage("Half"),
      ends({
        type: "failed",
        error: new CodexInputError("No", { path: "x" }),
        process: null,
      }),
    ],
    CodexTurnError,
    "invalid_input",
  ],
};

for (const [what, [turn, type, code]] of Object.entries(ENDINGS)) {
  Deno.test(`A CLI that ${what} causes the code ${code}`, async () => {
    const error = await catchError(turn);
    assertInstanceOf(error, CodexError);
    assertStrictEquals(error.constructor, type);
    assertEquals(error.code, code);
  });
}

const THREAD_ERRORS = {
  not_found: CodexThreadNotFoundError,
  busy: CodexThreadBusyError,
  archived: CodexThreadNotResumableError,
} as const;

for (const [problem, type] of Object.entries(THREAD_ERRORS)) {
  Deno.test(`A thread that is rejected as ${problem} causes a ${type.name}`, async () => {
    const script = [threadRejected(problem as keyof typeof THREAD_ERRORS)];
    for (
      const thread of [
        fakeCodex(script).resumeThread(ID),
        fakeCodex(script).forkThread(ID),
      ]
    ) {
      const error = await assertRejects(() => thread.run("Go"));
      assertStrictEquals((error as object).constructor, type);
    }
  });
}

Deno.test("A hanging turn ends by an abort, by its limits, or by breaking out of the loop", async () => {
  const codex = fakeCodex(() => [agentMessage("Half"), hang()]);
  const thread = codex.startThread();
  const controller = new AbortController();
  const running = thread.run("1", { signal: controller.signal });
  setTimeout(() => controller.abort("enough"), 5);
  const aborted = await assertRejects(() => running, CodexCancelledError);
  assertEquals(aborted.cause, "enough");
  assertEquals(aborted.items.length, 1);
  await assertRejects(
    () => thread.run("2", { timeoutMs: 5 }),
    CodexTimeoutError,
  );
  await assertRejects(
    () => thread.run("3", { idleTimeoutMs: 5 }),
    CodexIdleTimeoutError,
  );
  const streamed = await thread.runStreamed("4");
  for await (const event of streamed) {
    if (event.type === "item.completed") break;
  }
  assertEquals(codex.requests.length, 4);
});

Deno.test("The idle time is paused while a tool is running", async () => {
  const codex = fakeCodex([[
    commandExecution({ id: "c", command: "make", status: "in_progress" }),
    pause(60),
    commandExecution({ id: "c", command: "make" }),
  ]]);
  await codex.startThread().run("Go", { idleTimeoutMs: 20 });
});

Deno.test("A pause ends with its turn, and turns of a thread run one after the other", async () => {
  const codex = fakeCodex([
    [pause(60_000), agentMessage("Late")],
    agentMessage("Next"),
  ]);
  const thread = codex.startThread();
  const controller = new AbortController();
  const first = thread.run("1", { signal: controller.signal });
  const second = thread.run("2");
  setTimeout(() => controller.abort(), 5);
  await assertRejects(() => first, CodexCancelledError);
  assertEquals((await second).finalResponse, "Next");
});

Deno.test("A turn that is aborted after it was decided is complete", async () => {
  const controller = new AbortController();
  const codex = fakeCodex([[agentMessage("Done"), turnCompleted()]]);
  const streamed = await codex.startThread().runStreamed("Go", {
    signal: controller.signal,
  });
  for await (const event of streamed) {
    if (event.type === "turn.completed") controller.abort();
  }
  assertEquals(streamed.result.finalResponse, "Done");
});

Deno.test("Structured answers are decoded by the requested type", async () => {
  const codex = fakeCodex((request) =>
    structuredAnswer(JSON.parse(request.prompt))
  );
  const thread = codex.startThread();
  const object = z.object({ a: z.number(), b: z.string().optional() });
  const turn = await thread.run('{"a":1}', { outputType: object });
  assertEquals(turn.structuredResponse, { a: 1 });
  const list = await thread.run("[1,2]", { outputType: z.array(z.number()) });
  assertEquals(list.structuredResponse, [1, 2]);
  const own = z.object({ value: z.number() });
  const inner = await thread.run('{"value":3}', { outputType: own });
  assertEquals(inner.structuredResponse, { value: 3 });
  const wrong = await thread.run('{"a":"x"}', { outputType: object });
  try {
    wrong.structuredResponse;
    throw new Error("It was taken");
  } catch (error) {
    assertInstanceOf(error, CodexStructuredResponseError);
  }
});

Deno.test("A repair asks for one more turn", async () => {
  const codex = fakeCodex([structuredAnswer({}), structuredAnswer({ a: 1 })]);
  const turn = await codex.startThread().run("Go", {
    outputType: z.object({ a: z.number() }),
    repair: 1,
  });
  assertEquals(turn.structuredResponse, { a: 1 });
  assertEquals(turn.attempts.length, 2);
  assertMatch(codex.requests[1]?.prompt ?? "", /\/a/);
});

Deno.test("A script without turns left reports the turn's number and the prompt", async () => {
  const codex = fakeCodex([agentMessage("1")]);
  const thread = codex.startThread();
  await thread.run("First");
  const error = await assertRejects(
    () => thread.run(`Second ${"x".repeat(1000)}`),
    CodexInputError,
  );
  assertMatch(
    error.message,
    /^Unexpected turn 2: the script ends after 1; add one for the prompt "Second x+… \(\d+ more characters\)"$/,
  );
  assert(error.message.length < 300);
  const review = await assertRejects(
    () => fakeCodex([]).startThread().review({ base: "main" }),
    CodexInputError,
  );
  assertMatch(review.message, /a review \(\{"base":"main"\}\)/);
});

Deno.test("An error thrown by the script's function is the cause of the turn's error", async () => {
  const cause = new TypeError("No such thing");
  const codex = fakeCodex(() => {
    throw cause;
  });
  const error = await assertRejects(
    () => codex.startThread().run("Go"),
    CodexInputError,
  );
  assertStrictEquals(error.cause, cause);
  assertMatch(error.message, /script failed at turn 1/);
});

Deno.test("A value that is not a turn is rejected, with its place", async () => {
  const readMessage = async (turn: unknown): Promise<string> => {
    const codex = fakeCodex(() => turn as PlayedTurn);
    const error = await assertRejects(
      () => codex.startThread().run("Go"),
      CodexInputError,
    );
    return `${error.path}: ${error.message}`;
  };
  assertMatch(
    await readMessage(undefined),
    /^script\[0\]: .*step 1 is undefined$/,
  );
  assertMatch(await readMessage("Done"), /^script\[0\]: .*step 1 is string$/);
  assertMatch(
    await readMessage([agentMessage("1"), null]),
    /^script\[0\]\[1\]: .*step 2 is null$/,
  );
});

Deno.test("A function that never answers does not keep a turn from stopping", async () => {
  const codex = fakeCodex([
    () => new Promise<never>(() => {}),
    agentMessage("2"),
  ]);
  const thread = codex.startThread();
  await assertRejects(
    () => thread.run("1", { timeoutMs: 5 }),
    CodexTimeoutError,
  );
  assertEquals((await thread.run("2")).finalResponse, "2");
});

Deno.test("A turn leaves no timers and no listeners", async () => {
  const { controller, signal, listeners } = countedController();
  const codex = fakeCodex(() => [agentMessage("."), pause(1)]);
  const thread = codex.startThread();
  for (let turn = 0; turn < 20; turn += 1) {
    await thread.run("Go", {
      signal,
      timeoutMs: 60_000,
      idleTimeoutMs: 60_000,
    });
    assertEquals(listeners(), 0);
  }
  controller.abort();
});

Deno.test("Turns of many threads run at the same time", async () => {
  let begun = 0;
  let begunBeforeFirstEnd = 0;
  const codex = fakeCodex(({ prompt }) => {
    begun += 1;
    return [pause(20), agentMessage(prompt)];
  });
  const prompts = Array.from({ length: 200 }, (_, index) => `${index}`);
  const turns = await Promise.all(
    prompts.map(async (prompt) => {
      const turn = await codex.startThread().run(prompt);
      begunBeforeFirstEnd ||= begun;
      return turn;
    }),
  );
  assert(begunBeforeFirstEnd > 1);
  assertEquals(turns.map(({ finalResponse }) => finalResponse), prompts);
  assertEquals(new Set(turns.map(({ threadId }) => threadId)).size, 200);
});

Deno.test("Unknown events and items are reported as those of a newer CLI", async () => {
  const codex = fakeCodex(() => [
    unknownEvent({ type: "turn.paused", why: 1 }),
    unknownItem({ id: "x", type: "dance" }),
    agentMessage("Done"),
  ]);
  const turn = await codex.startThread().run("Go");
  assertEquals(turn.items.map(({ type }) => type), [
    "unknown",
    "agent_message",
  ]);
  assertEquals(turn.diagnostics.map(({ kind }) => kind), [
    "unknown",
    "unknown",
  ]);
  const known = fakeCodex([[unknownEvent({ type: "error", message: "Hm" })]]);
  assertEquals((await known.startThread().run("Go")).warnings, ["Hm"]);
  const strict = fakeCodex([unknownEvent({ type: "x" })], {
    strictEvents: true,
  });
  const error = await assertRejects(
    () => strict.startThread().run("Go"),
    CodexProtocolError,
  );
  assertEquals(error.code, "unexpected_event");
});

Deno.test("An error event is a warning, and codex exec prints no deltas", async () => {
  const { events } = await collectEvents([
    errorEvent("Reconnecting... 1/5"),
    itemDelta("Do"),
    agentMessage("Done"),
  ]);
  assertEquals(kinds(events).slice(2), [
    "error",
    "item.completed agent_message",
    "turn.completed",
  ]);
});

Deno.test("Invalid options and scripts are rejected", async () => {
  const bad = { sandboxMode: "open" } as never;
  assert(await rejects(() => fakeCodex([], { apiKey: 1 } as never)));
  assert(await rejects(() => fakeCodex([]).startThread(bad)));
  assert(await rejects(() => fakeCodex(agentMessage("x") as never)));
  assert(await rejects(() => fakeCodex([]).resumeThread("--last")));
});

async function rejects(what: () => unknown): Promise<boolean> {
  try {
    await what();
  } catch (error) {
    return error instanceof CodexInputError;
  }
  return false;
}
