import {
  assert,
  assertEquals,
  assertLess,
  assertMatch,
  assertRejects,
} from "@std/assert";
import { CodexCancelledError, CodexExecError } from "../../mod.ts";
import {
  modelAnswer,
  modelCommand,
  modelDelay,
  modelMessage,
  modelReasoning,
  modelUsage,
} from "../../testing.ts";
import {
  assertNothingRuns,
  findCliProcesses,
  realCodex,
} from "../support/real_codex.ts";
import { MINUTE_MS, SLEEP } from "../../src/testing/waiting.ts";

Deno.test("Thread.run runs turns that are started at once in order, and each sees the earlier ones", async () => {
  await using real = await realCodex((request) =>
    modelDelay(100, modelAnswer(modelMessage(`Answer to ${request.prompt}`)))
  );
  const thread = real.codex.startThread(real.inRepo);
  const controller = new AbortController();
  const first = thread.run("one");
  const cancelled = assertRejects(
    () => thread.run("two", { signal: controller.signal }),
    CodexCancelledError,
  );
  const third = thread.run("three");
  controller.abort();
  await cancelled;
  assertEquals((await first).finalResponse, "Answer to one");
  assertEquals((await third).finalResponse, "Answer to three");
  assertEquals(real.model.requests.map((request) => request.prompt), [
    "one",
    "three",
  ]);
  assert(real.model.requests[1]?.text.includes("Answer to one"));
});

Deno.test("Codex runs eight threads at once, and each gets its own answer and usage", async () => {
  await using real = await realCodex((request) =>
    request.toolOutputs.length === 0
      ? modelAnswer(modelCommand(`echo ran ${request.prompt}`))
      : modelAnswer(
        modelMessage(`${request.prompt}: ${request.toolOutputs[0]?.text}`),
        modelUsage({ input_tokens: Number(request.prompt) }),
      )
  );
  const prompts = Array.from({ length: 8 }, (_, index) => `${100 + index}`);
  const turns = await Promise.all(
    prompts.map((prompt) => real.codex.startThread(real.inRepo).run(prompt)),
  );
  for (const [index, turn] of turns.entries()) {
    const prompt = prompts[index];
    assert(turn.finalResponse.startsWith(`${prompt}: `), turn.finalResponse);
    assert(turn.finalResponse.includes(`ran ${prompt}`), turn.finalResponse);
    assertEquals(turn.turnUsage?.input_tokens, 10 + Number(prompt));
  }
  assertEquals(new Set(turns.map((turn) => turn.threadId)).size, 8);
});

Deno.test("Twenty turns that share a signal leave no process and no listener", async () => {
  await using real = await realCodex(() => modelAnswer(modelMessage("ok")));
  const { signal, listening } = countListeners();
  for (let round = 0; round < 10; round += 1) {
    const thread = real.codex.startThread(real.inRepo);
    const streamed = await thread.runStreamed("Hi", { signal });
    const waiting = thread.run("Hi", { signal });
    for await (const event of streamed.events) {
      if (event.type === "turn.started") break;
    }
    assertEquals((await waiting).finalResponse, "ok");
  }
  assertEquals(listening(), 0);
  await assertNothingRuns(real.home);
});

Deno.test("Thread.run reports the signal that killed the CLI, and keeps the items", async () => {
  await using real = await realCodex([
    modelAnswer(
      modelReasoning("Still here"),
      modelCommand(`echo ready; ${SLEEP}`),
    ),
  ]);
  const streamed = await real.codex.startThread(real.inRepo)
    .runStreamed("Sleep");
  let killed = 0;
  const error = await assertRejects(async () => {
    for await (const event of streamed.events) {
      if (event.type !== "item.started") continue;
      const [cli, ...more] = (await findCliProcesses(real.home))
        .filter((process) => process.command.includes("--experimental-json"));
      assertEquals(more, []);
      // An id of 0 would mean this process's whole group.
      assert(cli !== undefined);
      killed = performance.now();
      Deno.kill(cli.pid, "SIGKILL");
    }
  }, CodexExecError);
  // The agent's command may hold the pipe; the turn does not wait for it.
  assertLess(performance.now() - killed, MINUTE_MS);
  assertMatch(error.message, /^codex was ended by SIGKILL/);
  assertEquals([error.code, error.signal, error.exitCode], [
    "exited",
    "SIGKILL",
    null,
  ]);
  assertEquals(error.items.map((item) => item.type), ["reasoning"]);
  // The sender of SIGKILL has to end the processes that it leaves (facts F20).
  for (const { pid } of await findCliProcesses(real.home)) {
    try {
      Deno.kill(pid, "SIGKILL");
    } catch {
      // It ended together with the one before it.
    }
  }
});

/** Creates a signal that counts its listeners. */
function countListeners(): { signal: AbortSignal; listening: () => number } {
  const { signal } = new AbortController();
  const listeners = new Set<unknown>();
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  let calls = 0;
  signal.addEventListener = (
    type: string,
    listener: EventListener,
    options?: AddEventListenerOptions,
  ): void => {
    calls += 1;
    listeners.add(listener);
    options?.signal?.addEventListener(
      "abort",
      () => listeners.delete(listener),
    );
    add(type, listener, options);
  };
  signal.removeEventListener = (
    type: string,
    listener: EventListener,
  ): void => {
    listeners.delete(listener);
    remove(type, listener);
  };
  return {
    signal,
    listening(): number {
      assert(calls > 0, "The signal was never listened to");
      return listeners.size;
    },
  };
}
