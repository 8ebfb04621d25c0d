/**
 * Tests large amounts of output, and output that is cut short.
 *
 * @module
 */

import assert from "node:assert/strict";
import {
  CodexExecError,
  CodexLineTooLongError,
  CodexProtocolError,
} from "@acodex/sdk";
import { behaviour, EXEC } from "../support/behaviour.ts";
import { rejection } from "../support/expect.ts";
import {
  completedTurn,
  type FakeStep,
  type FakeSteps,
  print,
  prints,
  script,
} from "../../../src/testing/fake.ts";
import { fakeCli } from "../support/fake_cli.ts";
import { pause } from "../support/test_context.ts";

/** The lines before and after the answer. */
const [STARTED = "", BEGUN = "", ANSWER = "", COMPLETED = ""] = completedTurn(
  "fine",
);

/** Reads the prompt and begins a turn. */
const BEGIN: FakeSteps = ["read", print(STARTED, BEGUN)];

/** Prints `count` events, numbered from 1. */
function updates(count: number): FakeStep {
  return script(
    `seq ${count} | sed 's/.*/{"type":"item.updated","item":{"id":"&","type":"reasoning","text":"some words"}}/'`,
  );
}

behaviour("20 MB of stderr do not block a turn", async (context) => {
  const { thread } = fakeCli(context, [
    BEGIN,
    prints("a line of twenty chars\n", { to: "stderr", times: 869_565 }),
    prints("the last words\n", { to: "stderr" }),
    print(ANSWER),
    "exit 5",
  ]);
  const error = await rejection(thread.run("Hi"), CodexExecError);
  assert.equal(error.exitCode, 5);
  assert.deepEqual(error.items.map((item) => item.type), ["agent_message"]);
  assert.ok(error.stderr.endsWith("the last words\n"));
  assert.ok(error.stderr.length <= 65_536 && error.stderr.length > 60_000);
}, { clients: EXEC });

behaviour("200,000 events arrive in order", async (context) => {
  const { thread } = fakeCli(context, [
    BEGIN,
    updates(200_000),
    print(ANSWER, COMPLETED),
  ]);
  const streamed = await thread.runStreamed("Hi");
  let count = 0;
  for await (const event of streamed.events) {
    if (event.type !== "item.updated") continue;
    count += 1;
    assert.ok("id" in event.item && event.item.id === String(count));
  }
  assert.equal(count, 200_000);
  assert.equal(streamed.result.finalResponse, "fine");
}, { timeoutMs: 60_000, clients: EXEC });

behaviour("A line of 32 MiB arrives whole", async (context) => {
  const { thread } = fakeCli(context, [
    BEGIN,
    prints(
      '{"type":"item.completed","item":{"id":"a","type":"agent_message","text":"',
    ),
    prints("x", { times: 33_554_432 }),
    'line "}}',
    print(COMPLETED),
  ]);
  const turn = await thread.run("Hi");
  assert.equal(turn.finalResponse.length, 33_554_432);
}, { clients: EXEC });

behaviour(
  "A line over maxLineBytes ends the turn and the CLI",
  async (context) => {
    const { thread } = fakeCli(
      context,
      [BEGIN, print(ANSWER), script("yes x | tr -d '\\n'")],
      { maxLineBytes: 100_000 },
    );
    const error = await rejection(thread.run("Hi"), CodexLineTooLongError);
    assert.equal(error.code, "line_too_long");
    assert.equal(error.lineNumber, 4);
    assert.equal(error.items.length, 1);
    assert.notEqual(error.threadId, null);
  },
  { clients: EXEC },
);

behaviour(
  "A line that is cut short by a crash is reported as the crash",
  async (context) => {
    const { thread } = fakeCli(context, [
      "read",
      print(STARTED, ANSWER),
      prints("out of luck\n", { to: "stderr" }),
      prints('{"type":"turn.comp'),
      "exit 101",
    ]);
    const error = await rejection(thread.run("Hi"), CodexExecError);
    assert.equal(error.exitCode, 101);
    assert.match(error.message, /out of luck/);
    assert.equal(error.items.length, 1);
  },
  { clients: EXEC },
);

behaviour(
  "A line that is cut short without a crash is a protocol error",
  async (context) => {
    const { thread } = fakeCli(context, [
      "read",
      print(STARTED, ANSWER),
      prints('{"type":"turn.comp'),
    ]);
    const error = await rejection(thread.run("Hi"), CodexProtocolError);
    assert.equal(error.code, "invalid_json");
    assert.equal(error.lineNumber, 3);
    assert.equal(error.items.length, 1);
  },
  { clients: EXEC },
);

behaviour(
  "A slow consumer slows the CLI and loses nothing",
  async (context) => {
    const { thread, hasNote, note } = fakeCli(context, [
      BEGIN,
      updates(150_000),
      "note done done",
      print(ANSWER, COMPLETED),
    ]);
    const streamed = await thread.runStreamed("Hi");
    let count = 0;
    for await (const event of streamed.events) {
      if (event.type !== "item.updated") continue;
      count += 1;
      // Without backpressure, the script would be done in a quarter of a second.
      if (count === 1) await pause(2_000);
      if (count === 1) assert.ok(!hasNote("done"), "12 MB were read ahead");
    }
    assert.equal(await note("done"), "done");
    assert.equal(count, 150_000);
  },
  { timeoutMs: 60_000, clients: EXEC },
);

behaviour(
  "A busy host loses nothing of a CLI that exits at once",
  async (context) => {
    const { thread } = fakeCli(context, [
      "read",
      print(STARTED, ANSWER, COMPLETED),
    ]);
    // Node discards output whose reading has not begun when the child exits.
    const busy = setInterval(() => {
      for (const end = Date.now() + 40; Date.now() < end;);
    }, 1);
    context.after(() => clearInterval(busy));
    for (let time = 0; time < 5; time += 1) {
      assert.equal((await thread.run("Hi")).finalResponse, "fine");
    }
  },
  { clients: EXEC },
);
