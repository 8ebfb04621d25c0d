/**
 * The scenarios of Windows: programs of users of the npm package, with a fake CLI and
 * with the real one, on each runtime of a machine.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { modelAnswer, modelCommand, modelMessage } from "../../testing.ts";
import { startRealCli } from "../../src/testing/real_cli.ts";
import { until } from "../../src/testing/waiting.ts";
import { readContext, startMachine } from "./context.ts";
import { type Machine, windowsPath, type WindowsRuntime } from "./machine.ts";
import { realCodexFor } from "./real_codex.ts";

const context = readContext();

/** The time limit of a program, in ms; only guards against hanging. */
const PROGRAM_MS = 180_000;

/** The outcome of a call: the answer or the error, and what the CLI received. */
interface Outcome {
  readonly answer?: string;
  readonly code?: string;
  readonly message?: string;
  readonly exitCode?: number;
  readonly got?: {
    readonly cwd: string;
    readonly stdin: number;
    readonly argv: readonly string[];
    readonly env: readonly string[];
  };
}

type Outcomes = { readonly [name: string]: Outcome };

/** Runs a program of the scenarios, and returns its output. */
async function runProgram(
  machine: Machine,
  { program, args }: WindowsRuntime,
  name: string,
  { cwd = "project", env = {}, ...setting }: {
    cwd?: string;
    env?: Record<string, string>;
    [name: string]: unknown;
  } = {},
): Promise<{ code: number; printed: unknown; stderr: string }> {
  for (const end of ["", ".child"]) {
    const path = `${machine.folder}/beat${end}`;
    await Deno.remove(path).catch(() => {});
  }
  const { root, systemPath } = machine;
  const { code, stdout, stderr } = await machine.run(program, [
    ...args,
    windowsPath(machine, "project", `${name}.mjs`),
    JSON.stringify({ root, systemPath, ...setting }),
  ], { cwd: `${machine.folder}/${cwd}`, env, timeoutMs: PROGRAM_MS });
  const printed = stdout.trim() === "" ? undefined : JSON.parse(stdout);
  return { code, printed, stderr };
}

/** Runs a program that has to succeed, and returns its output. */
async function readOutcomes<T>(
  ...args: Parameters<typeof runProgram>
): Promise<T> {
  const { code, printed, stderr } = await runProgram(...args);
  if (code !== 0 || printed === undefined) {
    throw new Error(`It ended with code ${code}: ${stderr}`);
  }
  return printed as T;
}

/** Tells whether a running process continues to write its file, after giving it time to end. */
async function isBeating({ folder }: Machine, end = ""): Promise<boolean> {
  const size = async () => {
    const stat = await Deno.stat(`${folder}/beat${end}`).catch(() => undefined);
    return stat?.size ?? 0;
  };
  for (let looks = 0, before = await size(); looks < 6; looks++) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    const now = await size();
    if (now === before) return false;
    before = now;
  }
  return true;
}

/** Compares paths as Windows does: case-insensitively, and with either slash. */
function samePath(one: string | undefined, other: string): boolean {
  const normal = (path: string) => path.replaceAll("/", "\\").toLowerCase();
  return one !== undefined && normal(one) === normal(other);
}

/** The places of the CLI in the cases of locate.mjs, below the folder; a pattern for an error. */
const LOCATED: { readonly [name: string]: string[] | RegExp } = {
  "a program on PATH": ["fake"],
  "an entry of PATH in quotes": ["fake"],
  "an entry of PATH with a semicolon": ["a;b"],
  "an entry of PATH with a backslash": ["fake"],
  "a program without its ending": ["fake"],
  "a program, with slashes": ["fake"],
  ...Object.fromEntries(
    [
      "npm's global folder on PATH",
      "CODEX_PATH of npm's script",
      "npm's script",
      "npm's script by its name",
      "npm's script without its ending",
      "npm's script for PowerShell",
      "npm's launcher",
      "npm's launcher, with slashes",
    ].map((name) => [name, [
      "npm\\node_modules\\@openai\\codex\\node_modules\\@openai\\codex-win32-x64\\vendor\\x86_64-pc-windows-msvc\\bin",
    ]]),
  ),
  "a text": /it is not a program for this system/,
  "another's script": /is a script that only a shell can run/,
  "a folder": /^Cannot start "/,
  "no CLI": /^Cannot find the Codex CLI "codex"/,
  "no PATH": /PATH, which is not set or cannot be read/,
};

async function testLocating(
  test: Deno.TestContext,
  machine: Machine,
  runtime: WindowsRuntime,
): Promise<void> {
  const outcomes = await readOutcomes<Outcomes>(machine, runtime, "locate");
  for (const [name, expected] of Object.entries(LOCATED)) {
    await test.step(`finds ${name}`, () => {
      const { answer, message, got } = outcomes[name] ?? {};
      if (expected instanceof RegExp) {
        assertEquals(answer, undefined);
        assertMatch(message ?? "", expected);
      } else {
        const path = windowsPath(machine, ...expected, "codex.exe");
        assert(samePath(got?.argv[0], path), message ?? got?.argv[0]);
      }
    });
  }
}

/** The checks of the outcomes of calls.mjs, by case. */
const CALLS: {
  readonly [name: string]: (outcome: Outcome, machine: Machine) => void;
} = {
  quoting({ got }, machine) {
    const folder = `${windowsPath(machine, "im g")}\\`;
    const settings = got?.argv.filter((_, index, all) =>
      all[index - 1] === "--config"
    );
    assertEquals(settings, [
      String.raw`a="say \"hi\" \\ back\\"`,
      String.raw`b.c=["x y", "z\\\\"]`,
      'd="%PATH% ^ & | < > !x!"',
      String.raw`e="tab\tline\n"`,
    ]);
    const added = got?.argv[got.argv.indexOf("--add-dir") + 1];
    assert(samePath(added, folder), added);
    assert(samePath(`${got?.cwd.replace(/\\$/, "")}\\`, folder), got?.cwd);
  },
  images({ got, message }, machine) {
    const paths =
      got?.argv.filter((_, index, all) => all[index - 1] === "--image") ?? [];
    assertEquals(paths.length, 4, message);
    const file = windowsPath(machine, "im g", "ünï", "a b.png");
    for (const path of paths.slice(0, 3)) assert(samePath(path, file), path);
    assertMatch(paths[3] ?? "", /codex-images-.*[\\/]3\.png$/);
  },
  "an image by a path of the system": ({ answer }) => assert(answer),
  "an image on a share": ({ message }) =>
    assertMatch(
      message ?? "",
      /^Cannot send image "\\\\nowhere\.invalid\\share\\a\.png" .*the file does not exist/,
    ),
  "an image with an encoded separator": ({ message }) =>
    assertMatch(message ?? "", /no file has such a name/),
  "an image that is missing": ({ message }) =>
    assertMatch(message ?? "", /the file does not exist/),
  "a folder that is missing": ({ message }) =>
    assertMatch(message ?? "", /the folder does not exist/),
  "an output with CRLF": ({ answer }) =>
    assertEquals(answer, "The fake says hi"),
  "an environment that is replaced"({ got }) {
    const names =
      got?.env.map((each) => each.replace(/=.*/s, "").toUpperCase()) ?? [];
    for (const name of ["FOO", "PATH", "TEMP", "USERPROFILE", "WINDIR"]) {
      assert(names.includes(name), `${name} is not among ${names}`);
    }
    assert(!names.includes("ACODEX_HOST_SECRET"));
  },
  "an environment in other cases"({ got }) {
    const find = (name: RegExp) => got?.env.filter((each) => name.test(each));
    assertEquals(find(/^path=/i), ["path=C:\\mine"]);
    assertEquals(find(/^pathext=/i), []);
    assertEquals(find(/^temp=/i)?.length, 1);
  },
  "a key in another case": ({ got }) =>
    assertEquals(
      got?.env.filter((each) => /^codex_api_key=/i.test(each)),
      ["codex_api_key=sk-1"],
    ),
  "arguments of 33,000 characters": ({ message }) =>
    assertMatch(message ?? "", /^config\.a is too long to start the CLI with/),
  "arguments that are too long with their quotes": ({ message }) =>
    assertMatch(message ?? "", /^config\.a is too long to start the CLI with/),
  "arguments of 31,000 characters": ({ got }) =>
    assertEquals(
      Math.max(...got?.argv.map((each) => each.length) ?? []),
      31004,
    ),
  "a variable of 40,000 characters": ({ message }) =>
    assertMatch(message ?? "", /^env\["BIG"\] is too long/),
  "a prompt of 900,000 characters": ({ got }) =>
    assertEquals(got?.stdin, 900_000),
  "an output schema"({ got }) {
    const path = got?.argv[got.argv.indexOf("--output-schema") + 1] ?? "";
    assertMatch(path, /codex-output-schema-.*[\\/]schema\.json$/);
  },
  "a blocking turn": ({ answer }) => assertEquals(answer, "The fake says hi"),
  "a blocking turn that takes too long": ({ code }) =>
    assertEquals(code, "turn_timeout"),
};

async function testCalls(
  test: Deno.TestContext,
  machine: Machine,
  runtime: WindowsRuntime,
): Promise<void> {
  const env = { ACODEX_HOST_SECRET: "1" };
  const outcomes = await readOutcomes<Outcomes>(machine, runtime, "calls", {
    env,
  });
  for (const [name, judge] of Object.entries(CALLS)) {
    await test.step(`hands on ${name}`, () => {
      const outcome = outcomes[name];
      assert(outcome, "It is missing");
      judge(outcome, machine);
    });
  }
}

/** The output of cancel.mjs. */
interface Cancelled {
  readonly error: Outcome;
  readonly tookMs: number;
  readonly runs: { readonly cli: boolean; readonly child: boolean };
  readonly files: readonly string[];
}

async function testCancelling(
  test: Deno.TestContext,
  machine: Machine,
  runtime: WindowsRuntime,
): Promise<void> {
  const log = `${machine.folder}/taskkill.log`;
  const env = { TASKKILL_LOG: windowsPath(machine, "taskkill.log") };
  const cancel = (setting: Parameters<typeof runProgram>[3]) =>
    readOutcomes<Cancelled>(machine, runtime, "cancel", setting);
  const nothing = { runs: { cli: false, child: false }, files: [] };
  for (const prompt of ["HANG", "HANGPIPE"]) {
    await test.step(`cancels a tree (${prompt})`, async () => {
      const { error, runs, files } = await cancel({ prompt });
      assertEquals(error.code, "ABORT_ERR");
      assertEquals({ runs, files }, nothing);
    });
  }
  await test.step("cancels by the system's own taskkill, not by one of the working directory", async () => {
    await Deno.remove(log).catch(() => {});
    const { runs, files } = await cancel({
      prompt: "HANG",
      cwd: "planted",
      env,
    });
    assertEquals({ runs, files }, nothing);
    const used = await Deno.readTextFile(log).catch(() => "");
    assert(!used.includes("planted"), used);
    if (machine.isWine) {
      assertMatch(used, /system32\\taskkill\.exe pid=\d+ tree=1 force=1/i);
    }
  });
  await test.step({
    name: "cancels a tree by a taskkill that takes longer than a grace",
    ignore: !machine.isWine,
    fn: async () => {
      const delay = { TASKKILL_DELAY: "2500" };
      const { runs, files, tookMs } = await cancel({
        prompt: "HANG",
        env: delay,
      });
      assertEquals({ runs, files }, nothing);
      assert(tookMs >= 2500, `${tookMs}`);
    },
  });
  await test.step("tells of a CLI that crashes, though its child holds the pipes", async () => {
    const { error, runs, files } = await cancel({ prompt: "CRASHPIPE" });
    assertEquals([error.code, error.exitCode], ["exited", 3]);
    assertEquals({ cli: runs.cli, files }, { cli: false, files: [] });
    await stopAll(machine);
  });
}

/** Ends the running processes of a CLI that has no job object. */
async function stopAll({ folder }: Machine): Promise<void> {
  const names = ["beat.stop", "beat.child.stop"];
  for (const name of names) await Deno.writeTextFile(`${folder}/${name}`, "");
  await until("the end of all", async () => {
    const still = await isBeating({ folder } as Machine, ".child");
    return still ? undefined : true;
  });
  for (const name of names) await Deno.remove(`${folder}/${name}`);
}

async function testHosts(
  test: Deno.TestContext,
  machine: Machine,
  runtime: WindowsRuntime,
): Promise<void> {
  for (
    const [how, endWithHost] of [
      ["exit", true],
      ["throw", true],
      ["kill", true],
      // It has no effect there.
      ["kill", false],
    ] as const
  ) {
    const only = endWithHost ? "" : ", with endWithHost: false";
    await test.step(`ends the CLI with a program that ends by ${how}${only}`, async () => {
      await runProgram(machine, runtime, "host", { how, endWithHost });
      assert(!await isBeating(machine), "The CLI still runs");
      await stopAll(machine);
    });
  }
}

async function testRealTurns(
  test: Deno.TestContext,
  machine: Machine,
  runtime: WindowsRuntime,
): Promise<void> {
  const { codex, codexHome } = await realCodexFor(machine);
  // Without quotes: PowerShell would print a quoted string instead of running it.
  const stay = `${windowsPath(machine, "fake", "codex.exe")} --beat ${
    windowsPath(machine, "beat")
  }`;
  await using real = await startRealCli((request) => {
    if (request.prompt.includes("COMMAND")) {
      return modelAnswer(modelCommand(stay));
    }
    return modelAnswer(
      modelMessage(request.prompt.includes("JSON") ? '{"answer":"42"}' : "Hi"),
    );
  });
  const { PATH: _, ...env } = real.codexOptions.env;
  const printed = await readOutcomes<Record<string, unknown>>(
    machine,
    runtime,
    "turn",
    {
      codex,
      codexOptions: {
        config: real.codexOptions.config,
        envMode: "merge",
        env: { ...env, CODEX_HOME: codexHome },
      },
    },
  );
  await test.step("answers", () => {
    assertEquals(printed.first, "Hi");
    assertEquals(printed.second, '{"answer":"42"}');
    assertEquals(printed.third, "Hi");
    assertEquals(printed.blocking, "Hi");
    const prompts = real.model.prompts.join("\n");
    assert(prompts.includes('Hello\r\nsecond "quoted" line ü'), prompts);
  });
  await test.step("ends the command of a turn that is cancelled", () => {
    assertEquals(printed.commandRan, true);
    assertEquals((printed.cancelled as Outcome).code, "ABORT_ERR");
    assertEquals(printed.commandRuns, false);
  });
}

Deno.test("Scenarios of Windows", async (test) => {
  const machine = await startMachine(context);
  try {
    for (const [name, runtime] of Object.entries(machine.runtimes)) {
      const scenarios = {
        locate: testLocating,
        calls: testCalls,
        cancelling: testCancelling,
        hosts: testHosts,
        ...context.withCodex ? { "the real CLI": testRealTurns } : {},
      };
      for (const [what, scenario] of Object.entries(scenarios)) {
        await test.step(
          `${machine.name}, ${name}: ${what}`,
          (step) => scenario(step, machine, runtime),
        );
      }
    }
  } finally {
    await machine.close();
  }
});
