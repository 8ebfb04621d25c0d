import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import type { AiContent, AiPart } from "../../ai.ts";
import type { AgentApproval } from "../../src/ai/agent_client.ts";
import { type Answer, readAnswers } from "../../src/ai/bridge/answers.ts";
import { makeBridge } from "../../src/ai/bridge/bridge.ts";
import {
  BridgedTurn,
  type StepOptions,
} from "../../src/ai/bridge/bridged_turn.ts";
import { StepMapper } from "../../src/ai/bridge/step_mapper.ts";
import { WAITING_TURNS } from "../../src/ai/bridge/waiting_turns.ts";
import { PartMapper } from "../../src/ai/part_mapper.ts";
import { CodexInputError, CodexTimeoutError } from "../../mod.ts";
import {
  decision,
  makeToolResult,
  ownCalls,
  requests,
} from "./bridge_support.ts";
import { BEGUN, type FakeTurn, fakeTurn, THREAD_ID } from "./support.ts";

const LOOKUP = { name: "lookup", description: "Looks", schema: {} };

/**
 * Creates a bridged turn that waits, and ends when it is abandoned.
 *
 * @param ending The promise on which it ends instead, and its error.
 */
function makeTurn(
  limitMs = 60_000,
  ending?: { readonly ends: Promise<void>; readonly error: unknown },
): {
  readonly turn: FakeTurn;
  /** Runs a step and returns its calls and approval requests. */
  step(
    answers?: ReadonlyMap<string, Answer>,
    isStreamed?: boolean,
  ): Promise<{ content: AiContent[] }>;
  /** Starts a step without reading any of it. */
  begin(
    answers?: ReadonlyMap<string, Answer>,
    options?: { readonly signal: AbortSignal },
  ): ReadableStream<AiPart>;
  /** Asks for approval. */
  approve(itemId: string): Promise<unknown>;
  /** Calls the tool. */
  call(article: string): Promise<unknown>;
  /** Abandons the turn. */
  leave(): Promise<void>;
} {
  const turn = fakeTurn(BEGUN, ending ?? { hangs: true });
  const bridge = makeBridge([LOOKUP], { hasApprovals: true, limitMs });
  const bridged = new BridgedTurn({
    turn,
    bridge,
    mapper: new StepMapper(
      new PartMapper({
        toolParts: "shown",
        commentary: "text",
        form: "text",
        tag: "tag",
        modelId: "codex",
        hasRawChunks: false,
      }),
      { tools: bridge.tools, hasApprovals: true },
    ),
    mapping: {
      fail: (error) => {
        throw error;
      },
    },
    stop: new AbortController(),
    limitMs,
  });
  const begin = (
    answers: ReadonlyMap<string, Answer> | undefined,
    { isStreamed = true, signal }: Partial<
      Pick<StepOptions, "isStreamed" | "signal">
    > = {},
  ): ReadableStream<AiPart> =>
    bridged.step({
      first: { type: "stream-start", warnings: [] },
      isStreamed,
      signal,
      tools: [LOOKUP],
      answers,
    });
  const { onApproval, tools = [] } = bridge.turnOptions;
  const { signal } = new AbortController();
  return {
    turn,
    async step(answers, isStreamed) {
      const parts = await Array.fromAsync(begin(answers, { isStreamed }));
      return {
        content: parts.filter((part): part is AiPart & AiContent =>
          part.type === "tool-call" || part.type === "tool-approval-request"
        ),
      };
    },
    begin,
    approve: (itemId) => {
      const request: AgentApproval = {
        type: "command",
        itemId,
        reason: null,
        command: `run ${itemId}`,
      };
      return onApproval?.(request, { signal }) ?? Promise.reject();
    },
    async call(article): Promise<unknown> {
      return await tools[0]?.run({ article }, {
        signal,
        threadId: "thread",
        callId: article,
      });
    },
    leave: () => bridged.abandon(),
  };
}

/** Reads answers like those at the end of a prompt. */
function answering(
  ...parts: Parameters<typeof readAnswers>[0][number]["content"][]
): ReadonlyMap<string, Answer> {
  return readAnswers(
    parts.map((content) => ({ role: "tool", content })),
  );
}

for (const isStreamed of [true, false]) {
  Deno.test(`An unanswered request is asked again in the next step: ${isStreamed ? "streamed" : "generated"}`, async () => {
    const turn = makeTurn();
    const one = turn.approve("1");
    const two = turn.approve("2");
    const first = await turn.step(undefined, isStreamed);
    const [asked, open] = requests(first);
    assert(asked && open);
    assertEquals(first.content.length, 4);
    const second = await turn.step(
      answering([decision(asked.approvalId, true)]),
      isStreamed,
    );
    assertEquals(await one, "accept");
    // With its call, in which the AI SDK looks it up.
    assertEquals(second.content, first.content.slice(2));
    const reader = turn.begin(
      answering([decision(open.approvalId, false)]),
    ).getReader();
    const reading = reader.read();
    assertEquals(await two, "decline");
    await reader.cancel();
    await reading;
    assert(turn.turn.isLeft());
  });
}

Deno.test("Simultaneous calls share a step, and each needs an answer", async () => {
  const turn = makeTurn();
  const calls = [turn.call("7"), turn.call("8"), turn.call("9")];
  const leave = turn.approve("1");
  const first = await turn.step();
  const own = ownCalls(first);
  assertEquals(own.map(({ input }) => input), [
    '{"article":"7"}',
    '{"article":"8"}',
    '{"article":"9"}',
  ]);
  const [seven, eight, nine] = own;
  assert(seven && eight && nine);
  const error = assertThrows(
    () => turn.begin(answering([makeToolResult(eight)])),
    CodexInputError,
    `2 of the calls that the turn is waiting for, the first "lookup" (${seven.toolCallId})`,
  );
  assertEquals(error.path, "prompt");
  // In several messages, and in another order.
  const second = await turn.step(
    answering([makeToolResult(nine)], [
      makeToolResult(seven),
      makeToolResult(eight, { type: "text", value: "of 8" }),
    ]),
  );
  assertEquals(await Promise.all(calls), [
    { price: 12 },
    "of 8",
    { price: 12 },
  ]);
  const [request] = requests(second);
  assert(request !== undefined);
  assertEquals(request, requests(first)[0]);
  await turn.leave();
  assert(turn.turn.isLeft());
  void leave;
});

Deno.test("An unread step is ended by the time limit or when it is cancelled", async () => {
  const late = makeTurn(50);
  void late.call("7");
  const [call] = ownCalls(await late.step());
  assert(call !== undefined);
  const stream = late.begin(answering([makeToolResult(call)]));
  while (!late.turn.isLeft()) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await assertRejects(() => Array.fromAsync(stream), CodexTimeoutError);

  const left = makeTurn();
  void left.call("7");
  const [other] = ownCalls(await left.step());
  assert(other !== undefined);
  await left.begin(answering([makeToolResult(other)])).cancel();
  assert(left.turn.isLeft());
});

/** Creates a turn that ends with an error, and only when `end` is called. */
function makeLateTurn(): ReturnType<typeof makeTurn> & {
  readonly error: Error;
  end(): void;
} {
  const { promise: ends, resolve: end } = Promise.withResolvers<void>();
  const error = new DOMException("Enough", "AbortError");
  return { ...makeTurn(undefined, { ends, error }), error, end };
}

/** Reads a step to its end and returns the types of its parts, or its error. */
async function readAll(
  reader: ReadableStreamDefaultReader<AiPart>,
): Promise<unknown> {
  const types: string[] = [];
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return types;
      types.push(value.type);
    }
  } catch (error) {
    return error;
  }
}

/** Waits until pending questions would have been handed out. */
async function whileGathering(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 400));
}

for (const how of ["cancelled", "aborted"] as const) {
  Deno.test(`A step that is ${how} while questions are gathered hands out none`, async () => {
    const turn = makeLateTurn();
    const stop = new AbortController();
    const reader = turn.begin(undefined, stop).getReader();
    await reader.read();
    void turn.approve("1");
    const reading = readAll(reader);
    // The step has received the question and waits for others.
    await new Promise((resolve) => setTimeout(resolve, 0));
    let cancelled: Promise<void> | undefined;
    if (how === "cancelled") cancelled = reader.cancel();
    else stop.abort(turn.error);
    await whileGathering();
    const waiting = WAITING_TURNS.findByThread(THREAD_ID);
    turn.end();
    assertEquals(waiting, undefined);
    assertEquals(
      await reading,
      how === "cancelled" ? ["response-metadata"] : turn.error,
    );
    await cancelled;
  });
}

Deno.test("A step whose signal has aborted passes on no answers", async () => {
  const turn = makeLateTurn();
  let decided: unknown;
  void turn.approve("1").then((decision) => decided = decision);
  const [request] = requests(await turn.step());
  assert(request !== undefined);
  const reading = readAll(
    turn.begin(
      answering([decision(request.approvalId, true)]),
      { signal: AbortSignal.abort(turn.error) },
    ).getReader(),
  );
  await whileGathering();
  turn.end();
  assertEquals(await reading, turn.error);
  assertEquals(decided, undefined);
  assertEquals(WAITING_TURNS.findByThread(THREAD_ID), undefined);
});
