/**
 * Tests turns of the real CLI that their consumer ends.
 *
 * @module
 */

import assert from "node:assert/strict";
import {
  CodexCancelledError,
  CodexThreadStreamNotConsumedError,
  type StreamedTurn,
} from "@acodex/sdk";
import {
  modelAnswer,
  modelCommand,
  modelHang,
  modelMessage,
  modelReasoning,
} from "@acodex/sdk/testing";
import { behaviour, EXEC } from "../support/behaviour.ts";
import { CLIENT } from "../support/client.ts";
import { assertCause, inTime, rejection } from "../support/expect.ts";
import {
  CAN_SEE_PROCESSES,
  findProcesses,
} from "../../../src/testing/processes.ts";
import { realCli } from "../support/real_cli.ts";
import { type TestContext, until } from "../support/test_context.ts";
import { countedController } from "../../../src/testing/counted_signal.ts";

/** The time that ending a turn may take on a busy machine, in ms; the command lasts far longer. */
const SOON_MS = 10_000;

/** An agent that says something and then lets a command run. */
const SLEEPING = modelAnswer(
  modelReasoning("I am tired"),
  modelCommand("sleep 61.5"),
);

/** Waits until the command runs. */
async function commandRuns(context: TestContext): Promise<void> {
  if (!CAN_SEE_PROCESSES) return;
  await until(
    "the command runs",
    () =>
      findProcesses(context.folder).some(({ command }) =>
        command.startsWith("sleep 61.5")
      ),
    20_000,
  );
}

/** Fails if a turn has left a process; the server stays, because turns share it. */
function turnsLeaveNothing(context: TestContext): void {
  const left = findProcesses(context.folder).filter(({ command }) =>
    CLIENT !== "server" || command.startsWith("sleep")
  );
  assert.deepEqual(left, []);
}

/** Reads a turn's events until the agent has begun its command, and waits until that runs. */
async function untilCommand(
  context: TestContext,
  { events }: StreamedTurn,
): Promise<void> {
  for (;;) {
    const { done, value } = await events.next();
    assert.ok(!done, "The events ended before a command began");
    if (value.type !== "item.started") continue;
    if (value.item.type === "command_execution") break;
  }
  await commandRuns(context);
}

behaviour("An abort before a turn does not start the CLI", async (context) => {
  const { codex, hasStarted, inRepo } = await realCli(context, []);
  const reason = new Error("Never mind");
  const error = await rejection(
    codex.startThread(inRepo).run("Hi", { signal: AbortSignal.abort(reason) }),
    CodexCancelledError,
  );
  assertCause(error, reason);
  assert.equal(hasStarted(), false);
});

// Facts F15.
behaviour(
  "An abort during a command ends it, and the thread can continue",
  async (context) => {
    const { codex, model, inRepo } = await realCli(context, [
      SLEEPING,
      modelAnswer(modelMessage("Awake")),
    ]);
    const thread = codex.startThread(inRepo);
    const { controller, signal, listeners } = countedController();
    const cancelled = rejection(
      thread.run("Sleep", { signal }),
      CodexCancelledError,
    );
    await commandRuns(context);
    const reason = new Error("I changed my mind");
    await inTime(SOON_MS, async () => {
      controller.abort(reason);
      const error = await cancelled;
      assert.deepEqual([error.name, error.code], ["AbortError", "ABORT_ERR"]);
      assertCause(error, reason);
      assert.notEqual(thread.id, null);
      assert.equal(error.threadId, thread.id);
      // The server also reports a command that is cut off, if it had reported its start.
      const types = error.items.map((item) => item.type).filter((type) =>
        CLIENT !== "server" || type !== "command_execution"
      );
      assert.deepEqual(types, ["reasoning"]);
    });
    assert.equal(listeners(), 0);
    turnsLeaveNothing(context);
    // The thread can continue, and the model learns of the abort.
    const turn = await thread.run("Wake up");
    assert.equal(turn.finalResponse, "Awake");
    // The previous total is unknown; only the server reports the turn's own share.
    assert.equal(
      turn.turnUsage?.input_tokens,
      CLIENT === "server" ? 10 : undefined,
    );
    assert.ok(model.requests[1]?.text.includes("turn_aborted"));
  },
);

behaviour(
  "An abort ends the turn while the model is silent",
  async (context) => {
    const { codex, model, inRepo } = await realCli(context, [
      modelHang(modelMessage("So far")),
    ]);
    const { controller, signal } = countedController();
    const streamed = await codex.startThread(inRepo).runStreamed("Hang", {
      signal,
    });
    const error = await rejection(
      (async () => {
        for await (const event of streamed.events) {
          if (event.type === "item.completed") controller.abort();
        }
      })(),
      CodexCancelledError,
    );
    assertCause(error, signal.reason);
    assert.equal(error.items.length, 1);
    assert.throws(() => streamed.result, (again) => again === error);
    assert.equal((await model.settled(1)).outcome, "client-gone");
  },
);

behaviour("An abort at turn.completed changes nothing", async (context) => {
  const { codex, inRepo } = await realCli(context, [
    modelAnswer(modelMessage("Done")),
  ]);
  const { controller, signal, listeners } = countedController();
  const streamed = await codex.startThread(inRepo).runStreamed("Hi", {
    signal,
  });
  for await (const event of streamed.events) {
    if (event.type === "turn.completed") controller.abort();
  }
  assert.equal(streamed.result.finalResponse, "Done");
  assert.deepEqual(streamed.result.warnings, []);
  assert.equal(listeners(), 0);
});

behaviour("Leaving the loop during a command ends it", async (context) => {
  const { codex, inRepo } = await realCli(context, [SLEEPING]);
  const streamed = await codex.startThread(inRepo).runStreamed("Sleep");
  let left = 0;
  for await (const event of streamed.events) {
    if (
      event.type !== "item.started" || event.item.type !== "command_execution"
    ) continue;
    await commandRuns(context);
    left = Date.now();
    break;
  }
  // The loop ends only once nothing of the turn is left.
  assert.ok(left > 0 && Date.now() - left < SOON_MS);
  turnsLeaveNothing(context);
  assert.throws(() => streamed.result, CodexThreadStreamNotConsumedError);
});

// Facts F26.
behaviour(
  "A thread continues after its loop was left at turn.completed",
  async (context) => {
    const { codex, client, model, inRepo } = await realCli(context, [
      modelAnswer(modelMessage("First answer")),
      modelAnswer(modelMessage("Second answer")),
      modelAnswer(modelMessage("Third answer")),
    ]);
    const thread = codex.startThread(inRepo);
    const streamed = await thread.runStreamed("First question");
    for await (const event of streamed.events) {
      if (event.type === "turn.completed") break;
    }
    const turn = await thread.run("Second question");
    assert.equal(turn.finalResponse, "Second answer");
    // The first turn was complete, so its total is known.
    assert.equal(turn.turnUsage?.input_tokens, 10);
    assert.ok(model.requests[1]?.text.includes("First answer"));
    await client().resumeThread(thread.id ?? "", inRepo).run("Third question");
    assert.ok(model.requests[2]?.text.includes("Second answer"));
  },
  { clients: EXEC },
);

behaviour("Disposing ends a turn of the real CLI", async (context) => {
  const { codex, inRepo } = await realCli(context, [SLEEPING]);
  const streamed = await codex.startThread(inRepo).runStreamed("Sleep");
  await untilCommand(context, streamed);
  // While the command runs, no further event comes. A blocked thread cannot ask for one.
  const next = CLIENT === "async" ? streamed.events.next() : undefined;
  await inTime(SOON_MS, () => streamed[Symbol.asyncDispose]());
  if (next) assert.deepEqual(await next, { value: undefined, done: true });
  turnsLeaveNothing(context);
});
