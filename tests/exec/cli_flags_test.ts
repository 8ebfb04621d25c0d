/**
 * Facts of docs/facts.md about flags that this package sends or rejects. Each test
 * drives the real CLI directly.
 *
 * @module
 */

import {
  assert,
  assertEquals,
  assertNotEquals,
  assertStringIncludes,
} from "@std/assert";
import { modelAnswer, modelMessage, ScriptedModel } from "../../testing.ts";
import { type CliRun, runCodex } from "../testing/support.ts";
import { tempFolder } from "../support/temp_folder.ts";

/** Returns the id of the thread that the CLI opened. */
function readThreadId(run: CliRun): string {
  return String(
    run.events.find(({ type }) => type === "thread.started")?.thread_id,
  );
}

/** Creates a home for the real CLI, for consecutive runs. */
async function cli(): Promise<
  AsyncDisposable & {
    readonly home: string;
    readonly model: ScriptedModel;
    /** Runs a turn with these arguments. */
    run(...args: string[]): Promise<CliRun>;
    /** Returns the text of the last request. */
    text(): string;
  }
> {
  const folder = await tempFolder();
  const home = await Deno.realPath(folder.path);
  const model = await ScriptedModel.start(() =>
    modelAnswer(modelMessage("ok"))
  );
  return {
    home,
    model,
    run: (...args) => runCodex(model, "Hi", { home, args }),
    text: () => model.requests.at(-1)?.text ?? "",
    [Symbol.asyncDispose]: async () => {
      await model.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

// Facts F50.
Deno.test("The real CLI ignores a missing profile, and accepts a profile before resume", async () => {
  await using real = await cli();
  await Deno.writeTextFile(
    `${real.home}/work.config.toml`,
    'model = "of-the-profile"\n',
  );
  const readModel = async (...args: string[]): Promise<unknown> => {
    const before = real.model.requests.length;
    const run = await real.run(...args);
    return run.code === 0 ? real.model.requests[before]?.model : run.code;
  };
  const first = readThreadId(await real.run());
  const { model } = real.model.requests.at(-1) ?? {};
  assertEquals(await readModel("--profile", "nowhere"), model);
  assertEquals(
    await readModel("--profile", "work", "--ignore-user-config"),
    model,
  );
  assertEquals(
    await readModel("--profile", "work", "resume", first),
    "of-the-profile",
  );
  for (const name of ["a.b", "a/b", "a b", "é"]) {
    assertEquals(await readModel("--profile", name), 2, name);
  }
});

// Facts F51.
Deno.test("The real CLI does not find an ephemeral thread again, and stores an ephemeral turn of a thread that it finds", async () => {
  await using real = await cli();
  const ephemeral = readThreadId(await real.run("--ephemeral"));
  const again = await real.run("--ephemeral", "resume", ephemeral);
  assertEquals(again.code, 1);
  assertStringIncludes(again.stderr, "no rollout found for thread id");

  const first = readThreadId(await real.run());
  const second = await real.run("--ephemeral", "resume", first);
  assertEquals([second.code, readThreadId(second)], [0, first]);
  await real.run("resume", first);
  // The prompts of all three turns.
  assertEquals(real.text().match(/"text":"Hi"/g)?.length, 3);
});

// Facts F51.
Deno.test("The real CLI does not resume a thread in its worktree, and does not report where that is", async () => {
  await using real = await cli();
  const repo = `${real.home}/repo`;
  const git = async (...args: string[]): Promise<void> => {
    await new Deno.Command("git", {
      args: ["-C", real.home, ...args],
      stdout: "null",
      stderr: "null",
    }).output();
  };
  await git("init", "-q", repo);
  const me = ["-c", "user.name=a", "-c", "user.email=a@b.c"];
  await git("-C", repo, ...me, "commit", "-q", "--allow-empty", "-m", "x");
  const inRepo = ["--cd", repo];
  const first = await real.run(...inRepo, "--worktree");
  assertEquals(first.code, 0, first.stderr);
  const cwds = (): string[] =>
    [...real.text().matchAll(/<cwd>([^<]*)/g)].map(([, cwd = ""]) => cwd);
  const [worktree = ""] = cwds();
  assertStringIncludes(worktree, "/worktrees/");
  assert(!JSON.stringify(first.events).includes(worktree));
  const id = readThreadId(first);
  const refused = await real.run(...inRepo, "--worktree", "resume", id);
  assertEquals(refused.code, 1);
  assertStringIncludes(refused.stderr, "cannot resume an existing session");
  await real.run(...inRepo, "resume", id);
  assertEquals(cwds(), [worktree, repo]);
  const both = await real.run(...inRepo, "--worktree", "--ephemeral");
  assertEquals(both.code, 1);
});

/** Runs the CLI without the sandbox that every other run has. */
async function runBare(
  model: ScriptedModel,
  ...args: string[]
): Promise<CliRun> {
  return await runCodex(model, "Hi", { args, sandbox: "" });
}

// Facts F52.
Deno.test("The real CLI ignores the sandbox if everything is bypassed, and warns about the reviewer", async () => {
  await using model = await ScriptedModel.start(() =>
    modelAnswer(modelMessage("ok"))
  );
  const bypass = "--dangerously-bypass-approvals-and-sandbox";
  const run = await runCodex(model, "Hi", {
    sandbox: "read-only",
    args: [bypass],
  });
  assertEquals(run.code, 0, run.stderr);
  assertStringIncludes(
    model.requests.at(-1)?.text ?? "",
    "sandbox_mode` is `danger-full-access`",
  );
  assertEquals((await runBare(model, "--approve-for-me", bypass)).code, 2);
  const beside = await runCodex(model, "Hi", {
    sandbox: "workspace-write",
    args: ["--approve-for-me"],
  });
  assertEquals(beside.code, 2);
  const reviewed = await runBare(
    model,
    "--approve-for-me",
    ...["-c", 'approval_policy="never"', "-c", 'sandbox_mode="read-only"'],
  );
  assertEquals(reviewed.code, 0, reviewed.stderr);
  const text = model.requests.at(-1)?.text ?? "";
  assertStringIncludes(text, "sandbox_mode` is `workspace-write`");
  assertStringIncludes(text, "`approvals_reviewer` is `auto_review`");
});

// Facts F52.
Deno.test("The real CLI ignores a local provider without --oss, and with it prefers the provider to the settings", async () => {
  await using real = await cli();
  const alone = await real.run("--local-provider", "ollama");
  assertEquals(alone.code, 0, alone.stderr);
  // Nothing listens there.
  const { code, stderr } = await real.run(
    ...["--oss", "--local-provider", "no-such-provider"],
  );
  assertEquals(code, 1);
  assertStringIncludes(stderr, "no-such-provider");
});

// Facts F53.
Deno.test("The real CLI rejects an unknown feature, a flag given twice, and a flag as a value", async () => {
  await using real = await cli();
  for (const flag of ["--enable", "--disable"]) {
    const { code, stderr } = await real.run(flag, "no_such_feature");
    assertEquals(code, 1);
    assertStringIncludes(stderr, "Unknown feature flag: no_such_feature");
  }
  const twice = ["--enable", "multi_agent", "--disable", "multi_agent"];
  assertEquals((await real.run(...twice)).code, 0);
  for (
    const args of [
      ["--ephemeral", "--ephemeral"],
      ["--model", "a", "--model", "b"],
      ["--thread-source", "--ephemeral"],
      ["-c", "--ephemeral"],
    ]
  ) {
    const { code } = await real.run(...args);
    assertEquals(code, 2, args.join(" "));
  }
  // The reason for the order of argv: otherwise the id would become the prompt.
  const first = readThreadId(await real.run());
  const swallowed = await real.run("--thread-source", "resume", first);
  assertNotEquals(readThreadId(swallowed), first);
});
