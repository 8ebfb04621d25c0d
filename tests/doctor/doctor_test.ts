/**
 * Runs the doctor, as a function and as a program, on machines that lack something.
 * @module
 */

import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { CodexInputError, type CodexOptions } from "../../mod.ts";
import {
  doctor,
  type DoctorOptions,
  type DoctorReport,
  formatReport,
} from "../../doctor.ts";
import { locateCodex } from "../../src/cli/locate/locate.ts";
import { denoRuntime } from "../../src/runtime/deno.ts";
import { type FakeCodex, fakeCodex } from "../support/fake_codex.ts";
import { timed, withinMinute } from "../../src/testing/waiting.ts";
import { tempFolder } from "../support/temp_folder.ts";

/** A machine with everything that a turn needs, from which a test removes something. */
interface Machine extends AsyncDisposable {
  readonly fake: FakeCodex;
  readonly home: string;
  readonly repository: string;
  look(
    client?: CodexOptions,
    thread?: DoctorOptions["thread"],
  ): Promise<DoctorReport>;
}

async function machine(
  cli: string = 'echo "codex-cli 0.171.0"',
): Promise<Machine> {
  const folder = await tempFolder();
  const path = await Deno.realPath(folder.path);
  const fake = await fakeCodex(
    `echo "$*" >> "$FAKE_HOME/runs"; echo "\${CODEX_API_KEY-none}" >> "$FAKE_HOME/keys"
${cli}`,
  );
  const home = `${path}/codex`;
  const repository = `${path}/repository`;
  await Deno.mkdir(`${repository}/.git`, { recursive: true });
  await Deno.writeTextFile(`${repository}/.git/HEAD`, "ref: refs/heads/main\n");
  await Deno.mkdir(home);
  await Deno.writeTextFile(`${home}/auth.json`, '{"tokens":{"id_token":"x"}}');
  const PATH = Deno.env.get("PATH") ?? "";
  return {
    fake,
    home,
    repository,
    look: (client = {}, thread = {}) =>
      doctor({
        client: {
          codexPathOverride: fake.path,
          env: { PATH, CODEX_HOME: home },
          ...client,
        },
        thread: { workingDirectory: repository, ...thread },
      }),
    async [Symbol.asyncDispose](): Promise<void> {
      await fake[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** Returns the messages of the problems that would make a turn fail. */
const failing = ({ problems }: DoctorReport): string[] =>
  problems.filter(({ fails }) => fails).map(({ message }) => message);

Deno.test("doctor() finds no problem on a working machine, and asks the CLI only for its version", async () => {
  await using it = await machine();
  const report = await it.look({ apiKey: "sk-some-key" });
  assertEquals(report.problems, []);
  assertEquals(report.ok, true);
  assertEquals(report.cli, {
    path: it.fake.path,
    foundBy: "codexPathOverride",
    version: "0.171.0",
  });
  assertEquals(report.home.setBy, "CODEX_HOME");
  assertEquals(report.home.exists, true);
  assertEquals(report.login, {
    key: "apiKey",
    login: "chatgpt",
    provider: null,
  });
  assertEquals(report.folder.isRepository, true);
  assertEquals(report.watching, { watchdog: true, processTable: true });
  assertEquals(it.fake.lines("runs"), ["--version"]);
  assertEquals(it.fake.lines("keys"), ["none"]);
  assertEquals(JSON.parse(JSON.stringify(report)), report);
  assertStringIncludes(
    formatReport(report),
    "Nothing found that would make a turn fail.",
  );
});

Deno.test("doctor() says how to fix a missing CLI", async () => {
  await using it = await machine();
  const report = await it.look({ codexPathOverride: "/nowhere/codex" });
  assertEquals(report.cli, null);
  assertEquals(report.ok, false);
  assertStringIncludes(report.problems[0]?.message ?? "", "/nowhere/codex");
  assertStringIncludes(report.problems[0]?.fix ?? "", "npm install");
});

Deno.test("doctor() reports a CLI that cannot be started", async () => {
  await using it = await machine();
  await Deno.writeTextFile(it.fake.path, "no program");
  await Deno.chmod(it.fake.path, 0o644);
  const report = await it.look();
  assertEquals([report.ok, report.cli?.version], [false, null]);
});

for (
  const [what, cli] of [
    ["prints something else", "echo hello"],
    ["fails", "exit 1"],
    ["ignores all signals and stays", "trap '' INT TERM; sleep 100"],
  ] as const
) {
  Deno.test(`doctor() finishes if the CLI ${what}`, async () => {
    await using it = await machine(cli);
    const ms = await timed(async () => {
      const report = await it.look();
      assertEquals([report.ok, report.cli?.version], [true, null]);
      assertStringIncludes(report.problems[0]?.message ?? "", "version");
    });
    assert(ms < 30_000, `It took ${ms} ms`);
  });
}

Deno.test("doctor() reports an old CLI, but not as a failure", async () => {
  await using it = await machine('echo "codex-cli 0.140.0"');
  const report = await it.look();
  assertEquals([report.ok, report.cli?.version], [true, "0.140.0"]);
  assertStringIncludes(report.problems[0]?.fix ?? "", "@latest");
});

Deno.test("doctor() reports a missing login and a missing folder", async () => {
  await using it = await machine();
  await Deno.remove(`${it.home}/auth.json`);
  await Deno.remove(`${it.repository}/.git`, { recursive: true });
  // The system's temporary folder may itself be inside a repository.
  const report = await it.look({}, { skipGitRepoCheck: true });
  assertEquals(failing(report), ["No login and no key found"]);
  assertStringIncludes(report.problems[0]?.fix ?? "", "codex login");
  const gone = await it.look({}, { workingDirectory: "/nowhere" });
  assertEquals(gone.folder, { path: null, isRepository: null });
  assertStringIncludes(failing(gone).join(), "/nowhere");
});

Deno.test("doctor() reports the MCP servers whose tools are rejected", async () => {
  await using it = await machine();
  await Deno.writeTextFile(
    `${it.home}/config.toml`,
    `[mcp_servers.docs]\ncommand = "docs"\nenv = { KEY = "s3cr3t" }\n`,
  );
  const report = await it.look();
  assertEquals(report.ok, true);
  assertEquals(report.mcpServers, [{
    name: "docs",
    enabled: true,
    toolsRejected: true,
    approvedTools: [],
  }]);
  assertStringIncludes(
    report.problems[0]?.fix ?? "",
    'mcp_servers.docs.default_tools_approval_mode = "approve"',
  );
  assert(!JSON.stringify(report).includes("s3cr3t"));
  const ignoring = await it.look({ hermetic: true });
  assertEquals(ignoring.mcpServers, []);
  assertEquals(ignoring.home.config, "ignored");
});

Deno.test("doctor() reports an unreadable config.toml, without its content", async () => {
  await using it = await machine();
  await Deno.writeTextFile(`${it.home}/config.toml`, 'key = "s3cr3t');
  await Deno.remove(`${it.home}/auth.json`);
  const report = await it.look();
  assertEquals([report.ok, report.home.config], [true, "unread"]);
  assert(!JSON.stringify(report).includes("s3cr3t"));
});

Deno.test("doctor() reads only regular files, and so does not block on pipes", async () => {
  await using it = await machine();
  await Deno.remove(`${it.home}/auth.json`);
  const pipes = ["config.toml", "auth.json"].map((name) =>
    `${it.home}/${name}`
  );
  await new Deno.Command("mkfifo", { args: pipes }).output();
  try {
    const report = await withinMinute("the doctor's report", it.look());
    assertEquals(report.home.config, "unread");
    assertEquals(report.login.login, "unknown");
  } finally {
    // Releases readers that would still wait.
    for (const pipe of pipes) {
      const open = await Deno.open(pipe, { read: true, write: true });
      open.close();
    }
  }
});

Deno.test("doctor() rejects invalid options", async () => {
  await assertRejects(
    () => doctor({ client: { sandboxMode: "x" } as CodexOptions }),
    CodexInputError,
  );
});

/** Runs the program in a separate Deno process, with only the given environment. */
async function runProgram(
  flags: readonly string[],
  words: readonly string[],
  env: Record<string, string>,
  cwd: string,
): Promise<{ code: number; stdout: string; stderr: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-config", "--no-check", "--no-prompt", "--quiet"],
      ...[...flags, new URL("../../doctor.ts", import.meta.url).href, ...words],
    ],
    cwd,
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", ...env },
    clearEnv: true,
  }).output();
  const decoder = new TextDecoder();
  return {
    code,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  };
}

Deno.test("the program prints one JSON object without names, homes, keys and passwords, and exits with 1", async () => {
  await using folder = await tempFolder();
  const root = await Deno.realPath(folder.path);
  const home = `${root}/homes/alice`;
  const work = `${root}/shared/alice/work`;
  await Deno.mkdir(work, { recursive: true });
  await Deno.mkdir(`${home}/.codex`, { recursive: true });
  await Deno.writeTextFile(
    `${home}/.codex/auth.json`,
    '{"OPENAI_API_KEY":"sk-of-the-file"}',
  );
  const env = {
    HOME: home,
    USER: "alice",
    PATH: "/usr/bin:/bin",
    CODEX_API_KEY: "sk-of-the-variable",
    CODEX_PATH: `${home}/bin/codex`,
    HTTP_PROXY: "http://bob:s3cr3t@127.0.0.1:1/?t0k3n",
    DENO_DIR: `${root}/deno`,
  };
  const run = await runProgram(["--allow-all"], ["--json"], env, work);
  assertEquals([run.code, run.stderr], [1, ""]);
  const report: DoctorReport = JSON.parse(run.stdout);
  for (
    const text of ["alice", "bob", "s3cr3t", "t0k3n", "sk-of", `${root}/homes`]
  ) assert(!run.stdout.includes(text), text);
  assertEquals(report.cli, null);
  assertEquals(report.folder.path, `${root}/shared/<user>/work`);
  assertEquals(report.login.key, "CODEX_API_KEY");
  assertStringIncludes(failing(report).join("\n"), "~/bin/codex");

  const text = await runProgram(["--allow-all"], [], env, work);
  assertEquals([text.code, text.stderr], [1, ""]);
  for (const secret of ["alice", "bob", "s3cr3t", "sk-of"]) {
    assert(!text.stdout.includes(secret), secret);
  }
  assertStringIncludes(text.stdout, "FAILS");
  const wrong = await runProgram(["--allow-all"], ["--jsno"], env, work);
  assertEquals([wrong.code, wrong.stdout], [2, ""]);
  // Neither the CLI nor the doctor created anything.
  assertEquals(
    (await Array.fromAsync(Deno.readDir(home))).map(({ name }) => name),
    [".codex"],
  );
});

Deno.test("the program does not create a home for the real CLI, and reports its version", async () => {
  await using folder = await tempFolder();
  const home = await Deno.realPath(folder.path);
  const { program } = await locateCodex(denoRuntime(Deno));
  const env = { HOME: home, PATH: "/usr/bin:/bin", CODEX_PATH: program };
  const run = await runProgram(
    ["--allow-all"],
    ["--json"],
    { ...env, DENO_DIR: `${home}/deno` },
    home,
  );
  const report: DoctorReport = JSON.parse(run.stdout);
  assert(/^\d+\.\d+\.\d+/.test(report.cli?.version ?? ""), run.stdout);
  assertEquals(report.cli?.foundBy, "CODEX_PATH");
  assertEquals(report.home.exists, false);
  assertEquals(
    (await Array.fromAsync(Deno.readDir(home))).map(({ name }) => name),
    ["deno"],
  );
});

Deno.test("the program reports missing Deno permissions, and never prompts", async () => {
  await using folder = await tempFolder();
  const env = {
    DENO_DIR: `${folder.path}/deno`,
    HOME: "/home/alice",
    PATH: "/usr/bin:/bin",
  };
  const run = await runProgram([], ["--json"], env, folder.path);
  assertEquals([run.code, run.stderr], [1, ""]);
  const report: DoctorReport = JSON.parse(run.stdout);
  assertEquals(report.permissions.filter(({ granted }) => granted), []);
  assertStringIncludes(
    report.problems.find(({ fails }) => fails)?.fix ?? "",
    "--allow-run=codex",
  );
  assertEquals(report.cli, { path: "codex", foundBy: null, version: null });
  const named = { ...env, CODEX_PATH: "/opt/codex" };
  const text = await runProgram(["--allow-env"], [], named, folder.path);
  assertStringIncludes(text.stdout, "CLI          not looked for\n");
  assertStringIncludes(text.stdout, "/opt/codex");
});
