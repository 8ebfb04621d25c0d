/**
 * Tests turns that their consumer ends, on a CLI that would run for a minute.
 *
 * @module
 */

import assert from "node:assert/strict";
import {
  CodexCancelledError,
  CodexThreadStreamNotConsumedError,
} from "@acodex/sdk";
import { behaviour, EXEC } from "../support/behaviour.ts";
import { assertCause, collect, inTime, rejection } from "../support/expect.ts";
import {
  completedTurn,
  type FakeSteps,
  print,
  printTurn,
} from "../../../src/testing/fake.ts";
import { fakeCli } from "../support/fake_cli.ts";
import { findProcesses, isRunning } from "../../../src/testing/processes.ts";
import { pause } from "../support/test_context.ts";
import { countedController } from "../../../src/testing/counted_signal.ts";

/** The time that ending a turn may take on a busy machine, in ms; the CLI would run for far longer. */
const SOON_MS = 10_000;

/** Begins a turn, notes its process and does not exit. */
const ENDLESS: FakeSteps = [
  "pid pid",
  "read",
  print(...completedTurn("").slice(0, 2)),
  "stay",
];

behaviour(
  "A turn whose signal is already aborted does not start the CLI",
  async (context) => {
    const { thread, hasNote } = fakeCli(context, ENDLESS);
    const reason = new Error("no need");
    const error = await rejection(
      thread.run("Hi", { signal: AbortSignal.abort(reason) }),
      CodexCancelledError,
    );
    assertCause(error, reason);
    assert.deepEqual([error.name, error.code], ["AbortError", "ABORT_ERR"]);
    assert.deepEqual([error.exitCode, error.signal], [null, null]);
    assert.deepEqual(error.items, []);
    await pause(100);
    assert.ok(!hasNote("pid"));
  },
  { clients: EXEC },
);

behaviour(
  "An abort while the CLI runs ends the turn, and keeps the items so far",
  async (context) => {
    const { thread, note } = fakeCli(context, [
      "pid pid",
      "read",
      print(...completedTurn("Hi").slice(0, 3)),
      "stay",
    ]);
    const { controller, signal, listeners, most, added } = countedController();
    const streamed = await thread.runStreamed("Hi", { signal });
    const types: string[] = [];
    let abortedAt = 0;
    const error = await rejection(
      (async () => {
        for await (const event of streamed.events) {
          types.push(event.type);
          if (event.type !== "item.completed") continue;
          abortedAt = Date.now();
          controller.abort("enough");
        }
      })(),
      CodexCancelledError,
    );
    assert.ok(Date.now() - abortedAt < SOON_MS);
    assertCause(error, "enough");
    // Items that were printed before are not lost.
    assert.deepEqual(types, [
      "thread.started",
      "turn.started",
      "item.completed",
    ]);
    assert.equal(error.items.length, 1);
    assert.notEqual(error.threadId, null);
    assert.equal(error.signal, "SIGINT");
    assert.ok(!isRunning(Number(await note("pid"))));
    assert.deepEqual([listeners(), most(), added()], [0, 1, 1]);
  },
  { clients: EXEC },
);

behaviour("An abort after the end changes nothing", async (context) => {
  const { thread } = fakeCli(context, printTurn("fine"));
  const { controller, signal, listeners } = countedController();
  const streamed = await thread.runStreamed("Hi", { signal });
  await collect(streamed);
  assert.equal(listeners(), 0);
  controller.abort();
  await pause(50);
  assert.equal(streamed.result.finalResponse, "fine");
  assert.equal((await thread.run("Again")).finalResponse, "fine");
}, { clients: EXEC });

behaviour("Leaving the loop ends the CLI", async (context) => {
  const { thread, note } = fakeCli(context, ENDLESS);
  const { signal, listeners } = countedController();
  const streamed = await thread.runStreamed("Hi", { signal });
  await inTime(SOON_MS, async () => {
    for await (const event of streamed.events) {
      if (event.type === "thread.started") break;
    }
  });
  assert.ok(!isRunning(Number(await note("pid"))));
  assert.equal(listeners(), 0);
  assert.throws(() => streamed.result, CodexThreadStreamNotConsumedError);
}, { clients: EXEC });

behaviour(
  "An error thrown in the loop ends the CLI and is rethrown",
  async (context) => {
    const { thread, note } = fakeCli(context, ENDLESS);
    const streamed = await thread.runStreamed("Hi");
    const mine = new TypeError("mine");
    const caught = await rejection(
      (async () => {
        for await (const _ of streamed.events) throw mine;
      })(),
      TypeError,
    );
    assert.equal(caught, mine);
    assert.ok(!isRunning(Number(await note("pid"))));
  },
  { clients: EXEC },
);

behaviour(
  "Disposing ends the CLI, keeps one from starting before the first event, and may be repeated",
  async (context) => {
    const { thread, note, hasNote } = fakeCli(context, ENDLESS);
    const unused = await thread.runStreamed("Hi");
    await unused[Symbol.asyncDispose]();
    assert.ok(!hasNote("pid"));
    const streamed = await thread.runStreamed("Hi");
    await streamed.events.next();
    await inTime(SOON_MS, () => streamed[Symbol.asyncDispose]());
    assert.ok(!isRunning(Number(await note("pid"))));
    await streamed[Symbol.asyncDispose]();
    assert.deepEqual(await streamed.events.next(), {
      done: true,
      value: undefined,
    });
  },
  { clients: EXEC },
);

behaviour(
  "return() ends the CLI while next() is pending",
  async (context) => {
    const { thread, note } = fakeCli(context, ENDLESS);
    const streamed = await thread.runStreamed("Hi");
    await streamed.events.next();
    await streamed.events.next();
    const waiting = streamed.events.next();
    await pause(100);
    await inTime(SOON_MS, () => streamed.events.return());
    assert.deepEqual(await waiting, { done: true, value: undefined });
    assert.ok(!isRunning(Number(await note("pid"))));
  },
  // A blocked thread cannot call anything while it waits for an event.
  { clients: ["async"] },
);

behaviour("Cancelling the readable stream ends the CLI", async (context) => {
  const { thread, note } = fakeCli(context, ENDLESS);
  const streamed = await thread.runStreamed("Hi");
  const reader = streamed.readable.getReader();
  assert.equal((await reader.read()).value?.type, "thread.started");
  await inTime(SOON_MS, () => reader.cancel());
  assert.ok(!isRunning(Number(await note("pid"))));
  // A web stream is asynchronous; the blocking client has no such stream.
}, { clients: ["async"] });

behaviour(
  "An abort while the CLI is being started ends the turn",
  async (context) => {
    const { thread } = fakeCli(context, ENDLESS);
    for (let ticks = 0; ticks < 12; ticks += 1) {
      const { controller, signal, listeners } = countedController();
      const running = rejection(
        thread.run("Hi", { signal }),
        CodexCancelledError,
      );
      for (let tick = 0; tick < ticks; tick += 1) await pause(0);
      controller.abort();
      await running;
      assert.equal(listeners(), 0);
      assert.deepEqual(findProcesses(context.folder), []);
    }
  },
  { clients: EXEC },
);

behaviour(
  "A turn that is aborted in the queue does not start the CLI",
  async (context) => {
    const { thread } = fakeCli(context, ENDLESS);
    const first = await thread.runStreamed("First");
    await first.events.next();
    const { controller, signal, listeners } = countedController();
    const second = rejection(
      thread.run("Second", { signal }),
      CodexCancelledError,
    );
    await pause(50);
    controller.abort("changed my mind");
    const error = await inTime(SOON_MS, () => second);
    assertCause(error, "changed my mind");
    assert.equal(listeners(), 0);
    await first.events.return();
    const third = await thread.runStreamed("Third");
    assert.equal((await third.events.next()).value?.type, "thread.started");
    await third.events.return();
  },
  // A blocking thread rejects a second turn while the first one runs.
  { clients: ["async"] },
);
