/**
 * Facts of docs/facts.md that no turn of this package shows, because it never lets the
 * CLI get that far. Each test drives the real CLI directly.
 *
 * @module
 */

import {
  assert,
  assertEquals,
  assertNotEquals,
  assertObjectMatch,
  assertStringIncludes,
} from "@std/assert";
import {
  modelAnswer,
  modelCommand,
  modelMessage,
  ScriptedModel,
} from "../../testing.ts";
import {
  type CliRun,
  completedItems,
  failure,
  runCodex,
} from "../testing/support.ts";
import { tempFolder } from "../support/temp_folder.ts";

/** The id of a thread that does not exist. */
const UNKNOWN_ID = "00000000-0000-4000-8000-000000000000";

/** Returns the id of the thread that the CLI opened. */
function readThreadId(run: CliRun): unknown {
  return run.events.find(({ type }) => type === "thread.started")?.thread_id;
}

/** Returns what the commands of a run printed. */
function readOutput(run: CliRun): string {
  return completedItems(run).map((item) => item.aggregated_output ?? "")
    .join("");
}

// Facts F9.
Deno.test("The real CLI resumes no thread by name, and reads other ids as a flag or the newest thread", async () => {
  await using home = await tempFolder();
  await using model = await ScriptedModel.start(() =>
    modelAnswer(modelMessage("ok"))
  );
  const { path } = home;
  const resume = (id: string): Promise<CliRun> =>
    runCodex(model, "Hi", { home: path, args: ["resume", id] });
  const first = readThreadId(await runCodex(model, "Hi", { home: path }));
  assertEquals(readThreadId(await resume(String(first))), first);
  assertEquals(readThreadId(await resume("--last")), first);
  for (
    const id of [
      "no-such-name",
      "",
      "--dangerously-bypass-approvals-and-sandbox",
    ]
  ) {
    const run = await resume(id);
    assertEquals(run.code, 0, run.stderr);
    assertNotEquals(readThreadId(run), first);
  }
  const unknown = await resume(UNKNOWN_ID);
  assertEquals([unknown.code, unknown.events], [1, []]);
  assertStringIncludes(unknown.stderr, "no rollout found for thread id");
});

// Facts F10, F24.
Deno.test("The real CLI skips missing images, and reads the arguments after an image as images", async () => {
  await using home = await tempFolder();
  await using model = await ScriptedModel.start(() =>
    modelAnswer(modelMessage("ok"))
  );
  const { path } = home;
  const first = String(
    readThreadId(await runCodex(model, "Hi", { home: path })),
  );
  await Deno.writeTextFile(`${path}/a,b.png`, "GIF89a");
  for (const image of [`${path}/missing.png`, `${path}/a,b.png`]) {
    const args = ["resume", first, "--image", image];
    const run = await runCodex(model, "Hi", { home: path, args });
    assertEquals([run.code, readThreadId(run)], [0, first]);
    assertEquals(model.requests.at(-1)?.images, []);
  }
  const before = ["--image", `${path}/missing.png`, "resume", first];
  const swallowed = await runCodex(model, "Hi", { home: path, args: before });
  assertEquals(swallowed.code, 0);
  assertNotEquals(readThreadId(swallowed), first);
  const flag = ["resume", first, "--image", "-x.png"];
  assertEquals(
    (await runCodex(model, "Hi", { home: path, args: flag })).code,
    2,
  );
});

// Facts F13, F14.
Deno.test("The real CLI accepts a thread source and a cyber access program, and rejects an unknown flag and policy", async () => {
  await using model = await ScriptedModel.start(() =>
    modelAnswer(modelMessage("ok"))
  );
  const run = (...args: string[]): Promise<CliRun> =>
    runCodex(model, "Hi", { args });
  const known = await run(
    ...["--thread-source", "user", "--cyber-access-program", "standard"],
  );
  assertEquals(known.code, 0, known.stderr);
  const flag = await run("--no-such-flag");
  assertEquals([flag.code, flag.events], [2, []]);
  const policy = await run("-c", 'approval_policy="untrusted"');
  assertEquals([policy.code, policy.events], [1, []]);
});

// Facts F23.
Deno.test("The real CLI tells the model that nobody can approve, whatever the approval policy", async () => {
  await using model = await ScriptedModel.start(() =>
    modelAnswer(modelMessage("ok"))
  );
  const args = ["-c", 'approval_policy="on-request"'];
  assertEquals((await runCodex(model, "Hi", { args })).code, 0);
  assertStringIncludes(
    model.requests[0]?.text ?? "",
    "pproval policy is currently never",
  );
});

// Facts F27.
Deno.test("The real CLI reads a setting nested more than 80 levels deep as a string", async () => {
  await using model = await ScriptedModel.start(() =>
    modelAnswer(modelMessage("ok"))
  );
  const deep = `${"[".repeat(81)}1${"]".repeat(81)}`;
  const { code } = await runCodex(model, "Hi", {
    args: ["-c", `model=${deep}`],
  });
  assertEquals([code, model.requests[0]?.model], [0, deep]);
});

// Facts F19.
Deno.test("The real CLI gives up on a refused connection unless it is set to retry without end", async () => {
  await using model = await ScriptedModel.start([]);
  const nobody = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = nobody.addr;
  nobody.close();
  const run = await runCodex(model, "Hi", {
    args: ["-c", `model_providers.mock.base_url="http://127.0.0.1:${port}/v1"`],
  });
  assertEquals(run.code, 1);
  assertNotEquals(failure(run), "");
});

// Facts F21.
Deno.test("The real CLI's commands can read its key, unless a setting hides it", async () => {
  await using model = await ScriptedModel.start([
    modelAnswer(modelCommand('echo "[$CODEX_API_KEY]"')),
    modelAnswer(modelMessage("ok")),
    modelAnswer(modelCommand('echo "[$CODEX_API_KEY]"')),
    modelAnswer(modelMessage("ok")),
  ]);
  assertNotEquals(readOutput(await runCodex(model, "Print")), "[]\n");
  const args = ["-c", "shell_environment_policy.ignore_default_excludes=false"];
  assertEquals(readOutput(await runCodex(model, "Print", { args })), "[]\n");
});

// Facts F22.
Deno.test("The real CLI sends an output schema that is an array unchanged", async () => {
  await using home = await tempFolder();
  await using model = await ScriptedModel.start(() =>
    modelAnswer(modelMessage("ok"))
  );
  const path = `${home.path}/schema.json`;
  await Deno.writeTextFile(path, "[]");
  const args = ["--output-schema", path];
  assertEquals((await runCodex(model, "Hi", { args })).code, 0);
  assertObjectMatch(model.requests[0]?.body as Record<string, unknown>, {
    text: { format: { name: "codex_output_schema", schema: [] } },
  });
});

// Facts F35.
Deno.test({
  name:
    "The real CLI's commands can read its environment under full access, and write into its events",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const forged = `{"type":"thread.started","thread_id":"${UNKNOWN_ID}"}`;
    const script = `tr '\\0' '\\n' < /proc/$PPID/environ | grep CODEX_HOME
echo '${forged}' > /proc/$PPID/fd/1`;
    await using home = await tempFolder();
    await using model = await ScriptedModel.start([
      modelAnswer(modelCommand(script)),
      modelAnswer(modelMessage("ok")),
    ]);
    const run = await runCodex(model, "Forge", { home: home.path });
    assertStringIncludes(readOutput(run), `CODEX_HOME=${home.path}`);
    assert(run.events.some(({ thread_id }) => thread_id === UNKNOWN_ID));
  },
});

// Facts F37.
Deno.test("The real CLI resolves files that settings name against --cd, wherever it starts", async () => {
  await using home = await tempFolder();
  await using model = await ScriptedModel.start(() =>
    modelAnswer(modelMessage("ok"))
  );
  await Deno.mkdir(`${home.path}/below`);
  await Deno.writeTextFile(`${home.path}/below/words.md`, "Say cheese");
  const run = await runCodex(model, "Hi", {
    home: home.path,
    args: ["--cd", "below", "-c", 'model_instructions_file="words.md"'],
  });
  assertEquals(run.code, 0, run.stderr);
  assertStringIncludes(model.requests[0]?.text ?? "", "Say cheese");
});

// Facts F42.
Deno.test("The real CLI completes a turn in which every command fails because of an invalid further directory", async () => {
  await using home = await tempFolder();
  const { path } = home;
  await Deno.writeTextFile(`${path}/file`, "");
  await Deno.mkdir(`${path}/folder`);
  const outputs: Record<string, string> = {};
  for (const name of ["folder", "file", "nowhere"]) {
    await using model = await ScriptedModel.start([
      modelAnswer(modelCommand("echo ran")),
      modelAnswer(modelMessage("ok")),
    ]);
    const run = await runCodex(model, "Hi", {
      home: path,
      sandbox: "workspace-write",
      args: ["--add-dir", `${path}/${name}`],
    });
    assertEquals(run.code, 0, run.stderr);
    outputs[name] = readOutput(run);
  }
  const { folder, ...others } = outputs;
  assertEquals(folder, "ran\n");
  for (const [name, output] of Object.entries(others)) {
    assert(!output.includes("ran"), `${name}: ${output}`);
  }
});

// Facts F45.
Deno.test("The real CLI reads settings only from its home and from a trusted project", async () => {
  await using model = await ScriptedModel.start(() =>
    modelAnswer(modelMessage("ok"))
  );
  await using folder = await tempFolder();
  const home = await Deno.realPath(folder.path);
  const write = (path: string, model: string, more = ""): Promise<void> =>
    Deno.writeTextFile(`${home}/${path}`, `model = "${model}"\n${more}`);
  await write("private.toml", "private");
  await write("work.config.toml", "profile");
  await Deno.symlink(`${home}/private.toml`, `${home}/linked.config.toml`);
  await Deno.mkdir(`${home}/repo/.codex`, { recursive: true });
  await write("repo/.codex/config.toml", "project");
  await new Deno.Command("git", { args: ["init", "-q", `${home}/repo`] })
    .output();

  /** Returns the model that a run requested, or the exit code if it requested none. */
  const chosen = async (...args: string[]): Promise<unknown> => {
    const before = model.requests.length;
    const { code } = await runCodex(model, "Hi", { home, args });
    return model.requests[before]?.model ?? code;
  };
  const text = `@${home}/private.toml`;
  assertEquals(await chosen("-c", `model=${text}`), text);
  assertEquals(await chosen("--profile", "work"), "profile");
  assertEquals(await chosen("--profile", "linked"), "private");
  assertEquals(await chosen("--profile", "work", "-c", 'model="c"'), "c");
  assertEquals(await chosen("--profile", `${home}/private`), 2);
  assertEquals(await chosen("--profile", "work", "--profile", "linked"), 2);
  await write(
    "config.toml",
    "user",
    `[projects."${home}/repo"]\ntrust_level = "trusted"\n`,
  );
  const inRepo = ["--cd", `${home}/repo`];
  assertEquals(await chosen("--profile", "work", ...inRepo), "project");
  assertEquals(await chosen("-c", 'model="c"', ...inRepo), "c");
  await write("config.toml", "user", '[profiles.work]\nmodel = "old"\n');
  assertEquals(await chosen("--profile", "work"), 1);
});
