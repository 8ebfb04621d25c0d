/**
 * Compares the result of `explain()` with what the CLI is really started with. @module
 */

import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import {
  Codex,
  CodexExecutableNotFoundError,
  CodexInputError,
  type CodexOptions,
  CodexOutputSchemaError,
  CodexUnsupportedOptionError,
  type Input,
  type Thread,
  type ThreadOptions,
  tool,
  type TurnExplanation,
  type TurnOptions,
} from "../../mod.ts";
import { CodexAppServer } from "../../app_server.ts";
import { fakeCodex as played } from "../../testing.ts";
import { MARKER_NAME } from "../../src/cli/terminate/marker.ts";
import { THREAD_ID } from "../../src/testing/fake.ts";
import { temporaryFiles } from "../../src/testing/temporary_files.ts";
import { PNG } from "../input/images.ts";
import {
  type FakeCodex,
  fakeCodex,
  printTurn,
  script,
} from "../support/fake_codex.ts";
import { tempFolder } from "../support/temp_folder.ts";

/** A fake CLI that records what it is started with. */
function notingCodex(): Promise<FakeCodex> {
  return fakeCodex([
    script('if [ "$1" = --version ]; then exit 1; fi'),
    "env env",
    "record",
    "read prompt",
    ...printTurn("Done").slice(1),
  ]);
}

/** The arguments and environment that a CLI was really started with. */
interface Started {
  argv: string[];
  variables: Map<string, string>;
  folder: string;
  prompt: string;
}

function startedWith(fake: FakeCodex): Started {
  const variables = fake.lines("env").map((line): [string, string] => {
    const [name = "", ...value] = line.split("=");
    return [name, value.join("=")];
  });
  const request = fake.requests.at(-1);
  assert(request !== undefined);
  return {
    argv: [...request.argv],
    variables: new Map(variables),
    folder: request.workingDirectory,
    prompt: Deno.readTextFileSync(`${fake.folder}/prompt`),
  };
}

/** Tells whether a real argument matches an explained one with its placeholders. */
function isSame(explained: string, started: string): boolean {
  const parts = explained.split(/<(?:output schema|image \d+|port|path)>/);
  let at = 0;
  for (const part of parts) {
    const found = started.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return started.startsWith(parts[0] ?? "") &&
    started.endsWith(parts.at(-1) ?? "");
}

const TOOL = tool({
  name: "look",
  description: "Looks",
  input: { schema: { type: "object" }, parse: (value) => value },
  run: () => "",
});

interface Case {
  what: string;
  client?: CodexOptions;
  thread?: ThreadOptions;
  input?: Input;
  turn?: TurnOptions;
  open?: (codex: Codex, options: ThreadOptions) => Thread;
}

const CASES: readonly Case[] = [
  { what: "nothing" },
  {
    what: "options of all kinds",
    client: {
      config: { model_verbosity: "low", mcp_servers: { "a.b": { x: 1 } } },
      configOverrides: ["hide_agent_reasoning=true"],
      features: { shell_tool: true, plan: false },
      apiKey: () => Promise.resolve("sk-of-a-function"),
      baseUrl: "http://127.0.0.1:1/v1",
      strictConfig: true,
      hermetic: true,
      oss: true,
      localProvider: "ollama",
    },
    thread: {
      model: "m",
      sandboxMode: "workspace-write",
      skipGitRepoCheck: true,
      networkAccessEnabled: true,
      webSearchMode: "live",
      approvalPolicy: "never",
    },
    turn: { modelReasoningEffort: "high", sandboxMode: "read-only" },
    input: "Wörter über\nZeilen",
  },
  {
    what: "a schema and images",
    input: [
      { type: "text", text: "Look" },
      { type: "image", image: PNG },
      { type: "text", text: "and look" },
    ],
    turn: {
      outputSchema: {
        type: "object",
        properties: { a: { type: "string" } },
        required: ["a"],
        additionalProperties: false,
      },
    },
  },
  { what: "tools", client: { tools: [TOOL], toolTimeoutMs: 1500 } },
  {
    what: "tools behind a proxy",
    client: {
      tools: [TOOL],
      env: { HTTP_PROXY: "http://proxy:1", NO_PROXY: "x" },
      envMode: "merge",
    },
  },
  {
    what: "an environment that replaces the host's",
    client: { env: { PATH: Deno.env.get("PATH") ?? "", A: "1" }, apiKey: "k" },
  },
  {
    what: "a thread that goes on",
    open: (codex, options) => codex.resumeThread(THREAD_ID, options),
  },
  {
    what: "the last thread",
    open: (codex, options) => codex.resumeLast(options),
  },
];

for (const { what, client, thread, input = "Hi", turn, open } of CASES) {
  Deno.test(`explain() reports what run() starts the CLI with: ${what}`, async () => {
    await using fake = await notingCodex();
    await using folder = await tempFolder();
    const cwd = await Deno.realPath(folder.path);
    const codex = new Codex({ ...client, codexPathOverride: fake.path });
    const options = { ...thread, workingDirectory: cwd };
    const opened = open?.(codex, options) ?? codex.startThread(options);
    const files = temporaryFiles();
    const told: TurnExplanation = await opened.explain(input, turn);
    assertEquals(fake.starts(), 0);
    assertEquals(temporaryFiles(), files);
    assertEquals(JSON.parse(JSON.stringify(told)), told);

    await opened.run(input, turn);
    const started = startedWith(fake);
    assertEquals(told.executable, fake.path);
    assertEquals(told.workingDirectory, started.folder);
    assertEquals(started.argv.length, told.argv.length);
    for (const [index, arg] of told.argv.entries()) {
      const real = started.argv[index] ?? "";
      assert(isSame(arg, real), `${arg} is not ${real}`);
    }
    assertEquals(
      told.stdinBytes,
      new TextEncoder().encode(started.prompt).length,
    );
    assertEquals(told.outputSchema, turn?.outputSchema ?? null);

    // The shell adds its own variables, and so does the fake CLI.
    const own = /^(?:_|PWD|OLDPWD|SHLVL|FAKE_.*)$/;
    const { inherited, set, unset } = told.environment;
    const host = inherited ? Deno.env.toObject() : {};
    const changed = [...started.variables].filter(([name, value]) =>
      !own.test(name) && host[name] !== value
    ).map(([name]) => name);
    assertEquals(
      changed.sort(),
      set.filter((name) => changed.includes(name)).sort(),
    );
    for (const name of set) assert(started.variables.has(name), name);
    for (const name of unset) assert(!started.variables.has(name), name);
    assert(set.includes(MARKER_NAME));
  });
}

Deno.test("explain() reveals no secret of any length, and no value of the environment", async () => {
  await using fake = await notingCodex();
  const secrets = ["pw1", "t2", "sk-3", "hdr4", "env5", "tok6", "val7", "srv8"];
  secrets.push("otel9", "set10", "set11", "1212", "arg13", "arg14", "1515");
  const codex = new Codex({
    codexPathOverride: fake.path,
    baseUrl: "https://user:pw1@host/v1?key=t2",
    apiKey: "sk-3",
    env: { SOME_TOKEN: "tok6", PLAIN: "env5" },
    envMode: "merge",
    config: {
      model_providers: { m: { http_headers: { Authorization: "hdr4" } } },
      mcp_servers: {
        s: { command: "x", env: { A: "srv8" }, args: ["--pat", "arg13"] },
      },
      otel: { exporter: { "otlp-http": { headers: { A: "otel9" } } } },
      shell_environment_policy: { set: { A: "set10" } },
    },
    configOverrides: [
      'shell_environment_policy.set={A="set11"}',
      'mcp_servers.t={command="x", args=["arg14"]}',
      "shell_environment_policy={set={PIN=1515}}",
      "model_verbosity=low",
    ],
    extraArgs: ["--unknown", "val7", "-c", "mcp_servers.a.env={PIN=1212}"],
  });
  const told = await codex.startThread().explain("A prompt of 9 words");
  const text = JSON.stringify(told);
  for (const secret of secrets) assert(!text.includes(secret), secret);
  assert(!text.includes("A prompt"), text);
  assertStringIncludes(text, "--unknown");
  assertStringIncludes(text, "openai_base_url=…");
  assertStringIncludes(text, "SOME_TOKEN");
  assertStringIncludes(text, "mcp_servers.s.args=…");
  assertStringIncludes(text, "mcp_servers.a.env=…");
  assertStringIncludes(text, "model_verbosity=low");
  assertEquals(told.warnings.length, 5, text);
});

Deno.test("explain() does not call a function for the key", async () => {
  await using fake = await notingCodex();
  let asked = 0;
  const codex = new Codex({
    codexPathOverride: fake.path,
    apiKey: () => {
      asked += 1;
      throw new Error("No");
    },
  });
  const { environment } = await codex.startThread().explain("Hi");
  assertEquals(asked, 0);
  assert(environment.set.includes("CODEX_API_KEY"));
});

Deno.test("explain() calls no listeners", async () => {
  await using fake = await notingCodex();
  const told: unknown[] = [];
  const codex = new Codex({
    codexPathOverride: fake.path,
    onEvent: (event) => told.push(event),
    onSpawn: (process) => told.push(process),
  });
  const { argv } = await codex.startThread().explain("Hi");
  assertEquals([argv, told], [["exec", "--experimental-json"], []]);
});

Deno.test("explain() rejects with what run() rejects with before it starts the CLI", async () => {
  await using fake = await notingCodex();
  const codex = new Codex({ codexPathOverride: fake.path });
  const thread = codex.startThread();
  const image: Input = [{ type: "local_image", path: "/nowhere.png" }];
  await assertRejects(() => thread.explain(""), CodexInputError);
  await assertRejects(() => thread.explain(image), CodexInputError);
  await assertRejects(
    () => thread.explain("Hi", { outputSchema: [] as never }),
    CodexOutputSchemaError,
  );
  await assertRejects(
    () => thread.fork().explain("Hi"),
    CodexInputError,
    "has not begun",
  );
  await assertRejects(
    () =>
      new Codex({ codexPathOverride: "/nowhere/codex" }).startThread()
        .explain("Hi"),
    CodexExecutableNotFoundError,
  );
});

Deno.test("explain() does not change the thread, and shows how it would continue", async () => {
  await using fake = await notingCodex();
  const codex = new Codex({ codexPathOverride: fake.path });
  const thread = codex.startThread();
  const before = await thread.explain("Hi");
  assertEquals(before.argv, ["exec", "--experimental-json"]);
  assertEquals(thread.id, null);
  await thread.run("Hi");
  const { argv } = await thread.explain("Hi");
  assertEquals(argv.slice(-2), ["resume", THREAD_ID]);
  const copied = await thread.fork().explain("Hi");
  assertEquals(copied.argv.slice(-3), ["fork", THREAD_ID, "-"]);
});

Deno.test("explain() is rejected for turns that are not their own process", async () => {
  await using server = new CodexAppServer();
  for (const thread of [server.startThread(), played([]).startThread()]) {
    const error = await assertRejects(
      () => thread.explain("Hi"),
      CodexUnsupportedOptionError,
      "codex exec",
    );
    assertEquals(error.path, "explain");
  }
});
