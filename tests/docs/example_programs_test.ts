/**
 * The examples that are one source for Deno, Node and Bun, run as they stand on each, with
 * the packed package, the real CLI and a scripted model.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { fileURLToPath } from "node:url";
import { installPackage } from "../../scripts/conformance/package.ts";
import {
  installRuntime,
  RUNTIMES,
} from "../../scripts/conformance/runtimes.ts";
import { ROOT_URL } from "../../scripts/project.ts";
import { serializeConfigOverrides } from "../../src/cli/config_overrides.ts";
import {
  answer,
  command,
  message,
  patch,
  type ReplyFunction,
  ScriptedModel,
} from "../../src/testing/model.ts";
import { assertNothingRuns } from "../support/real_codex.ts";
import { MINUTE_MS } from "../support/waiting.ts";

/** A run of an example. */
interface ExampleRun {
  /** Its arguments. */
  readonly args: readonly string[];
  /** The files that are there before it. */
  readonly files?: Readonly<Record<string, string>>;
  /** The answers of the model. */
  readonly reply: ReplyFunction;
  /** Checks what came of it. */
  check(result: ExampleResult): Promise<void> | void;
}

/** The outcome of a run. */
interface ExampleResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The prompts that came to the model. */
  readonly prompts: readonly string[];
  /** Reads a file of the folder that it ran in. */
  read(path: string): Promise<string>;
}

const INVOICE = {
  ...{ number: "A-7", date: "2026-01-02", currency: null, total: 12 },
  lines: [{ text: "Tea", amount: 12 }],
};

const RUNS: Readonly<Record<string, readonly ExampleRun[]>> = {
  "quickstart.ts": [{
    args: ["What is this?"],
    reply: () => answer(message("A test")),
    check: ({ code, stdout, stderr, prompts }) => {
      assertEquals([code, stderr, prompts], [0, "", ["What is this?"]]);
      assertMatch(stdout, /^A test\nthread [-0-9a-f]{36}, tokens/);
    },
  }],
  "batch.ts": [{
    args: ["Say hello", ".", "./nowhere"],
    reply: () => answer(message("Hello")),
    check: ({ code, stdout, prompts }) => {
      assertEquals([code, prompts], [1, ["Say hello"]]);
      assertMatch(stdout, /Cannot work in "\.\/nowhere"/);
    },
  }],
  "live_feed.ts": [{
    args: ["Make a file"],
    reply: ({ toolOutputs }) =>
      answer(
        [
          command("echo hi"),
          patch("*** Begin Patch\n*** Add File: a.txt\n+hi\n*** End Patch"),
          message("It is made"),
        ][toolOutputs.length] ?? message("?"),
      ),
    check: ({ code, stdout, stderr }) => {
      assertEquals([code, stderr], [0, ""], stdout);
      assertMatch(stdout, /completed \$ .*echo hi/);
      assertMatch(stdout, /done: It is made/);
    },
  }],
  "extract.ts": [{
    args: ["a.txt"],
    files: { "a.txt": "Invoice A-7" },
    reply: ({ toolOutputs: _, prompt }) =>
      answer(message(JSON.stringify(
        prompt.startsWith("Extract") ? { ...INVOICE, total: 13 } : INVOICE,
      ))),
    check: ({ code, stdout, stderr, prompts }) => {
      assertEquals(code, 0, stderr);
      assertEquals(JSON.parse(stdout), {
        file: "a.txt",
        ...INVOICE,
        currency: "EUR",
      });
      assertMatch(stderr, /^\$0\.0\d+\n$/);
      assertEquals(prompts.length, 2);
      assertMatch(prompts[1] ?? "", /do not add up/);
    },
  }],
  "commit_message.ts": [{
    args: ["message.txt"],
    files: { "message.txt": "# Changes\n" },
    reply: () => answer(message('{"subject":"Add tea","body":"It is hot."}')),
    check: async ({ code, stderr, read }) => {
      assertEquals([code, stderr], [0, ""]);
      assertEquals(
        await read("message.txt"),
        "Add tea\n\nIt is hot.\n# Changes\n",
      );
    },
  }, {
    args: ["message.txt", "message"],
    files: { "message.txt": "Mine\n" },
    reply: () => answer(message("Not asked")),
    check: async ({ code, prompts, read }) => {
      assertEquals([code, prompts], [0, []]);
      assertEquals(await read("message.txt"), "Mine\n");
    },
  }],
};

/** Runs an example. */
async function runExample(
  runtime: string,
  name: string,
  { args, files = {}, reply, check }: ExampleRun,
): Promise<void> {
  const found = RUNTIMES.find((each) => each.name === runtime);
  assert(found !== undefined);
  await using stack = new AsyncDisposableStack();
  const model = stack.use(await ScriptedModel.start(reply));
  const [home, repo, program] = await Promise.all(
    ["home", "repo", "program"].map(async (what) => {
      const prefix = `acodex_example_${what}_`;
      const folder = await Deno.realPath(await Deno.makeTempDir({ prefix }));
      stack.defer(() => Deno.remove(folder, { recursive: true }));
      return folder;
    }),
  ) as [string, string, string];
  stack.defer(() => assertNothingRuns(home));
  await Deno.writeTextFile(
    `${home}/config.toml`,
    serializeConfigOverrides({
      ...model.config,
      sandbox_mode: "danger-full-access",
    }).join("\n"),
  );
  await new Deno.Command("git", { args: ["init", "--quiet", repo] }).output();
  for (const [path, text] of Object.entries(files)) {
    await Deno.writeTextFile(`${repo}/${path}`, text);
  }
  await Deno.copyFile(
    new URL(`examples/${name}`, ROOT_URL),
    `${program}/${name}`,
  );
  await Deno.writeTextFile(`${program}/package.json`, '{ "type": "module" }\n');
  await Deno.symlink(
    fileURLToPath(new URL("node_modules", await installPackage())),
    `${program}/node_modules`,
    { type: "dir" },
  );
  const text = new TextDecoder();
  const { code, stdout, stderr } = await new Deno.Command(
    await installRuntime(found),
    {
      args: [
        ...runtime === "deno"
          ? ["run", "--allow-all", "--no-check", "--quiet", "--no-lock"]
          : [],
        `${program}/${name}`,
        ...args,
      ],
      cwd: repo,
      env: { ...model.env(home), NO_COLOR: "1" },
      signal: AbortSignal.timeout(MINUTE_MS),
    },
  ).output();
  await check({
    code,
    stdout: text.decode(stdout),
    stderr: text.decode(stderr),
    prompts: model.prompts.filter((prompt, index, all) =>
      prompt !== all[index - 1]
    ),
    read: (path) => Deno.readTextFile(`${repo}/${path}`),
  });
}

for (const runtime of ["deno", "node24", "bun"]) {
  for (const [name, runs] of Object.entries(RUNS)) {
    for (const [index, each] of runs.entries()) {
      Deno.test(`examples/${name} runs on ${runtime}, ${index + 1}`, () =>
        runExample(runtime, name, each));
    }
  }
}
