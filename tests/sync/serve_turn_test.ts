import { assert, assertEquals, assertInstanceOf } from "@std/assert";
import { MessageChannel } from "node:worker_threads";
import { CodexStructuredResponseError } from "../../mod.ts";
import { NO_USAGE } from "../../src/turn/usage.ts";
import { CancelFlag } from "../../sync.ts";
import type {
  TurnJob,
  WorkerReply,
  WorkerRequest,
} from "../../src/sync/messages.ts";
import {
  deserializeError,
  serializeError,
} from "../../src/sync/serialize_error.ts";
import { serveTurn } from "../../src/sync/serve_turn.ts";
import { fakeCodex, printTurn } from "../support/fake_codex.ts";
import { TurnCounters } from "../../src/sync/turn_counters.ts";
import { BEGIN, hangingAfter, THREAD_ID } from "../thread/support.ts";

// The worker's side, on the test's thread, which asks without blocking.

/** A served turn, with the ways to talk to it. */
interface Served extends Disposable {
  ask(message: WorkerRequest): Promise<WorkerReply>;
  readonly counters: TurnCounters;
}

/** Serves a turn of a fake CLI. */
function served(path: string, job: Partial<TurnJob> = {}): Served {
  const { port1, port2: port } = new MessageChannel();
  const counters = new TurnCounters();
  serveTurn({
    port,
    counters: counters.memory,
    job: {
      options: { codexPathOverride: path },
      thread: { id: null, usage: NO_USAGE, beginning: undefined },
      programFile: null,
      request: {
        prompt: "Hi",
        images: [],
        threadOptions: {},
        outputSchema: undefined,
        cyberAccessProgram: undefined,
      },
      output: { schema: undefined },
      limits: { timeoutMs: undefined, idleTimeoutMs: undefined },
      cancel: undefined,
      ...job,
    },
  });
  const waiting: ((reply: WorkerReply) => void)[] = [];
  port1.on("message", (reply: WorkerReply) => waiting.shift()?.(reply));
  return {
    counters,
    ask(message): Promise<WorkerReply> {
      port1.postMessage(message);
      return new Promise((resolve) => waiting.push(resolve));
    },
    [Symbol.dispose]: () => port1.close(),
  };
}

/** Requests events until another reply arrives, and returns that reply. */
async function toTheEnd(turn: Served): Promise<WorkerReply> {
  let answer: WorkerReply;
  do answer = await turn.ask({ type: "next" }); while (
    answer.type === "events"
  );
  return answer;
}

Deno.test("serveTurn replies with events and the thread's id, and does not repeat items at the end", async () => {
  await using fake = await fakeCodex(printTurn("Hello"));
  using turn = served(fake.path);
  const types: string[] = [];
  let answer = await turn.ask({ type: "next" });
  for (; answer.type === "events"; answer = await turn.ask({ type: "next" })) {
    assertEquals(answer.threadId, THREAD_ID);
    types.push(...answer.events.map((event) => event.type));
  }
  assertEquals(types, [
    "thread.started",
    "turn.started",
    "item.completed",
    "turn.completed",
  ]);
  assert(answer.type === "ended");
  assertEquals(answer.lateItems, []);
  assertEquals([answer.thread.id, answer.thread.usage?.input_tokens], [
    THREAD_ID,
    10,
  ]);
  assert(answer.outcome !== undefined && "result" in answer.outcome);
  assertEquals(answer.outcome.result.finalResponse, "Hello");
  assert(!("items" in answer.outcome.result));
});

Deno.test("serveTurn ends a turn when its flag is set, even if nobody requests more events", async () => {
  await using fake = await fakeCodex(hangingAfter(...BEGIN));
  const flag = new CancelFlag();
  using turn = served(fake.path, { cancel: flag.buffer });
  assertEquals((await turn.ask({ type: "next" })).type, "events");
  const beats = turn.counters.heartbeats;
  const asked = toTheEnd(turn);
  flag.set();
  const answer = await asked;
  assert(answer.type === "ended" && answer.outcome !== undefined);
  assert("error" in answer.outcome);
  const error = deserializeError(answer.outcome.error, []);
  assertInstanceOf(error.cause, Error);
  assertEquals([error.name, error.cause.message], [
    "AbortError",
    "The CancelFlag has been set",
  ]);
  assert(turn.counters.heartbeats > beats);
});

Deno.test("serveTurn ends an abandoned turn without an outcome", async () => {
  await using fake = await fakeCodex(hangingAfter(...BEGIN));
  using turn = served(fake.path);
  assertEquals((await turn.ask({ type: "next" })).type, "events");
  const answer = await turn.ask({ type: "leave" });
  assert(answer.type === "ended");
  assertEquals(answer.outcome, undefined);
});

Deno.test("serveTurn asks the caller's thread to judge answers, and reports each attempt", async () => {
  await using fake = await fakeCodex(printTurn("{}"));
  using turn = served(fake.path, {
    output: { schema: { type: "object" }, repair: 1, valuePath: "" },
  });
  const first = await toTheEnd(turn);
  assertEquals(first, { type: "judge", text: "{}" });
  const issues = [{ path: "/a", message: "is missing" }];
  const refusal = new CodexStructuredResponseError("No", {
    responseText: "{}",
    issues,
  });
  const next = await turn.ask({
    type: "verdict",
    error: serializeError(refusal),
  });
  assertEquals(next.type, "events");
  assertEquals((await toTheEnd(turn)).type, "judge");
  const answer = await turn.ask({ type: "verdict", error: undefined });
  assert(answer.type === "ended" && answer.outcome !== undefined);
  assert("attempts" in answer.outcome);
  const [refused, taken] = answer.outcome.attempts;
  assert(refused?.error && taken !== undefined);
  const error = deserializeError(refused.error, []);
  assertInstanceOf(error, CodexStructuredResponseError);
  assertEquals(error.issues, issues);
  assertEquals([refused.itemCount, taken.itemCount, taken.error], [1, 1, null]);
});
