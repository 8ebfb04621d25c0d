/**
 * Tests the ways in which a CLI exits, or does not exit.
 *
 * @module
 */

import assert from "node:assert/strict";
import {
  CodexCancelledError,
  CodexExecError,
  CodexIncompleteTurnError,
  CodexThreadRunError,
} from "@acodex/sdk";
import { behaviour, EXEC } from "../support/behaviour.ts";
import { inTime, rejection } from "../support/expect.ts";
import {
  completedTurn,
  type FakePipes,
  type FakeSteps,
  print,
  prints,
  printTurn,
  THREAD_ID,
} from "../../../src/testing/fake.ts";
import { endProcess } from "../../../src/testing/processes.ts";
import { fakeCli } from "../support/fake_cli.ts";
import type { TestContext } from "../support/test_context.ts";

/** The time after which a decided turn must be over, in ms, whatever its CLI does: twice the sum of all graces. */
const BOUND_MS = 15_000;

const PRINT = printTurn("fine");
const STARTED: FakeSteps = ["read", print(...completedTurn("").slice(0, 2))];
const SPOKEN: FakeSteps = [
  "read",
  print(...completedTurn("half").slice(0, 3)),
];

/** The default grace of a CLI for each signal, in ms. */
const GRACE_MS = 2_000;

behaviour(
  "An exit code without events is reported with stderr",
  async (context) => {
    const { thread } = fakeCli(context, [
      prints("Reading prompt from stdin...\nbad luck\n", { to: "stderr" }),
      "exit 7",
    ]);
    const error = await rejection(thread.run("Hi"), CodexExecError);
    assert.deepEqual([error.code, error.exitCode, error.signal], [
      "exited",
      7,
      null,
    ]);
    assert.match(error.message, /code 7: bad luck$/);
    assert.match(error.stderr, /Reading prompt/);
    assert.equal(thread.id, null);
  },
  { clients: EXEC },
);

behaviour(
  "A CLI that is ended by a signal is reported with the signal",
  async (context) => {
    const { thread } = fakeCli(context, [STARTED, "die KILL"]);
    const error = await rejection(thread.run("Hi"), CodexExecError);
    assert.deepEqual([error.code, error.exitCode, error.signal], [
      "exited",
      null,
      "SIGKILL",
    ]);
    assert.equal(error.threadId, THREAD_ID);
  },
  { clients: EXEC },
);

behaviour(
  "Exit 0 without any output is an incomplete turn",
  async (context) => {
    const { thread } = fakeCli(context, "read");
    const error = await rejection(thread.run("Hi"), CodexIncompleteTurnError);
    assert.deepEqual([error.code, error.exitCode], ["turn_incomplete", 0]);
  },
  { clients: EXEC },
);

behaviour("Exit 0 in the middle of a turn keeps its items", async (context) => {
  const { thread } = fakeCli(context, [
    "read",
    print(...completedTurn("half").slice(0, 3)),
  ]);
  const error = await rejection(thread.run("Hi"), CodexIncompleteTurnError);
  assert.deepEqual(error.items.map((item) => item.type), ["agent_message"]);
  assert.equal(error.threadId, THREAD_ID);
}, { clients: EXEC });

behaviour(
  "turn.failed is the turn's error, whatever the exit code",
  async (context) => {
    const failed = '{"type":"turn.failed","error":{"message":"No luck"}}';
    for (const code of [0, 1, 9]) {
      const { thread } = fakeCli(context, [
        "read",
        print(...completedTurn("half").slice(0, 3), failed),
        `exit ${code}`,
      ]);
      const error = await rejection(thread.run("Hi"), CodexThreadRunError);
      assert.deepEqual([error.message, error.exitCode], ["No luck", code]);
      assert.equal(error.items.length, 1);
    }
  },
  { clients: EXEC },
);

behaviour(
  "A completed turn stays completed, whatever the exit code",
  async (context) => {
    const { thread } = fakeCli(context, [PRINT, "exit 3"]);
    const turn = await thread.run("Hi");
    assert.equal(turn.finalResponse, "fine");
    assert.equal(turn.warnings.length, 1);
  },
  { clients: EXEC },
);

behaviour(
  "A CLI that lingers after turn.completed is ended",
  async (context) => {
    const { thread } = fakeCli(context, [PRINT, "stay"]);
    const turn = await inTime(BOUND_MS, () => thread.run("Hi"));
    assert.equal(turn.finalResponse, "fine");
    assert.deepEqual(turn.warnings, []);
  },
  { clients: EXEC },
);

behaviour(
  "A CLI that closes its output early may still exit",
  async (context) => {
    const { thread } = fakeCli(context, [
      STARTED,
      "close out",
      "sleep 0.3",
      prints("gave up\n", { to: "stderr" }),
      "exit 4",
    ]);
    const error = await rejection(thread.run("Hi"), CodexExecError);
    assert.equal(error.exitCode, 4);
    assert.match(error.message, /gave up/);
  },
  { clients: EXEC },
);

behaviour(
  "A CLI that closes its output and does not exit is ended",
  async (context) => {
    const { thread } = fakeCli(context, [
      SPOKEN,
      "close out",
      "close err",
      "stay",
    ]);
    const error = await inTime(
      BOUND_MS,
      () => rejection(thread.run("Hi"), CodexIncompleteTurnError),
    );
    assert.equal(error.threadId, THREAD_ID);
    assert.equal(error.items.length, 1);
  },
  { clients: EXEC },
);

/** Runs a turn whose CLI leaves a process behind that holds some of its pipes. */
async function withGrandchild(
  context: TestContext,
  pipes: FakePipes,
): Promise<void> {
  const { thread, note } = fakeCli(context, [
    "read",
    print(...completedTurn("fine").slice(0, 2)),
    `hold ${pipes}`,
    print(...completedTurn("fine").slice(2)),
  ]);
  context.after(async () => endProcess(Number(await note("held"))));
  const turn = await inTime(BOUND_MS, () => thread.run("Hi"));
  assert.equal(turn.finalResponse, "fine");
  // tests/chaos tests whether such a process is ended, too.
  endProcess(Number(await note("held")));
}

behaviour(
  "A grandchild that holds stdout does not delay the turn",
  async (context) => {
    await withGrandchild(context, "out");
  },
  { clients: EXEC },
);

behaviour(
  "A grandchild that holds stderr does not delay the turn",
  async (context) => {
    await withGrandchild(context, "err");
  },
  { clients: EXEC },
);

behaviour(
  "A grandchild that holds all pipes does not delay the turn",
  async (context) => {
    await withGrandchild(context, "all");
  },
  { clients: EXEC },
);

/** Aborts a turn whose CLI ignores signals; it gets the grace for each of them. */
async function abortStubborn(
  context: TestContext,
  ...ignored: readonly FakeSteps[]
): Promise<CodexCancelledError> {
  const { thread } = fakeCli(context, [ignored, SPOKEN, "stay"]);
  const controller = new AbortController();
  const streamed = await thread.runStreamed("Hi", {
    signal: controller.signal,
  });
  let abortedAt = Infinity;
  const error = await inTime(BOUND_MS, () =>
    rejection(
      (async () => {
        for await (const event of streamed.events) {
          if (event.type !== "item.completed") continue;
          abortedAt = performance.now();
          controller.abort();
        }
      })(),
      CodexCancelledError,
    ));
  const took = performance.now() - abortedAt;
  assert.ok(took > 0.95 * GRACE_MS * ignored.length, `${took} ms`);
  assert.equal(error.items.length, 1);
  return error;
}

behaviour("A CLI that ignores SIGINT is ended by SIGTERM", async (context) => {
  const error = await abortStubborn(context, "ignore INT");
  assert.deepEqual([error.exitCode, error.signal], [null, "SIGTERM"]);
}, { clients: EXEC });

behaviour(
  "A CLI that ignores SIGINT and SIGTERM is ended by SIGKILL",
  async (context) => {
    const error = await abortStubborn(context, "ignore INT", "ignore TERM");
    assert.deepEqual([error.exitCode, error.signal], [null, "SIGKILL"]);
  },
  { clients: EXEC },
);
