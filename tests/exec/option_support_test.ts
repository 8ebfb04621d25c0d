/** Options that the installed CLI does not have (facts F71). @module */

import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import {
  Codex,
  CodexCancelledError,
  CodexExecError,
  type CodexOptions,
  CodexUnsupportedOptionError,
  type ThreadOptions,
  type Turn,
} from "../../mod.ts";
import { CodexSync } from "../../sync.ts";
import { THREAD_ID } from "../../src/testing/fake.ts";
import {
  type FakeCodex,
  fakeCodex,
  printTurn,
  script,
} from "../support/fake_codex.ts";
import { MINUTE_MS, timed } from "../../src/testing/waiting.ts";

/**
 * A fake CLI that runs one script when asked for its version and another for turns, and
 * records each run.
 */
function versioned(
  told: string,
  turn: string = "",
): Promise<FakeCodex> {
  return fakeCodex([
    script(`if [ "$1" = --version ]; then
  echo >> "$FAKE_HOME/asked"
  ${told}
  exit 0
fi
echo >> "$FAKE_HOME/run"
${turn}`),
    ...printTurn("Done"),
  ]);
}

/** A line of a script that prints a version. */
const tell = (version: string): string => `echo "codex-cli ${version}"`;

/** A line of a script that exits as the real CLI does for an unknown argument. */
const unexpected = (word: string): string =>
  `printf "error: unexpected argument '%s' found\\n\\nUsage: codex exec\\n" '${word}' >&2; exit 2`;

function run(
  fake: FakeCodex,
  thread: ThreadOptions = {},
  client: CodexOptions = {},
): Promise<Turn> {
  const shutdownGraceMs = 200;
  return new Codex({
    codexPathOverride: fake.path,
    shutdownGraceMs,
    ...client,
  }).startThread(thread).run("Hi");
}

function unsupported(turn: () => Promise<unknown>) {
  return assertRejects(turn, CodexUnsupportedOptionError);
}

Deno.test("an option that the CLI does not know is named, with the CLI's version", async () => {
  await using fake = await versioned(tell("0.140.0"), unexpected("--worktree"));
  const error = await unsupported(() => run(fake, { worktree: true }));
  assertEquals(error.code, "unsupported_option");
  assertEquals(error.path, "worktree");
  assertEquals(error.version, "0.140.0");
  const [first] = error.message.split("\n");
  for (const part of ["worktree", "0.140.0", "0.154.0", "npm install"]) {
    assertStringIncludes(first ?? "", part);
  }
  assertEquals(fake.lines("asked").length, 1);
  assertEquals(fake.lines("run").length, 1);
});

Deno.test("from the second turn on, the CLI is not started with an option that it lacks", async () => {
  await using fake = await versioned(tell("0.140.0"), unexpected("--worktree"));
  await unsupported(() => run(fake, { worktree: true }));
  const before = fake.lines("run").length;
  await unsupported(() => run(fake, { worktree: true }));
  assertEquals(fake.lines("run").length, before);
});

Deno.test("a setting that the CLI would ignore silently ends the turn", async () => {
  await using fake = await versioned(tell("0.104.0"), "sleep 60");
  const client = { baseUrl: "http://127.0.0.1:1/v1" };
  let error: CodexUnsupportedOptionError | undefined;
  const ms = await timed(async () => {
    error = await unsupported(() => run(fake, {}, client));
  });
  assertEquals([error?.path, error?.version], ["baseUrl", "0.104.0"]);
  assert(ms < MINUTE_MS / 2, `It took ${ms} ms`);
});

Deno.test("the newest option that the CLI lacks is named", async () => {
  await using fake = await versioned(tell("0.104.0"), "sleep 60");
  const error = await unsupported(() =>
    run(fake, { threadSource: "x", approveForMe: true }, { strictConfig: true })
  );
  assertEquals(error.path, "threadSource");
});

Deno.test("the CLI is asked for its version once, and only by turns that need it", async () => {
  await using fake = await versioned(tell("0.171.0"));
  await run(fake, {}, { ignoreRules: false, strictConfig: false });
  assertEquals(fake.lines("asked").length, 0);
  const turns = ["a", "b", "c"].map(() =>
    run(fake, { worktree: true }, { strictConfig: true })
  );
  await Promise.all(turns);
  await run(fake, { worktree: true });
  assertEquals(fake.lines("asked").length, 1);
  assertEquals(fake.lines("run").length, 5);
});

for (
  const [what, told] of [
    ["prints something else", "echo hello"],
    ["prints without end", "while :; do echo codex-cli 0.104.0; done"],
    ["fails", "exit 3"],
    ["stays", "sleep 60"],
    ["was built from its sources", tell("0.0.0")],
  ] as const
) {
  Deno.test(`options are sent unchanged if the executable ${what}`, async () => {
    await using fake = await versioned(told, "sleep 0.2");
    const { finalResponse } = await run(fake, { worktree: true });
    assertEquals(finalResponse, "Done");
  });
  if (what === "stays") continue;
  Deno.test(`an unexpected argument is attributed to the option if the executable ${what}`, async () => {
    await using fake = await versioned(told, unexpected("--worktree"));
    const error = await unsupported(() => run(fake, { worktree: true }));
    assertEquals([error.path, error.version], ["worktree", null]);
  });
}

Deno.test("an unknown flag in extraArgs is named", async () => {
  await using fake = await versioned(
    tell("0.169.0"),
    unexpected("--no-such-flag"),
  );
  const error = await unsupported(() =>
    run(fake, {}, { extraArgs: ["--no-such-flag", "secret-value"] })
  );
  assertEquals([error.path, error.version], ["extraArgs", "0.169.0"]);
  assertStringIncludes(error.message, "--no-such-flag");
  assert(!error.message.includes("secret-value"));
});

Deno.test("an unexpected argument that belongs to no option stays a CodexExecError", async () => {
  await using fake = await versioned(tell("0.169.0"), unexpected("--other"));
  const error = await assertRejects(() => run(fake), CodexExecError);
  assertEquals([error.code, error.exitCode], ["exited", 2]);
  assertEquals(fake.lines("asked").length, 0);
});

Deno.test("a fork needs a CLI that can copy threads", async () => {
  await using fake = await versioned(tell("0.140.0"), unexpected(THREAD_ID));
  const codex = new Codex({ codexPathOverride: fake.path });
  const error = await unsupported(() => codex.forkThread(THREAD_ID).run("Hi"));
  assertEquals([error.path, error.version], ["forkThread", "0.140.0"]);
});

Deno.test("a CLI that was updated in place is asked for its version again", async () => {
  await using fake = await versioned(
    `cat "$FAKE_HOME/version"`,
    `if grep -q 140 "$FAKE_HOME/version"; then sleep 60; fi`,
  );
  fake.leaveNote("version", "codex-cli 0.140.0");
  await unsupported(() => run(fake, { worktree: true }));
  fake.leaveNote("version", "codex-cli 0.171.0");
  assertEquals((await run(fake, { worktree: true })).finalResponse, "Done");
});

Deno.test("an aborted turn leaves no version probe running", async () => {
  await using fake = await versioned(
    `echo $$ > "$FAKE_HOME/pid"; sleep 60`,
    "sleep 60",
  );
  const stop = new AbortController();
  const turn = new Codex({ codexPathOverride: fake.path, shutdownGraceMs: 200 })
    .startThread({ worktree: true }).run("Hi", { signal: stop.signal });
  const pid = Number(await fake.note("pid"));
  stop.abort();
  await assertRejects(() => turn, CodexCancelledError);
  assertEquals(await isThere(pid), false);
});

/** Tells whether a process exists. */
async function isThere(pid: number): Promise<boolean> {
  try {
    const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
    return !/\) [ZX]/.test(stat);
  } catch {
    return false;
  }
}

Deno.test("explain() warns about an option that the CLI is known to lack, and asks nothing", async () => {
  await using fake = await versioned(tell("0.140.0"), unexpected("--worktree"));
  const thread = new Codex({ codexPathOverride: fake.path })
    .startThread({ worktree: true });
  assertEquals((await thread.explain("Hi")).warnings, []);
  assertEquals(fake.lines("asked").length, 0);
  await unsupported(() => thread.run("Hi"));
  const { warnings } = await thread.explain("Hi");
  assertEquals(warnings.length, 1);
  assertStringIncludes(warnings[0] ?? "", "0.140.0");
  assertEquals(fake.lines("asked").length, 1);
});

Deno.test("the blocking client throws the same error", async () => {
  await using fake = await versioned(tell("0.140.0"), unexpected("--worktree"));
  const thread = new CodexSync({ codexPathOverride: fake.path })
    .startThread({ worktree: true });
  try {
    thread.run("Hi");
    throw new Error("It did not throw");
  } catch (error) {
    assertInstanceOf(error, CodexUnsupportedOptionError);
    assertEquals([error.path, error.version], ["worktree", "0.140.0"]);
  }
});
