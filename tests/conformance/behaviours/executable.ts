/**
 * Tests the published fake executable on this runtime.
 *
 * @module
 */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { CodexThreadRunError, CodexTimeoutError } from "@acodex/sdk";
import {
  agentMessage,
  exits,
  failure,
  hang,
  prints,
  writeFakeExecutable,
} from "@acodex/sdk/testing";
import { behaviour } from "../support/behaviour.ts";
import { Codex } from "../support/client.ts";
import { rejection } from "../support/expect.ts";

/** The fake executable does not depend on the client: one column suffices. */
const ONE = { clients: ["async"] } as const;

behaviour(
  "A fake executable replaces the CLI, and records its requests",
  async (context) => {
    const fake = await writeFakeExecutable([
      failure("rate_limit"),
      [prints("no event\n"), agentMessage("Done"), hang()],
    ]);
    context.after(() => fake.remove());
    const codex = new Codex({ codexPathOverride: fake.path, env: context.env });
    const thread = codex.startThread({ skipGitRepoCheck: true });
    const failed = await rejection(thread.run("First"), CodexThreadRunError);
    assert.equal(failed.reason, "rate_limit");
    const cut = await rejection(
      thread.run("Second", { timeoutMs: 5_000 }),
      CodexTimeoutError,
    );
    assert.equal(cut.items.length, 1);
    assert.deepEqual(
      fake.requests.map(({ stdin }) => stdin),
      ["First", "Second"],
    );
    assert.ok(fake.requests[1]?.argv.includes("resume"));
    assert.ok(
      fake.requests[0]?.environmentNames.includes("CONFORMANCE_MARK"),
    );
    await fake.remove();
    assert.equal(existsSync(fake.path), false);
    assert.equal(fake.requests.length, 2);
  },
  ONE,
);

behaviour(
  "A fake executable can be started as a program, without the client",
  async (context) => {
    const fake = await writeFakeExecutable([
      prints(new Uint8Array([0xff, 0x0a])),
      prints("x".repeat(100), { to: "stderr", times: 10_000 }),
      exits({ exitCode: 3 }),
    ]);
    context.after(() => fake.remove());
    const { status, stdout, stderr } = spawnSync(fake.path, [
      "exec",
      "two\nlines",
    ], {
      input: "é",
      maxBuffer: 10_000_000,
    });
    assert.deepEqual([...stdout], [0xff, 0x0a]);
    assert.deepEqual([status, stderr.length], [3, 1_000_000]);
    assert.deepEqual(fake.requests.map(({ argv, stdin }) => [argv, stdin]), [
      [["exec", "two\nlines"], "é"],
    ]);
  },
  ONE,
);
