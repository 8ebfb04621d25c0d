/**
 * Tests a CLI that does not read its prompt, or reads all of it.
 *
 * @module
 */

import assert from "node:assert/strict";
import {
  CodexCancelledError,
  CodexExecError,
  CodexInputError,
} from "@acodex/sdk";
import { behaviour, EXEC } from "../support/behaviour.ts";
import { inTime, rejection } from "../support/expect.ts";
import {
  completedTurn,
  print,
  prints,
  script,
} from "../../../src/testing/fake.ts";
import { fakeCli } from "../support/fake_cli.ts";
import { pause } from "../support/test_context.ts";

/** The longest possible prompt, 4 MiB: more than any pipe holds. */
const PROMPT = "𝕏".repeat(1_048_576);

/** Prints a turn without reading the prompt. */
const PRINT = print(...completedTurn("fine"));

behaviour(
  "The longest prompt arrives whole, and a longer one is rejected",
  async (context) => {
    const { thread, note, hasNote } = fakeCli(context, [
      script('wc -c > "$FAKE_HOME/bytes"'),
      PRINT,
    ]);
    await rejection(thread.run(`${PROMPT}x`), CodexInputError);
    assert.ok(!hasNote("bytes"));
    assert.equal((await thread.run(PROMPT)).finalResponse, "fine");
    assert.equal(Number(await note("bytes")), 4_194_304);
  },
  { clients: EXEC },
);

behaviour(
  // Facts R3.
  "An exit before the prompt is read is reported with its code and stderr",
  async (context) => {
    const { thread } = fakeCli(context, [
      prints("no, thanks\n", { to: "stderr" }),
      "exit 3",
    ]);
    const error = await rejection(thread.run(PROMPT), CodexExecError);
    assert.equal(error.code, "exited");
    assert.deepEqual([error.exitCode, error.signal], [3, null]);
    assert.equal(error.message, "codex exited with code 3: no, thanks");
    assert.equal(error.stderr, "no, thanks\n");
    assert.doesNotMatch(error.message, /EPIPE/);
  },
  { clients: EXEC },
);

behaviour(
  "A turn may complete without the prompt being read",
  async (context) => {
    const { thread } = fakeCli(context, PRINT);
    for (let time = 0; time < 3; time += 1) {
      assert.equal((await thread.run(PROMPT)).finalResponse, "fine");
    }
  },
  { clients: EXEC },
);

behaviour("A CLI may close its stdin", async (context) => {
  const { thread } = fakeCli(context, ["close in", "sleep 0.3", PRINT]);
  assert.equal((await thread.run(PROMPT)).finalResponse, "fine");
}, { clients: EXEC });

behaviour(
  "A CLI that never reads stdin and does not exit is ended",
  async (context) => {
    const { thread } = fakeCli(context, [PRINT, "stay"]);
    const turn = await inTime(10_000, () => thread.run(PROMPT));
    assert.equal(turn.finalResponse, "fine");
  },
  { clients: EXEC },
);

behaviour(
  "A turn is aborted while its prompt waits to be read",
  async (context) => {
    const { thread, note } = fakeCli(context, ["note here here", "stay"]);
    const controller = new AbortController();
    const running = rejection(
      thread.run(PROMPT, { signal: controller.signal }),
      CodexCancelledError,
    );
    await note("here");
    await pause(100);
    controller.abort();
    const { signal } = await inTime(5_000, () => running);
    assert.equal(signal, "SIGINT");
  },
  { clients: EXEC },
);
