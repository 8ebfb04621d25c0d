/**
 * Runs an example unchanged, with the packed package, the real CLI and a scripted
 * model.
 *
 * @module
 */

import { assert } from "@std/assert";
import { fileURLToPath } from "node:url";
import { installPackage } from "../../scripts/conformance/package.ts";
import {
  installRuntime,
  RUNTIMES,
} from "../../scripts/conformance/runtimes.ts";
import { ROOT_URL } from "../../scripts/project.ts";
import { serializeConfigOverrides } from "../../src/cli/config_overrides.ts";
import { type ModelReplyFunction, ScriptedModel } from "../../testing.ts";
import { fillHome } from "../../src/testing/warm_home.ts";
import { assertNothingRuns } from "../support/real_codex.ts";
import { MINUTE_MS } from "../../src/testing/waiting.ts";
import { tempFolder } from "../support/temp_folder.ts";

/** A run of an example. */
export interface ExampleRun {
  /** Its arguments. */
  readonly args: readonly string[];
  /** The files in its folder before it runs. */
  readonly files?: Readonly<Record<string, string>>;
  /** Shell commands that prepare the folder, after the files. */
  readonly prepare?: string;
  /** Variables of its environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** The answers of the model. */
  readonly reply: ModelReplyFunction;
  /** Checks the result. */
  check(result: ExampleResult): Promise<void> | void;
}

/** The outcome of a run. */
export interface ExampleResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The prompts that the model received. */
  readonly prompts: readonly string[];
  /** Reads a file in the example's folder. */
  read(path: string): Promise<string>;
}

/** Runs an example. */
export async function runExample(
  runtime: string,
  name: string,
  { args, files = {}, prepare = "", env = {}, reply, check }: ExampleRun,
): Promise<void> {
  const found = RUNTIMES.find((each) => each.name === runtime);
  assert(found !== undefined);
  await using stack = new AsyncDisposableStack();
  const model = stack.use(await ScriptedModel.start(reply));
  const { path: home } = stack.use(await tempFolder("acodex_example_home_"));
  const { path: repo } = stack.use(await tempFolder("acodex_example_repo_"));
  const { path: program } = stack.use(await tempFolder("acodex_example_"));
  fillHome(home);
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
  const shell = { args: ["-ec", prepare], cwd: repo };
  assert((await new Deno.Command("/bin/sh", shell).output()).success);
  const file = `${program}/${name.replace(/^.*\//, "")}`;
  await Deno.copyFile(new URL(`examples/${name}`, ROOT_URL), file);
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
        file,
        ...args,
      ],
      cwd: repo,
      env: { ...model.env(home), ...env, NO_COLOR: "1" },
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
