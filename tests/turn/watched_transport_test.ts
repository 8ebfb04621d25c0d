import { assertEquals } from "@std/assert";
import { THREAD_ID } from "../../src/testing/fake.ts";
import { Codex, type CodexOptions, type ThreadEvent } from "../../mod.ts";
import type { TurnEnding } from "../../src/transport/ending.ts";
import type { Transport, TurnBatch } from "../../src/transport/transport.ts";
import { agentMessage, fakeCodex } from "../../testing.ts";
import { sleep } from "../../src/util/sleep.ts";

const USAGE = {
  input_tokens: 1,
  cached_input_tokens: 0,
  cache_write_input_tokens: 0,
  output_tokens: 1,
  reasoning_output_tokens: 0,
};

const OPENED: ThreadEvent = { type: "thread.started", thread_id: THREAD_ID };

/** A transport that yields these batches and does nothing else. */
function makeTransport(...batches: readonly ThreadEvent[][]): Transport {
  return {
    redact: (text) => text,
    async *runTurn(): AsyncGenerator<TurnBatch, TurnEnding, void> {
      for (const events of batches) {
        yield { events, diagnostics: [] };
        await sleep(5);
      }
      return { type: "exited", process: null, lingered: false };
    },
  };
}

Deno.test("Listeners are called after their batch was delivered, and before the turn ends", async () => {
  const told: string[] = [];
  const options: CodexOptions = {
    onEvent: ({ type }) => {
      told.push(`listener ${type}`);
    },
  };
  const codex = new Codex(
    options,
    makeTransport([OPENED, { type: "turn.started" }], [
      { type: "turn.completed", usage: USAGE },
    ]),
  );
  const streamed = await codex.startThread().runStreamed("Hi");
  for await (const { type } of streamed) told.push(type);
  assertEquals(told, [
    "thread.started",
    "turn.started",
    "listener thread.started",
    "listener turn.started",
    "turn.completed",
    "listener turn.completed",
  ]);
});

Deno.test("onTurn is called before the turn begins, even if the turn ends at once", async () => {
  const called: string[] = [];
  const codex = fakeCodex([agentMessage("Fine")], {
    onTurn: () => {
      called.push("onTurn");
      return {
        event: ({ type }) => {
          called.push(`turn ${type}`);
        },
        ended: () => {
          called.push("ended");
        },
      };
    },
    onEvent: ({ type }) => {
      called.push(type);
    },
  });
  await codex.startThread().run("Hi");
  assertEquals(called[0], "onTurn");
  assertEquals(called.at(-1), "ended");
  const { length } = called.filter((each) => each.startsWith("turn "));
  assertEquals(called.length, 2 + 2 * length);
});

Deno.test("Listeners can tell concurrent turns and further attempts apart", async () => {
  const told: unknown[] = [];
  const codex = fakeCodex([
    [agentMessage("no JSON")],
    [agentMessage('{"n":1}')],
  ], {
    onEvent: (event, { threadId }) => {
      const what = event.type === "attempt.started"
        ? `attempt ${event.attempt} of ${event.max_attempts}`
        : event.type;
      if (/^attempt|turn\.started/.test(what)) told.push([what, threadId]);
    },
  });
  const thread = codex.startThread();
  await thread.run("Count", {
    outputType: {
      schema: {
        type: "object",
        properties: { n: { type: "number" } },
      },
      parse: (value) => value,
    },
    repair: 1,
  });
  assertEquals(told, [
    ["turn.started", thread.id],
    ["attempt 2 of 2", thread.id],
    ["turn.started", thread.id],
  ]);
});

Deno.test("Listeners receive everything that arrived of a turn that was left", async () => {
  const told: string[] = [];
  const codex = new Codex(
    { onEvent: ({ type }) => told.push(type) },
    makeTransport([OPENED, { type: "turn.started" }]),
  );
  const streamed = await codex.startThread().runStreamed("Hi");
  for await (const _ of streamed) break;
  assertEquals(told, ["thread.started", "turn.started"]);
});

Deno.test("The error of a failed turn includes a listener's warning", async () => {
  const codex = new Codex({
    onDiagnostic: () => {
      throw new Error("Full");
    },
  }, {
    redact: (text) => text,
    async *runTurn(): AsyncGenerator<TurnBatch, TurnEnding, void> {
      yield {
        events: [],
        diagnostics: [
          { kind: "noise", lineNumber: 1, path: "", message: "x" },
        ],
      };
      await Promise.resolve();
      return { type: "exited", process: null, lingered: false };
    },
  });
  const error = await codex.startThread().run("Hi").catch((error) => error);
  assertEquals(error.warnings, ["The listener onDiagnostic failed: Full"]);
});
