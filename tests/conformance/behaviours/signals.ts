/**
 * Tests abort signals that have other listeners, or that are not the runtime's.
 *
 * @module
 */

import assert from "node:assert/strict";
import { CodexCancelledError, CodexInternalError } from "@acodex/sdk";
import { AbortController as LibraryController } from "abort-controller";
import pMap from "p-map";
import { behaviour, EXEC } from "../support/behaviour.ts";
import { CLIENT } from "../support/client.ts";
import { assertCause, inTime, rejection } from "../support/expect.ts";
import { type FakeSteps, printTurn } from "../../../src/testing/fake.ts";
import { fakeCli } from "../support/fake_cli.ts";

/** A CLI that runs for long, and exits when it gets a signal. */
const HANGING: FakeSteps = ["note here here", "stay"];

/** The time that ending a turn may take on a busy machine, in ms; the CLI would take a minute. */
const SOON_MS = 15_000;

// Facts R22, R23.
/** Ways in which other code listens to a signal before a turn does. */
const LISTENERS: { readonly [how: string]: (signal: AbortSignal) => void } = {
  "another listener first": (signal) =>
    signal.addEventListener("abort", () => {}),
  "ten listeners and onabort first": (signal) => {
    for (let index = 0; index < 10; index += 1) {
      signal.addEventListener("abort", () => {}, { once: true });
    }
    signal.onabort = () => {};
  },
  "a listener that stops the event first": (signal) =>
    signal.addEventListener("abort", (event) => {
      event.stopImmediatePropagation();
    }),
};

for (const [how, listen] of Object.entries(LISTENERS)) {
  behaviour(`An abort ends the turn with ${how}`, async (context) => {
    const { thread, note } = fakeCli(context, HANGING);
    const controller = new AbortController();
    const { signal } = controller;
    listen(signal);
    const cancelled = rejection(
      thread.run("Hi", { signal }),
      CodexCancelledError,
    );
    await note("here");
    const reason = new Error("Enough");
    const error = await inTime(SOON_MS, () => {
      controller.abort(reason);
      return cancelled;
    });
    assertCause(error, reason);
  }, { clients: EXEC });
}

behaviour(
  "A signal from AbortSignal.timeout cancels a turn",
  async (context) => {
    const { thread } = fakeCli(context, HANGING);
    const signal = AbortSignal.timeout(400);
    const error = await rejection(
      thread.run("Hi", { signal }),
      CodexCancelledError,
    );
    assert.equal(signal.reason.name, "TimeoutError");
    assertCause(error, signal.reason);
  },
  { clients: EXEC },
);

behaviour(
  "An abort ends turns that share their signal with p-map",
  async (context) => {
    const { codex, note } = fakeCli(context, HANGING);
    const controller = new AbortController();
    const { signal } = controller;
    const outcomes: Promise<CodexCancelledError>[] = [];
    const mapped = pMap([1, 2, 3], () => {
      const turn = codex.startThread({ skipGitRepoCheck: true })
        .run("Hi", { signal });
      outcomes.push(rejection(turn, CodexCancelledError));
      return turn;
    }, { signal, concurrency: 2, stopOnError: false });
    await note("here");
    await inTime(SOON_MS, async () => {
      controller.abort();
      await rejection(mapped, Error);
      assert.equal(outcomes.length, 2);
      await Promise.all(outcomes);
    });
  },
  { clients: EXEC },
);

behaviour(
  "An abort event that is dispatched without an abort does not cancel the turn",
  async (context) => {
    const { thread } = fakeCli(context, printTurn("done"));
    const { signal } = new AbortController();
    const streamed = await thread.runStreamed("Hi", { signal });
    for await (const event of streamed.events) {
      if (event.type === "thread.started") {
        signal.dispatchEvent(new Event("abort"));
      }
    }
    assert.equal(streamed.result.finalResponse, "done");
  },
  { clients: EXEC },
);

behaviour(
  "A signal of a library's AbortController lets a turn complete, or cancels it",
  async (context) => {
    const { thread } = fakeCli(context, printTurn("done"));
    const { signal } = new LibraryController();
    assert.ok(!("throwIfAborted" in signal));
    const turn = await thread.run("Hi", { signal: signal as AbortSignal });
    assert.equal(turn.finalResponse, "done");

    const hanging = fakeCli(context, HANGING);
    const controller = new LibraryController();
    const cancelled = rejection(
      hanging.thread.run("Hi", { signal: controller.signal as AbortSignal }),
      CodexCancelledError,
    );
    await hanging.note("here");
    await inTime(SOON_MS, () => {
      controller.abort();
      return cancelled;
    });
    const late = rejection(
      thread.run("Hi", { signal: controller.signal as AbortSignal }),
      CodexCancelledError,
    );
    await late;
  },
  { clients: EXEC },
);

behaviour(
  "A signal whose addEventListener throws is an internal error, not a cancellation",
  async (context) => {
    const { thread, hasNote } = fakeCli(context, HANGING);
    const signal = new AbortController().signal;
    Object.assign(signal, {
      addEventListener(): never {
        throw new TypeError("Not today");
      },
    });
    const error = await rejection(
      thread.run("Hi", { signal }),
      CLIENT === "async" ? CodexInternalError : Error,
    );
    assert.match(error.message, /Not today$/);
    assert.ok(!hasNote("here"));
  },
  { clients: EXEC },
);
