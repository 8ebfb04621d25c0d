import { assert, assertEquals, assertRejects } from "@std/assert";
import { Questions } from "../../src/ai/bridge/questions.ts";
import type { BridgedTurn } from "../../src/ai/bridge/bridged_turn.ts";
import { WaitingTurns } from "../../src/ai/bridge/waiting_turns.ts";
import { CodexThreadRunError } from "../../mod.ts";
import { MINUTE_MS, withinMinute } from "../../src/testing/waiting.ts";

/** Asks a question whose answer is a number. */
function ask(
  questions: Questions,
  id: string,
  signal: AbortSignal = new AbortController().signal,
): Promise<number> {
  return questions.ask<number>(signal, (answer, reject) => ({
    type: "call",
    id,
    toolName: id,
    input: null,
    answer: () => answer(Number(id)),
    reject,
  }));
}

const NEVER = new Promise<void>(() => {});

Deno.test("Simultaneous questions are handed out together and answered separately", async () => {
  const questions = new Questions({ quietMs: 1 });
  assertEquals(questions.isGathered(false), false);
  const one = ask(questions, "1");
  const two = ask(questions, "2");
  assertEquals(questions.open.size, 0);
  // The wait ends when nothing else arrives.
  while (!questions.isGathered(false)) await questions.waitBeside(NEVER);
  const taken = questions.take();
  assertEquals(taken.map(({ id }) => id), ["1", "2"]);
  assertEquals([...questions.open.keys()], ["1", "2"]);
  const [first, second] = taken;
  assert(first?.type === "call" && second?.type === "call");
  first.answer("");
  second.reject("No");
  assertEquals(await one, 1);
  await assertRejects(() => two, Error, "No");
  assertEquals(questions.open.size, 0);
});

Deno.test("A question ends a wait for an event, and further questions are waited for", async () => {
  const questions = new Questions({ quietMs: MINUTE_MS, maxMs: MINUTE_MS });
  const waiting = questions.waitBeside(NEVER);
  const asking = ask(questions, "1");
  await withinMinute("the question", waiting);
  assertEquals(questions.isGathered(false), false);
  // An event also ends the wait, and leaves no timer.
  await withinMinute("the event", questions.waitBeside(Promise.resolve()));
  const [question] = questions.take();
  assert(question?.type === "call");
  question.answer("");
  await asking;
});

Deno.test("Events come first, but only for a bounded time", async () => {
  const questions = new Questions({ quietMs: 1, maxMs: 100 });
  const start = performance.now();
  const one = ask(questions, "1");
  while (!questions.isGathered(true)) {
    questions.expect();
    const event = new Promise<void>((resolve) => setTimeout(resolve, 10));
    await questions.waitBeside(event);
    await event;
  }
  assert(performance.now() - start >= 100);
  const [question] = questions.take();
  assert(question?.type === "call");
  question.answer("");
  assertEquals(await one, 1);
});

Deno.test("A withdrawn question is removed", async () => {
  const questions = new Questions();
  const stop = new AbortController();
  const fresh = ask(questions, "1", stop.signal);
  const open = ask(questions, "2", stop.signal);
  questions.take();
  questions.askAgain();
  const [, question] = questions.take();
  stop.abort(new Error("Over"));
  await assertRejects(() => fresh, Error, "Over");
  await assertRejects(() => open, Error, "Over");
  assertEquals(questions.open.size, 0);
  assertEquals(questions.isGathered(false), false);
  // A late answer changes nothing.
  assert(question?.type === "call");
  question.answer("");
  await assertRejects(() => ask(questions, "3", stop.signal), Error, "Over");
  assertEquals(questions.isGathered(false), false);
});

Deno.test("The fate of an ended turn is remembered for a while, a waiting turn as long as it waits", async () => {
  const turns = new WaitingTurns();
  const made = (threadId: string): BridgedTurn =>
    ({ threadId, isWaiting: true }) as unknown as BridgedTurn;
  const waiting = made("01a00000-0000-7000-8000-000000000001");
  turns.add(waiting, ["codex-call-waits"]);
  for (let count = 0; count < 1500; count += 1) {
    const turn = made("01a00000-0000-7000-8000-000000000002");
    turns.add(turn, [`codex-call-${count}`]);
    turns.remove(turn, "over", Promise.resolve());
  }
  assertEquals(await turns.find(["other", "codex-call-waits"]), waiting);
  assertEquals(await turns.find(["other"]), undefined);
  assertEquals(turns.findByThread(String(waiting.threadId)), waiting);
  for (
    const [count, why] of [[0, "not in this process"], [1499, "has ended"]]
  ) {
    await assertRejects(
      () => turns.find([`codex-call-${count}`]),
      CodexThreadRunError,
      String(why),
    );
  }
});
