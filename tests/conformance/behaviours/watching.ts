/**
 * Tests the listeners of a client: what they receive about turns and processes, and how
 * their errors are reported.
 *
 * @module
 */

import assert from "node:assert/strict";
import { CodexExecError, type Listeners } from "@acodex/sdk";
import {
  completedTurn,
  print,
  prints,
  printTurn,
} from "../../../src/testing/fake.ts";
import { behaviour } from "../support/behaviour.ts";
import { rejection } from "../support/expect.ts";
import { fakeCli } from "../support/fake_cli.ts";
import { realCli } from "../support/real_cli.ts";
import { modelHang } from "@acodex/sdk/testing";

// A blocked thread cannot run functions, and a server is one process for many turns.
const CLIENTS = { clients: ["async"] } as const;

const KEY = "key-that-nobody-sees";

/** Returns listeners that record what they are called with, in order. */
function notes(): {
  readonly told: unknown[][];
  readonly listeners: Listeners;
} {
  const told: unknown[][] = [];
  const listeners: Listeners = {
    onEvent: ({ type }, { threadId }) => told.push([type, threadId !== null]),
    onDiagnostic: ({ kind }) => told.push([kind]),
    onStderr: (text) => told.push(["stderr", text]),
    onSpawn: ({ argv }) => told.push(["spawn", argv[0]]),
    onExit: ({ exitCode, signal }) => told.push(["exit", exitCode, signal]),
  };
  return { told, listeners };
}

behaviour(
  "Listeners are called throughout a turn, from the start of its CLI to its exit",
  async (context) => {
    const [opened = "", ...rest] = completedTurn("fine");
    const { told, listeners } = notes();
    const { thread } = fakeCli(context, [
      "read",
      print(opened, "no event"),
      prints(`The key is ${KEY}\nand no more\n`, { to: "stderr" }),
      print(...rest),
      "exit 3",
    ], { apiKey: KEY, ...listeners });
    const turn = await thread.run("Hi");
    assert.deepEqual(told[0], ["spawn", "exec"]);
    assert.deepEqual(told.at(-1), ["exit", 3, null]);
    const stderr = told.filter(([what]) => what === "stderr");
    assert.equal(
      stderr.map(([, text]) => text).join(""),
      "The key is [redacted]\nand no more\n",
    );
    // Its position among the events depends on how the output was chunked.
    assert.equal(told.filter(([what]) => what === "noise").length, 1);
    assert.deepEqual(
      told.slice(1, -1).filter(([what]) =>
        what !== "stderr" && what !== "noise"
      ),
      [
        ["thread.started", true],
        ["turn.started", true],
        ["item.completed", true],
        ["turn.completed", true],
      ],
    );
    assert.deepEqual(turn.warnings, [
      "codex exited with code 3 after the turn was complete",
    ]);
  },
  CLIENTS,
);

behaviour(
  "Errors that listeners throw are warnings of the turn, and do not fail it",
  async (context) => {
    const fail = (what: string) => (): never => {
      throw new Error(`${what} of ${KEY}`);
    };
    const { thread } = fakeCli(context, printTurn("fine"), {
      apiKey: KEY,
      onEvent: fail("Sync"),
      onSpawn: () => Promise.reject(new Error("Later")),
      onExit: fail("Exit"),
    });
    const turn = await thread.run("Hi");
    assert.equal(turn.finalResponse, "fine");
    assert.deepEqual([...turn.warnings].sort(), [
      "The listener onEvent failed 4 times, first: Sync of [redacted]",
      "The listener onExit failed: Exit of [redacted]",
      "The listener onSpawn failed: Later",
    ]);
  },
  CLIENTS,
);

behaviour(
  "onExit is called for a CLI that is ended, and for one that fails",
  async (context) => {
    const watching = notes();
    const { client, inRepo } = await realCli(context, [modelHang()]);
    const codex = client(watching.listeners);
    const streamed = await codex.startThread(inRepo).runStreamed("Hi");
    for await (const event of streamed) {
      if (event.type === "turn.started") break;
    }
    assert.equal(watching.told.at(-1)?.[0], "exit");
    const failing = notes();
    const { thread } = fakeCli(
      context,
      [prints("no\n", { to: "stderr" }), "exit 1"],
      failing.listeners,
    );
    await rejection(thread.run("Hi"), CodexExecError);
    assert.deepEqual(failing.told, [
      ["spawn", "exec"],
      ["stderr", "no\n"],
      ["exit", 1, null],
    ]);
  },
  CLIENTS,
);
