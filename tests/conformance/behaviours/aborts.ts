/**
 * Turns of the real CLI that their consumer ends.
 *
 * @module
 */

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { CodexCancelledError } from "@acodex/sdk";
import {
  answer,
  command,
  hanging,
  message,
  reasoning,
} from "../../../src/testing/model.ts";
import { behaviour } from "../support/behaviour.ts";
import { assertCause, inTime, rejection } from "../support/expect.ts";
import {
  CAN_SEE_PROCESSES,
  processesOf,
} from "../../../src/testing/processes.ts";
import { realCli } from "../support/real_cli.ts";
import { type Setting, until } from "../support/setting.ts";
import { countedController } from "../../../src/testing/counted_signal.ts";

/** How long an end may take on a busy machine, in ms; the command lasts far longer. */
const SOON_MS = 10_000;

/** An agent that says something and then lets a command run. */
const SLEEPING = answer(reasoning("I am tired"), command("sleep 61.5"));

/** Waits until the command runs. */
async function commandRuns(setting: Setting): Promise<void> {
  if (!CAN_SEE_PROCESSES) return;
  await until(
    "the command runs",
    () =>
      processesOf(setting.folder).some(({ command }) =>
        command.startsWith("sleep 61.5")
      ),
    20_000,
  );
}

behaviour("An abort before a turn does not start the CLI", async (setting) => {
  const { codex, home, inRepo } = await realCli(setting, []);
  const reason = new Error("Never mind");
  const error = await rejection(
    codex.startThread(inRepo).run("Hi", { signal: AbortSignal.abort(reason) }),
    CodexCancelledError,
  );
  assertCause(error, reason);
  // The CLI fills its home as soon as it starts.
  assert.deepEqual(readdirSync(home), []);
});

behaviour(
  "An abort during a command ends it, and the thread can go on",
  async (setting) => {
    const { codex, model, inRepo } = await realCli(setting, [
      SLEEPING,
      answer(message("Awake")),
    ]);
    const thread = codex.startThread(inRepo);
    const { controller, signal, listeners } = countedController();
    const cancelled = rejection(
      thread.run("Sleep", { signal }),
      CodexCancelledError,
    );
    await commandRuns(setting);
    await inTime(SOON_MS, async () => {
      controller.abort();
      const error = await cancelled;
      assert.equal(error.name, "AbortError");
      assert.equal(error.threadId, thread.id);
      assert.deepEqual(error.items.map((item) => item.type), ["reasoning"]);
    });
    assert.equal(listeners(), 0);
    assert.deepEqual(processesOf(setting.folder), []);
    assert.equal((await thread.run("Wake up")).finalResponse, "Awake");
    assert.ok(model.requests[1]?.text.includes("turn_aborted"));
  },
);

behaviour(
  "An abort while the model says nothing ends the turn",
  async (setting) => {
    const { codex, model, inRepo } = await realCli(setting, [
      hanging(message("So far")),
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
    assert.equal(error.items.length, 1);
    assert.equal((await model.settled(1)).outcome, "client-gone");
  },
);

behaviour("An abort at turn.completed changes nothing", async (setting) => {
  const { codex, inRepo } = await realCli(setting, [answer(message("Done"))]);
  const { controller, signal, listeners } = countedController();
  const streamed = await codex.startThread(inRepo).runStreamed("Hi", {
    signal,
  });
  for await (const event of streamed.events) {
    if (event.type === "turn.completed") controller.abort();
  }
  assert.equal(streamed.result.finalResponse, "Done");
  assert.equal(listeners(), 0);
});

behaviour("Leaving the loop during a command ends it", async (setting) => {
  const { codex, inRepo } = await realCli(setting, [SLEEPING]);
  const streamed = await codex.startThread(inRepo).runStreamed("Sleep");
  let left = 0;
  for await (const event of streamed.events) {
    if (
      event.type !== "item.started" || event.item.type !== "command_execution"
    ) continue;
    await commandRuns(setting);
    left = Date.now();
    break;
  }
  assert.ok(left > 0 && Date.now() - left < SOON_MS);
  assert.deepEqual(processesOf(setting.folder), []);
});

behaviour(
  "A thread goes on after its loop was left at turn.completed",
  async (setting) => {
    const { codex, client, model, inRepo } = await realCli(setting, [
      answer(message("First answer")),
      answer(message("Second answer")),
      answer(message("Third answer")),
    ]);
    const thread = codex.startThread(inRepo);
    const streamed = await thread.runStreamed("First question");
    for await (const event of streamed.events) {
      if (event.type === "turn.completed") break;
    }
    const turn = await thread.run("Second question");
    assert.equal(turn.finalResponse, "Second answer");
    assert.ok(model.requests[1]?.text.includes("First answer"));
    await client().resumeThread(thread.id ?? "", inRepo).run("Third question");
    assert.ok(model.requests[2]?.text.includes("Second answer"));
  },
);

behaviour("Disposing ends a turn of the real CLI", async (setting) => {
  const { codex, inRepo } = await realCli(setting, [SLEEPING]);
  const streamed = await codex.startThread(inRepo).runStreamed("Sleep");
  await streamed.events.next();
  await inTime(SOON_MS, () => streamed[Symbol.asyncDispose]());
  assert.deepEqual(processesOf(setting.folder), []);
});
