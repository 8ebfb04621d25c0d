import {
  assert,
  assertEquals,
  assertExists,
  assertLess,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import {
  Codex,
  CodexEnvironmentError,
  CodexExecError,
  CodexInputError,
  CodexThreadRunError,
  type FailureReason,
} from "../../../mod.ts";
import {
  installRuntime,
  RUNTIMES,
} from "../../../scripts/conformance/runtimes.ts";
import { bunCandidates } from "../../../src/testing/executable/bun_candidates.ts";
import { compileSteps } from "../../../src/testing/executable/compile_steps.ts";
import { compileBunProgram } from "../../../src/testing/executable/compile_bun_program.ts";
import {
  installFake,
  type ProgramWriter,
} from "../../../src/testing/executable/install_fake.ts";
import { isRunning } from "../../../src/testing/processes.ts";
import { until } from "../../../src/testing/waiting.ts";
import {
  agentMessage,
  collabToolCall,
  commandExecution,
  errorEvent,
  errorItem,
  exits,
  failure,
  fakeCodex,
  type FakeExecutable,
  type FakeExecutableStep,
  fileChange,
  hang,
  ignoresSignal,
  mcpToolCall,
  notStarted,
  pause,
  prints,
  readsStdin,
  reasoning,
  structuredAnswer,
  threadRejected,
  threadStarted,
  todoList,
  turnCompleted,
  turnStarted,
  unknownEvent,
  unknownItem,
  usage,
  webSearch,
  writeFakeExecutable,
} from "../../../testing.ts";

/** The result of a program's run. */
interface Run {
  code: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
}

/** Options of a program's run. */
interface RunOptions {
  args?: readonly string[];
  input?: string;
  env?: Record<string, string>;
  cwd?: string;
  /** Called with the process's id once it has printed something. */
  onOutput?: (pid: number) => unknown;
}

/** Runs a program until its pipes are closed. */
function run(
  { path }: FakeExecutable,
  { args = [], input = "", env = {}, cwd, onOutput }: RunOptions = {},
): Promise<Run> {
  const child = spawn(path, args, {
    cwd,
    env: { PATH: Deno.env.get("PATH"), ...env },
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("latin1").on("data", (text) => {
    if (stdout === "" && child.pid !== undefined) onOutput?.(child.pid);
    // The beginning of an endless output is enough.
    if (stdout.length < 1_000_000) stdout += text;
  });
  child.stderr.setEncoding("latin1").on("data", (text) => stderr += text);
  child.stdin.on("error", () => {}).end(input);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once(
      "close",
      (code, signal) => resolve({ code, signal, stdout, stderr }),
    );
  });
}

/** Steps, as `writeFakeExecutable` accepts them. */
type Steps = Parameters<typeof writeFakeExecutable>[0];

/** Returns a writer that links a Bun program, which is compiled once. */
async function bunWriter(folder: string): Promise<ProgramWriter> {
  const bun = RUNTIMES.find(({ name }) => name === "bun");
  assertExists(bun);
  const program = await compileBunProgram(folder, [
    "/nowhere/bun",
    await installRuntime(bun),
  ]);
  return async (target) => {
    await Deno.link(program, `${target}/codex`);
    return `${target}/codex`;
  };
}

/** Both kinds of program, which behave alike. */
const PROGRAMS = {
  "a shell script": (_: string): Promise<ProgramWriter | undefined> =>
    Promise.resolve(undefined),
  "a program compiled by Bun": bunWriter,
};

for (const [what, prepare] of Object.entries(PROGRAMS)) {
  Deno.test(`A fake executable, as ${what}`, async (test) => {
    const folder = await Deno.makeTempDir({ prefix: "fake-codex-compiled-" });
    const made: string[] = [];
    try {
      const write = await prepare(folder);
      const make = async (steps: Steps): Promise<FakeExecutable> => {
        const fake = await installFake(await compileSteps(steps), write);
        made.push(dirname(fake.path));
        return fake;
      };
      for (const [name, check] of Object.entries(CASES)) {
        await test.step(name, () => check(make));
      }
      assert(made.length > 10);
      assertEquals(made.filter((each) => existsSync(each)), []);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

/** Creates a program from its steps. */
type Make = (steps: Steps) => Promise<FakeExecutable>;

/** The behaviour that both kinds of program share. */
const CASES: Record<string, (make: Make) => Promise<void>> = {
  "prints a turn byte by byte": async (make) => {
    const text = 'it\'s \\n %s $HOME `id` "é\u2028\u0000" ';
    await using fake = await make([agentMessage(text), usage()]);
    const { stdout, code, stderr } = await run(fake);
    const id = "00000000-0000-4000-8000-000000000001";
    assertEquals(
      stdout,
      latin1(
        [
          threadStarted(id),
          turnStarted(),
          {
            type: "item.completed",
            item: agentMessage(text, { id: "item_0" }),
          },
          turnCompleted(),
        ].map((each) => `${JSON.stringify(each)}\n`).join(""),
      ),
    );
    assertEquals([code, stderr], [0, ""]);
  },

  "prints garbage, half a line and floods": async (make) => {
    await using fake = await make([
      prints(new Uint8Array([0xff, 0, 0x0a])),
      prints(" two  \t\r\nend\n"),
      prints("\n"),
      prints("ab", { times: 100_001 }),
      prints("no\n", { times: 0 }),
      prints("", { times: Infinity }),
      prints("x\n", { to: "stderr", times: 3 }),
      prints("-n"),
      exits({ exitCode: 3, stderr: "Bad luck\n" }),
      agentMessage("Never"),
    ]);
    const { stdout, stderr, code } = await run(fake);
    assertEquals(
      stdout === `\xff\0\n two  \t\r\nend\n\n${"ab".repeat(100_001)}-n`,
      true,
    );
    assertEquals([stderr, code], ["x\nx\nx\nBad luck\n", 3]);
  },

  "prints endlessly while its stdout is read": async (make) => {
    await using fake = await make([prints("again\n", { times: Infinity })]);
    const { stdout, signal } = await run(fake, {
      onOutput: (pid) => setTimeout(() => Deno.kill(pid, "SIGKILL"), 50),
    });
    assertEquals(signal, "SIGKILL");
    assert(stdout.length > 100_000);
    assert(stdout.startsWith("again\nagain\n"));
  },

  "ends when its stdout is closed": async (make) => {
    await using fake = await make([prints("again\n", { times: Infinity })]);
    const child = spawn(fake.path, [], {
      env: { PATH: Deno.env.get("PATH") },
      stdio: ["ignore", "pipe", "ignore"],
    });
    child.stdout.once("data", () => child.stdout.destroy());
    await new Promise((resolve) => child.once("exit", resolve));
  },

  "exits with a code or by a signal": async (make) => {
    const outcomes: unknown[] = [];
    for (
      const step of [
        exits(),
        exits({ exitCode: 0 }),
        exits({ exitCode: 255 }),
        exits({ signal: "SIGKILL" }),
        exits({ signal: "SIGTERM" }),
        failure("rate_limit"),
      ]
    ) {
      await using fake = await make([step]);
      const { code, signal } = await run(fake);
      outcomes.push(signal ?? code);
    }
    assertEquals(outcomes, [1, 0, 255, "SIGKILL", "SIGTERM", 1]);
  },

  "hangs, and ignores signals": async (make) => {
    await using fake = await make([
      ignoresSignal("SIGINT"),
      ignoresSignal("SIGTERM"),
      agentMessage("Here"),
      hang(),
      agentMessage("Never"),
    ]);
    let alive = false;
    const { signal, stdout } = await run(fake, {
      async onOutput(pid) {
        await until("the message", () => fake.requests.length > 0 || undefined);
        Deno.kill(pid, "SIGINT");
        Deno.kill(pid, "SIGTERM");
        await new Promise((resolve) => setTimeout(resolve, 200));
        alive = isRunning(pid);
        Deno.kill(pid, "SIGHUP");
      },
    });
    assertEquals([signal, alive], ["SIGHUP", true]);
    assertEquals(stdout.split("\n").length, 3 + 1);
  },

  "waits between two steps": async (make) => {
    await using fake = await make([pause(1_250), agentMessage("Late")]);
    const begun = performance.now();
    const { code } = await run(fake);
    assertEquals(code, 0);
    assertLess(1_240, performance.now() - begun);
  },

  "records its requests": async (make) => {
    await using fake = await make([agentMessage("Done")]);
    assertEquals(fake.requests, []);
    const folder = await Deno.realPath(await Deno.makeTempDir());
    try {
      const args = ["exec", "", "two\nlines", "*", "é"];
      await Deno.writeTextFile(`${folder}/.env`, "FROM_FILE=1\n");
      const input = "Do it\n\n";
      const env = { GIVEN: "some\nSECRET=value" };
      await run(fake, { args, input, env, cwd: folder });
      await run(fake, { cwd: folder });
      assertEquals(fake.requests, [
        {
          number: 1,
          argv: args,
          stdin: input,
          environmentNames: ["GIVEN", "PATH"],
          workingDirectory: folder,
        },
        {
          number: 2,
          argv: [],
          stdin: "",
          environmentNames: ["PATH"],
          workingDirectory: folder,
        },
      ]);
      const home = fake.path.slice(0, -"/codex".length);
      for await (const { name } of Deno.readDir(home)) {
        const text = name === "codex"
          ? ""
          : await Deno.readTextFile(`${home}/${name}`);
        assertEquals(text.includes("value"), false, name);
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },

  "reads stdin at the given step, or never": async (make) => {
    const long = "x".repeat(1_000_000);
    const stdin = async (...steps: FakeExecutableStep[]) => {
      await using fake = await make(steps);
      await run(fake, { input: long });
      return fake.requests[0]?.stdin?.length;
    };
    assertEquals(await stdin(agentMessage(".")), 1_000_000);
    assertEquals(await stdin(agentMessage("."), readsStdin()), 1_000_000);
    assertEquals(await stdin(exits(), readsStdin()), undefined);
  },

  "runs the steps of each run, and fails if there are none left": async (
    make,
  ) => {
    await using fake = await make([
      failure("rate_limit"),
      [prints("one\n"), exits({ exitCode: 0 })],
      [],
    ]);
    const codes: unknown[] = [];
    for (let index = 0; index < 3; index += 1) {
      codes.push((await run(fake)).code);
    }
    assertEquals(codes, [1, 0, 0]);
    const { code, stderr, stdout } = await run(fake);
    assertEquals([code, stdout], [1, ""]);
    assertEquals(stderr, "Unexpected run 4: the fake has steps for 3\n");
    assertEquals(fake.requests.length, 4);
  },

  "separates runs at the same time": async (make) => {
    await using fake = await make([pause(50), agentMessage("Done")]);
    await Promise.all(
      Array.from(
        { length: 20 },
        (_, index) => run(fake, { args: [`${index}`], input: `${index}` }),
      ),
    );
    const { requests } = fake;
    assertEquals(requests.length, 20);
    assertEquals(requests.every(({ argv, stdin }) => argv[0] === stdin), true);
    assertEquals(new Set(requests.map(({ stdin }) => stdin)).size, 20);
  },

  "continues the thread that it is asked to resume": async (make) => {
    await using fake = await make([agentMessage("Done")]);
    const id = "01a204fd-5d2f-7c33-a821-7f8c92f2a0ef";
    const named = async (...args: string[]): Promise<unknown> =>
      JSON.parse((await run(fake, { args })).stdout.split("\n")[0] ?? "")
        .thread_id;
    const own = await named("exec");
    assertEquals(await named("exec", "resume", id), id);
    assertEquals(await named("exec", "resume", "--last", id, "-"), id);
    assertEquals(await named("exec", "resume", "--last"), own);
    assertEquals(await named("exec", id), own);
    await using other = await make([threadStarted(id)]);
    const { stdout } = await run(other, { args: ["exec", "resume", `${own}`] });
    assertStringIncludes(stdout, id);
  },

  "continues after the event that decides the turn": async (make) => {
    await using fake = await make([
      turnCompleted(),
      agentMessage("After it"),
      failure("rate_limit"),
    ]);
    const { stdout, code } = await run(fake);
    const types = stdout.trimEnd().split("\n").map((line) =>
      JSON.parse(line).type
    );
    assertEquals(types, [
      "thread.started",
      "turn.started",
      "turn.completed",
      "item.completed",
      "error",
      "turn.failed",
    ]);
    assertEquals(code, 0);
  },

  "can be removed, even while it hangs": async (make) => {
    const fake = await make([agentMessage("Here"), hang()]);
    let removed: Promise<void> | undefined;
    const { code } = await run(fake, {
      args: ["exec"],
      onOutput: () => {
        removed = fake.remove();
      },
    });
    await removed;
    assertEquals(code, 0);
    assertEquals(fake.requests.map(({ argv }) => argv), [["exec"]]);
    await fake.remove();
    await fake[Symbol.asyncDispose]();
    await assertRejects(() => Deno.stat(fake.path), Deno.errors.NotFound);
  },
};

function latin1(text: string): string {
  return Array.from(
    new TextEncoder().encode(text),
    (byte) => String.fromCharCode(byte),
  ).join("");
}

/** A turn with every kind of step. */
const WHOLE = [
  reasoning("Hm"),
  todoList(["a", "b"]),
  commandExecution({ command: "ls", aggregated_output: "x\n" }),
  fileChange({ changes: ["a.ts"] }),
  todoList([{ text: "a", completed: true }, "b"]),
  mcpToolCall({ server: "s", tool: "t", result: "5" }),
  collabToolCall({ tool: "spawn_agent" }),
  webSearch("deno"),
  errorEvent("Reconnecting... 1/5"),
  errorItem("Careful"),
  unknownItem({ id: "u", type: "hologram", depth: 3 }),
  unknownEvent({ type: "thread.dreamt", of: ["sheep"] }),
  agentMessage("Done"),
  usage({ output_tokens: 7 }),
];

Deno.test("A run has the same result as the same turn played without a process", async () => {
  await using fake = await writeFakeExecutable(WHOLE);
  const codex = new Codex({ codexPathOverride: fake.path });
  const options = { skipGitRepoCheck: true };
  const turn = await codex.startThread(options).run("Go");
  const played = await fakeCodex([WHOLE]).startThread(options).run("Go");
  const plain = (each: typeof turn): unknown => ({
    ...each,
    durationMs: 0,
    threadId: "",
    // Only printed output has line numbers.
    diagnostics: each.diagnostics.map((one) => ({ ...one, lineNumber: null })),
  });
  assertEquals(plain(turn), plain(played));
});

const REASONS: readonly FailureReason[] = [
  "usage_limit",
  "rate_limit",
  "unauthorized",
  "forbidden",
  "model_not_found",
  "bad_request",
  "invalid_schema",
  "context_window",
  "overloaded",
  "server_error",
  "unreachable",
  "disconnected",
  "cyber_policy",
  "other",
];

Deno.test("A failure has its reason, and an exit its stderr, for a client that starts the program", async () => {
  await using fake = await writeFakeExecutable([
    ...REASONS.map((reason) => failure(reason)),
    [threadRejected("busy")],
    [exits({ exitCode: 2, stderr: "Error: out of luck\n" })],
  ]);
  const codex = new Codex({ codexPathOverride: fake.path });
  const thread = codex.startThread({ skipGitRepoCheck: true });
  for (const reason of REASONS) {
    const error = await assertRejects(
      () => thread.run("Go"),
      CodexThreadRunError,
    );
    assertEquals(error.reason, reason);
  }
  const id = thread.id ?? "";
  const busy = await codex.resumeThread(id, { skipGitRepoCheck: true })
    .run("Go").catch((error) => error.code);
  assertEquals(busy, "thread_busy");
  const error = await assertRejects(
    () => codex.startThread({ skipGitRepoCheck: true }).run("Go"),
    CodexExecError,
  );
  assertEquals([error.exitCode, error.stderr], [2, "Error: out of luck\n"]);
});

Deno.test("A hanging turn is ended by its time limit, and its error has the items so far", async () => {
  await using fake = await writeFakeExecutable([agentMessage("Half"), hang()]);
  const codex = new Codex({ codexPathOverride: fake.path });
  const error = await codex.startThread({ skipGitRepoCheck: true })
    .run("Go", { timeoutMs: 500 }).catch((error) => error);
  assertEquals(error.code, "turn_timeout");
  assertEquals(error.items.length, 1);
});

Deno.test("Steps that no program can do are rejected, with their path", async () => {
  const message = async (...steps: unknown[]): Promise<string> => {
    const error = await assertRejects(
      () => writeFakeExecutable(steps as FakeExecutableStep[]),
      CodexInputError,
    );
    assertMatch(error.path, /^steps\[\d/);
    return error.message.slice(
      "Cannot write a fake executable with the ".length,
    );
  };
  const wrong: unknown[] = [
    undefined,
    "agentMessage",
    {},
    structuredAnswer({ a: 1 }),
    notStarted(new CodexInputError("No", { path: "x" })),
    failure("sandbox"),
    prints(5 as unknown as string),
    prints("x", { times: -1 }),
    prints("x", { times: NaN }),
    prints("x", { to: "stdin" as "stdout" }),
    ignoresSignal("SIGKILL" as "SIGINT"),
    exits({ exitCode: 256 }),
    exits({ signal: "9; reboot" }),
    pause(-1),
    pause(NaN),
  ];
  const seen = new Set<string>();
  for (const step of wrong) {
    const text = await message(agentMessage("."), step);
    assert(text.startsWith("step steps[1]: "), text);
    seen.add(text);
  }
  assert(seen.size > 9);
  assert(
    (await message([agentMessage(".")], [hang(), {}]))
      .startsWith("step steps[1][1]: "),
  );
  await assertRejects(
    () => writeFakeExecutable("hang" as unknown as Steps),
    CodexInputError,
    "steps must be an array",
  );
  const circle: Record<string, unknown> = { type: "x" };
  circle.self = circle;
  await message(unknownEvent(circle as never));
});

Deno.test("A program that has to be compiled is rejected without Bun", async () => {
  const compiled = await compileSteps([hang()]);
  const folders: string[] = [];
  const refusal = async (...places: string[]) =>
    await assertRejects(
      () =>
        installFake(compiled, (folder) => {
          folders.push(folder);
          return compileBunProgram(folder, places);
        }),
      CodexEnvironmentError,
    );
  const none = await refusal("/nowhere/bun");
  assertMatch(none.message, /compiled with Bun, which is not on PATH/);
  assertEquals(none.systemCode, "ENOENT");
  // An executable other than Bun reports its own error.
  const other = await refusal(Deno.execPath());
  assertMatch(other.message, /cannot compile it.*error/s);
  assertEquals(folders.filter((each) => existsSync(each)), []);
  assertEquals(folders.length, 2);
});

Deno.test("Bun is searched in the runtime, on PATH, and next to npm's script", () => {
  const host = { versions: {}, execPath: "/usr/bin/node" };
  assertEquals(
    bunCandidates({
      ...host,
      platform: "linux",
      env: { PATH: "/a:relative:/b/:" },
    }),
    ["/a/bun", "/b/bun"],
  );
  const windows = {
    versions: { bun: "1.4.5" },
    execPath: "C:\\bun\\bun.exe",
    platform: "win32",
    env: { Path: '.;"C:\\a b";\\\\host\\x\\' },
  };
  assertEquals(bunCandidates(windows), [
    "C:\\bun\\bun.exe",
    "C:\\a b\\bun.exe",
    "C:\\a b\\node_modules\\bun\\bin\\bun.exe",
    "C:\\a b\\..\\bun\\bin\\bun.exe",
    "\\\\host\\x\\bun.exe",
    "\\\\host\\x\\node_modules\\bun\\bin\\bun.exe",
    "\\\\host\\x\\..\\bun\\bin\\bun.exe",
  ]);
  // A program compiled by Bun is not Bun itself.
  assertEquals(
    bunCandidates({
      ...windows,
      execPath: "C:\\app.exe",
      env: {},
    }),
    [],
  );
});
