/**
 * Tests many turns on one server that end at random moments in every way, and one kill of
 * the server: nothing is lost, nothing is left, and memory stays flat.
 */

import { assert, assertEquals, assertLess } from "@std/assert";
import {
  CodexCancelledError,
  CodexError,
  CodexExecError,
  type ThreadItem,
} from "../../mod.ts";
import { CodexInterruptedError } from "../../app_server.ts";
import {
  modelAnswer,
  modelCommand,
  modelDelay,
  modelMessage,
  modelReasoning,
} from "../../testing.ts";
import { randomNumbers } from "../../src/testing/random_numbers.ts";
import { assertNothingRuns, findCliProcesses } from "../support/real_codex.ts";
import { type RealServer, realServer } from "../support/real_server.ts";
import { countedController } from "../../src/testing/counted_signal.ts";
import { ANYWHERE, fakeServer } from "../support/fake_server.ts";
import { wait } from "../../src/testing/waiting.ts";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** The number of turns; `CHAOS_CYCLES` sets another number. */
const TURNS = Number(Deno.env.get("CHAOS_CYCLES") ?? 60);

/** The number of turns that run at the same time. */
const AT_ONCE = 6;

const SEED = Number(
  Deno.env.get("CHAOS_SEED") ?? Math.floor(Math.random() * 2 ** 32),
);

/** The outcome of a turn. */
type Outcome = "completed" | "ABORT_ERR" | "turn_interrupted" | "left" | "died";

/** Runs a turn that is ended in a random way at a random moment, and returns its outcome. */
async function runTurn(
  real: RealServer,
  number: number,
  random: (limit: number) => number,
): Promise<Outcome> {
  const way = random(6);
  const afterMs = random(900);
  const abort = new AbortController();
  const streamed = await real.codex.startThread(real.inRepo).runStreamed(
    `TURN ${number}.`,
    { signal: abort.signal, deltas: random(2) === 0 },
  );
  const items: ThreadItem[] = [];
  const timer = setTimeout(() => {
    if (way === 1) abort.abort();
    if (way === 2) streamed.interrupt().catch(() => {});
  }, afterMs);
  const begun = performance.now();
  try {
    for await (const event of streamed.events) {
      if (way === 3) await wait(random(60));
      if (way === 4 && performance.now() - begun > afterMs) return "left";
      if (event.type === "item.completed") items.push(event.item);
    }
    // No item of another turn, and no item twice.
    assertEquals(streamed.result.finalResponse, `Answer ${number}`);
    assertEquals(items, streamed.result.items);
    assertEquals(items.map(({ type }) => type), [
      "reasoning",
      "command_execution",
      "agent_message",
    ]);
    return "completed";
  } catch (error) {
    assert(error instanceof CodexError, String(error));
    if (error instanceof CodexExecError) {
      assertEquals([error.code, error.items], ["exited", items]);
      return "died";
    }
    assert(
      error instanceof CodexCancelledError ||
        error instanceof CodexInterruptedError,
      `${error.name} ${error.message}`,
    );
    assertEquals(error.items, items);
    return error.code as Outcome;
  } finally {
    clearTimeout(timer);
  }
}

Deno.test(`${TURNS} turns on one server that end at random lose and leave nothing (seed ${SEED})`, async () => {
  await using real = await realServer(({ text, toolOutputs }) => {
    const number = /TURN (\d+)\./.exec(text)?.[1];
    return toolOutputs.length === 0
      ? modelDelay(
        20,
        modelAnswer(modelReasoning("Hm"), modelCommand("sleep 0.2; echo ok")),
      )
      : modelAnswer(modelMessage(`Answer ${number}`));
  }, { keepAliveMs: 60_000, threadKeepAliveMs: 200 });
  const random = randomNumbers(SEED);
  const outcomes: Outcome[] = [];
  let next = 0;
  const killAt = Math.floor(TURNS / 2);
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (next < TURNS) {
      const number = ++next;
      if (number === killAt) await killServer(real);
      outcomes.push(await runTurn(real, number, random));
    }
  }));
  assertEquals(outcomes.length, TURNS);
  for (
    const outcome of ["completed", "ABORT_ERR", "turn_interrupted"] as const
  ) assert(outcomes.includes(outcome), `${outcome}: ${outcomes}`);
  await real.codex.close();
  await assertNothingRuns(real.home);
});

/** Kills the server, if it runs. */
async function killServer({ home }: RealServer): Promise<void> {
  const server = (await findCliProcesses(home)).find(({ command }) =>
    command.includes("app-server")
  );
  if (server !== undefined) Deno.kill(server.pid, "SIGKILL");
}

/** Collects garbage: what is left is in use. */
function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
}

Deno.test("300 turns on one thread leave memory, timers and listeners as they were", async () => {
  await using fake = await fakeServer();
  const signal = countedController();
  const thread = fake.codex.startThread(ANYWHERE);
  const prompt = fake.prompt(
    { do: "begin" },
    {
      do: "tell",
      method: "item/completed",
      params: { item: { type: "webSearch", id: "w", query: "x".repeat(1000) } },
      times: 100,
    },
    { do: "say", text: "Done" },
    { do: "end" },
  );
  const run = async (turns: number): Promise<void> => {
    for (let turn = 0; turn < turns; turn++) {
      await thread.run(prompt, { signal: signal.signal });
    }
  };
  const memory = (): number => {
    collectGarbage();
    return Deno.memoryUsage().heapUsed / 2 ** 20;
  };
  await run(50);
  const before = memory();
  await run(250);
  // If the items of 250 turns were kept, they would take at least 25 MiB.
  assertLess(memory() - before, 20);
  assertEquals(signal.listeners(), 0);
});
