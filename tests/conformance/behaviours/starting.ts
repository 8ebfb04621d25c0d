/**
 * Tests a CLI that cannot be started.
 *
 * @module
 */

import assert from "node:assert/strict";
import { chmodSync, mkdirSync } from "node:fs";
import {
  CodexError,
  CodexExecError,
  CodexExecutableNotFoundError,
  CodexInputError,
  type CodexOptions,
} from "@acodex/sdk";
import { behaviour, EXEC } from "../support/behaviour.ts";
import { Codex } from "../support/client.ts";
import { rejection } from "../support/expect.ts";
import { FakeCli, printTurn, writeProgram } from "../../../src/testing/fake.ts";
import { fakeCli } from "../support/fake_cli.ts";
import type { TestContext } from "../support/test_context.ts";

/** Runs a turn of a client whose CLI is at a path. */
async function runAt(context: TestContext, path: string): Promise<unknown> {
  const codex = new Codex({ codexPathOverride: path, env: context.env });
  return await codex.startThread().run("Hi");
}

behaviour(
  "A missing file is reported as not found, and the next turn runs once it exists",
  async (context) => {
    const path = context.path("bin/codex");
    const codex = new Codex({ codexPathOverride: path, env: context.env });
    const thread = codex.startThread();
    const error = await rejection(
      thread.run("Hi"),
      CodexExecutableNotFoundError,
    );
    assert.equal(error.code, "executable_not_found");
    assert.ok(error.message.includes(path));
    assert.ok(error.searched.some((place) => place.includes(path)));
    assert.equal(thread.id, null);
    new FakeCli(context.path("bin"), printTurn("there"));
    assert.equal((await thread.run("Hi")).finalResponse, "there");
  },
  { clients: EXEC },
);

behaviour(
  "A name that is not on PATH is reported as not found",
  async (context) => {
    const error = await rejection(
      runAt(context, "no-such-codex-anywhere"),
      CodexExecutableNotFoundError,
    );
    assert.ok(error.searched.some((place) => place.includes("PATH")));
  },
  { clients: EXEC },
);

behaviour(
  "A file that is not executable cannot be started",
  async (context) => {
    const { thread, path } = fakeCli(context, "exit 0");
    chmodSync(path, 0o600);
    const error = await rejection(thread.run("Hi"), CodexExecError);
    assert.equal(error.code, "spawn_failed");
    assert.ok(error.message.includes(path));
    assert.equal(error.exitCode, null);
  },
  { clients: EXEC },
);

behaviour("A folder cannot be started", async (context) => {
  const path = context.path("folder");
  mkdirSync(path);
  const error = await rejection(runAt(context, path), CodexExecError);
  assert.equal(error.code, "spawn_failed");
  assert.ok(error.message.includes(path));
}, { clients: EXEC });

behaviour(
  "A missing interpreter is reported as spawn_failed",
  async (context) => {
    const path = context.path("codex");
    writeProgram(path, "#!/no/such/interpreter\n");
    const error = await rejection(runAt(context, path), CodexExecError);
    assert.equal(error.code, "spawn_failed");
    assert.ok(error.message.includes(path));
  },
  { clients: EXEC },
);

behaviour(
  "A NUL in an option is rejected before the CLI is started",
  async (context) => {
    const { codex, path, hasNote } = fakeCli(context, "note started yes");
    await rejection(
      (async () => await codex.startThread({ model: "a\0b" }).run("Hi"))(),
      CodexError,
    );
    await rejection(
      (async () => {
        const env = { ...context.env, ODD: "a\0b" };
        await new Codex({ codexPathOverride: path, env }).startThread().run(
          "Hi",
        );
      })(),
      CodexError,
    );
    assert.ok(!hasNote("started"));
  },
  { clients: EXEC },
);

behaviour("Arguments over the system's limit are an error", async (context) => {
  const short = "x".repeat(100_000);
  const cases: [options: CodexOptions, path: string][] = [
    [
      { configOverrides: ["a=1", `long="${short.repeat(40)}"`] },
      "configOverrides[1]",
    ],
    // Each fits, but all together do not.
    [
      {
        configOverrides: [
          ...Array.from({ length: 60 }, (_, at) => `a${at}="${short}"`),
          `longest="${short}xx"`,
        ],
      },
      "configOverrides[60]",
    ],
    [{ env: { ...context.env, LONG: short.repeat(40) } }, 'env["LONG"]'],
  ];
  for (const [options, path] of cases) {
    const { thread, hasNote } = fakeCli(
      context,
      "note started yes",
      options,
    );
    const error = await rejection(thread.run("Hi"), CodexInputError);
    assert.equal(error.path, path);
    assert.ok(error.message.startsWith(`${path} is too long`), error.message);
    assert.match(error.message, /it takes [\d,]+ bytes/);
    assert.ok(error.message.length < 1_000);
    assert.ok(!hasNote("started"));
  }
}, { clients: EXEC });
