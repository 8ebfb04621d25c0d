import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import * as z from "zod";
import { Codex, CodexInputError, type ThreadEvent } from "../../mod.ts";
import { type TraceSpan, traceTurns } from "../../otel.ts";
import {
  agentMessage,
  commandExecution,
  failure,
  fakeCodex,
  hang,
  mcpToolCall,
  modelAnswer,
  modelCommand,
  modelMessage,
} from "../../testing.ts";
import { assertNothingRuns, realCodex } from "../support/real_codex.ts";

/** A recorded span. */
class KeptSpan implements TraceSpan {
  readonly name: string;
  readonly parent: KeptSpan | undefined;
  readonly attributes: Record<string, unknown>;
  status = 0;
  isOver = false;
  constructor(
    name: string,
    parent: KeptSpan | undefined,
    attributes: Record<string, unknown>,
  ) {
    this.name = name;
    this.parent = parent;
    this.attributes = { ...attributes };
  }
  setAttribute(name: string, value: unknown): void {
    this.attributes[name] = value;
  }
  setStatus({ code }: { code: number }): void {
    this.status = code;
  }
  end(): void {
    this.isOver = true;
  }
}

/** Creates a tracer that records its spans; a context is its active span. */
function keptSpans() {
  const spans: KeptSpan[] = [];
  const tracer = {
    startSpan(
      name: string,
      { attributes = {} }: { attributes?: Record<string, unknown> },
      parent: KeptSpan | undefined,
    ): KeptSpan {
      const span = new KeptSpan(name, parent, attributes);
      spans.push(span);
      return span;
    },
  };
  const api = {
    context: { active: (): KeptSpan | undefined => undefined },
    trace: {
      setSpan: (_: KeptSpan | undefined, span: KeptSpan): KeptSpan => span,
    },
  };
  return { spans, tracer, api };
}

Deno.test("A turn is a span, and each item is a span inside it", async () => {
  const { spans, tracer, api } = keptSpans();
  await using real = await realCodex([
    modelAnswer(modelCommand("exit 3")),
    modelAnswer(modelMessage("Done")),
  ]);
  const codex = real.client({ onTurn: traceTurns(tracer, api) });
  const thread = codex.startThread({ ...real.inRepo, model: "gpt-5.5" });
  const turn = await thread.run("Look around");
  const [root, shell, said] = spans;
  assertEquals(spans.map(({ name }) => name), [
    "invoke_agent codex",
    "execute_tool shell",
    "codex.agent_message",
  ]);
  assertEquals(root?.attributes, {
    "gen_ai.operation.name": "invoke_agent",
    "gen_ai.provider.name": "openai",
    "gen_ai.agent.name": "codex",
    "gen_ai.request.model": "gpt-5.5",
    "gen_ai.conversation.id": thread.id,
    "gen_ai.usage.input_tokens": 20,
    "gen_ai.usage.cache_read.input_tokens": 0,
    "gen_ai.usage.cache_creation.input_tokens": 0,
    "gen_ai.usage.output_tokens": 10,
    "codex.usage.reasoning_output_tokens": 0,
  });
  assertEquals(
    [shell?.attributes["process.exit.code"], shell?.status],
    [3, 2],
  );
  assertEquals([shell?.parent, said?.parent], [root, root]);
  assertEquals(spans.every(({ isOver }) => isOver), true);
  assertEquals(JSON.stringify(spans).includes("Look around"), false);
  assertEquals(turn.warnings.filter((each) => each.includes("onTurn")), []);
});

Deno.test("Content is recorded if it is asked for", async () => {
  const { spans, tracer, api } = keptSpans();
  const codex = fakeCodex([[
    commandExecution({ command: "ls", aggregated_output: "a.txt" }),
    mcpToolCall({ server: "s", tool: "t", arguments: { a: 1 } }),
    agentMessage("Seen"),
  ]], { onTurn: traceTurns(tracer, api, { content: true }) });
  await codex.startThread().run("Look");
  assertEquals(
    spans[0]?.attributes["gen_ai.input.messages"],
    '[{"role":"user","parts":[{"type":"text","content":"Look"}]}]',
  );
  assertEquals(
    spans[0]?.attributes["gen_ai.output.messages"],
    '[{"role":"assistant","parts":[{"type":"text","content":"Seen"}]}]',
  );
  assertEquals(spans[1]?.attributes["gen_ai.tool.call.result"], "a.txt");
  assertEquals(spans[2]?.name, "execute_tool mcp__s__t");
  assertEquals(spans[2]?.attributes["gen_ai.tool.call.arguments"], '{"a":1}');
});

Deno.test("The span of an abandoned turn has its thread, as that of an aborted one", async () => {
  const { spans, tracer, api } = keptSpans();
  const codex = fakeCodex([[agentMessage("Seen"), hang()]], {
    onTurn: traceTurns(tracer, api),
  });
  const thread = codex.startThread();
  const { events } = await thread.runStreamed("Look");
  for await (const event of events) {
    if (event.type === "item.completed") break;
  }
  assert(thread.id !== null);
  assertEquals(spans[0]?.attributes["gen_ai.conversation.id"], thread.id);
});

Deno.test("The spans of a failed turn and of an abandoned one end with an error status", async () => {
  const { spans, tracer, api } = keptSpans();
  const codex = fakeCodex([failure("rate_limit")], {
    onTurn: traceTurns(tracer, api),
  });
  await codex.startThread().run("Fail").catch(() => {});
  assertEquals(
    [
      spans[0]?.status,
      spans[0]?.attributes["error.type"],
      spans[0]?.attributes["codex.reason"],
    ],
    [2, "turn_failed", "rate_limit"],
  );
  await using real = await realCodex(() =>
    modelAnswer(modelCommand("sleep 300"))
  );
  const streamed = await real.client({ onTurn: traceTurns(tracer, api) })
    .startThread(real.inRepo).runStreamed("Wait");
  for await (const event of streamed) if (event.type === "item.started") break;
  assertEquals(
    spans.map(({ name, status, isOver }) => [name, status, isOver]),
    [
      ["invoke_agent codex", 2, true],
      ["invoke_agent codex", 2, true],
      ["execute_tool shell", 2, true],
    ],
  );
  assertEquals(spans[1]?.attributes["error.type"], "ABORT_ERR");
  await assertNothingRuns(real.home);
});

Deno.test("Items of further attempts have separate spans, although their ids start again", async () => {
  const { spans, tracer, api } = keptSpans();
  await using real = await realCodex([
    modelAnswer(modelMessage('{"n":1}')),
    modelAnswer(modelMessage('{"n":2}')),
  ]);
  await real.client({ onTurn: traceTurns(tracer, api) })
    .startThread(real.inRepo).run("Count", {
      outputType: z.object({ n: z.number().min(2) }),
      repair: 1,
    });
  assertEquals(spans.map(({ name }) => name), [
    "invoke_agent codex",
    "codex.agent_message",
    "codex.agent_message",
  ]);
  assertEquals(spans.every(({ isOver }) => isOver), true);
});

Deno.test("A repeated item id leaves no span open", () => {
  const { spans, tracer, api } = keptSpans();
  const listener = traceTurns(tracer, api)({
    ...{ threadId: null, prompt: "Go", model: undefined },
  });
  const started: ThreadEvent = {
    type: "item.started",
    item: { id: "item_0", type: "todo_list", items: [] },
  };
  listener.event?.(started);
  listener.event?.(started);
  listener.event?.({
    ...{ type: "attempt.started", attempt: 2, max_attempts: 2, issues: [] },
  });
  listener.event?.(started);
  listener.ended?.({
    ...{ threadId: null, turnUsage: null, finalResponse: "", durationMs: 1 },
    error: null,
  });
  assertEquals(spans.length, 4);
  assertEquals(spans.filter(({ isOver }) => !isOver), []);
});

Deno.test("An error thrown by the tracer is a warning, and the turn completes", async () => {
  const { tracer, api } = keptSpans();
  const startSpan = (): never => {
    throw new Error("no exporter");
  };
  const codex = fakeCodex([[agentMessage("Done")]], {
    onTurn: traceTurns({ ...tracer, startSpan }, api),
  });
  const { finalResponse, warnings } = await codex.startThread().run("Go");
  assertEquals(finalResponse, "Done");
  assertEquals(warnings.length, 1);
  assertMatch(warnings[0] ?? "", /onTurn failed: no exporter/);
});

Deno.test("An asynchronous onTurn causes a warning, whether it rejects or not", async () => {
  for (const fails of [true, false]) {
    const onTurn = async () => {
      await Promise.resolve();
      if (fails) throw new Error("log server down");
    };
    const codex = fakeCodex([[agentMessage("Done")]], {
      onTurn: onTurn as unknown as () => undefined,
    });
    const { warnings } = await codex.startThread().run("Go");
    assertEquals(warnings.length, 1);
    assertMatch(
      warnings[0] ?? "",
      fails ? /log server down/ : /must not be asynchronous/,
    );
  }
});

Deno.test("An invalid tracer, API or onTurn is rejected", () => {
  const { tracer, api } = keptSpans();
  const wrong = [[{}, api], [undefined, api], [tracer, {}], [tracer, null]];
  for (const [first, second] of wrong) {
    const error = assertThrows(
      () => traceTurns(first as typeof tracer, second as typeof api),
      CodexInputError,
    );
    assertEquals(error.path, first === tracer ? "api" : "tracer");
  }
  assertThrows(
    () => new Codex({ onTurn: "yes" as unknown as () => undefined }),
    CodexInputError,
  );
});
