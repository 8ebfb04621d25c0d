/**
 * Runs the example projects of the test kit, each with its own test runner and the
 * packed npm package, without network or CLI. Then runs the same bot on the real CLI.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { Codex } from "../../mod.ts";
import {
  type Review,
  reviewLastCommit,
} from "../../examples/testing/review_bot.ts";
import { installPackage } from "../../scripts/conformance/package.ts";
import {
  installRuntime,
  RUNTIMES,
} from "../../scripts/conformance/runtimes.ts";
import { installCached } from "../../scripts/npm/tools.ts";
import { listFiles, ROOT_URL } from "../../scripts/project.ts";
import { run } from "../../scripts/run.ts";
import { modelAnswer, modelMessage, ScriptedModel } from "../../testing.ts";
import { tempFolder } from "../support/temp_folder.ts";

/** A test runner. */
interface Runner {
  /** Its project, below `examples/testing`. */
  readonly name: string;
  /** Its runtime. */
  readonly runtime: string;
  /** Returns its arguments in a project with this `node_modules`. */
  readonly args: (modules: string) => readonly string[];
  /** Matches its output for four passed tests. */
  readonly passed: RegExp;
}

const RUNNERS: readonly Runner[] = [
  {
    name: "deno",
    runtime: "deno",
    args: () => [
      "test",
      "--allow-env",
      "--no-check",
      "--no-lock",
      "--config",
      "run.json",
    ],
    passed: /4 passed/,
  },
  {
    name: "node",
    runtime: "node24",
    args: () => ["--test"],
    passed: /pass 4\b/,
  },
  { name: "bun", runtime: "bun", args: () => ["test"], passed: /4 pass\b/ },
  {
    name: "vitest",
    runtime: "node24",
    args: (modules) => [`${modules}/vitest/vitest.mjs`, "run"],
    passed: /4 passed/,
  },
];

for (const { name, runtime, args, passed } of RUNNERS) {
  Deno.test(`The bot's tests pass under ${name}`, async () => {
    const found = RUNTIMES.find((each) => each.name === runtime);
    assert(found !== undefined);
    const program = await installRuntime(found);
    await using folder = await tempFolder("acodex_testing_");
    const modules = `${folder.path}/node_modules`;
    await placeProject(name, folder.path, modules);
    const { code, stdout, stderr } = await run(program, [...args(modules)], {
      cwd: `${folder.path}/${name}`,
      // No executable can be found.
      env: { PATH: "", HOME: folder.path, CODEX_PATH: "/nowhere/codex" },
      clearEnv: true,
    });
    assertEquals(code, 0, stdout + stderr);
    assertMatch(stdout + stderr, passed);
  });
}

/** The dependencies of the folder above the projects. */
const MANIFEST = JSON.stringify({
  type: "module",
  dependencies: { "@acodex/sdk": "*", zod: "*" },
});

/** Copies a project into a folder, with its dependencies. */
async function placeProject(
  name: string,
  folder: string,
  modules: string,
): Promise<void> {
  const from = "examples/testing";
  await Deno.mkdir(`${folder}/${name}`);
  for (const path of await listFiles(`${from}/${name}`)) {
    await Deno.copyFile(
      new URL(path, ROOT_URL),
      `${folder}/${path.slice(from.length + 1)}`,
    );
  }
  await Deno.copyFile(
    new URL(`${from}/review_bot.ts`, ROOT_URL),
    `${folder}/review_bot.ts`,
  );
  await Deno.writeTextFile(`${folder}/package.json`, MANIFEST);
  // Like its deno.json, with the packed package instead of the published one.
  await Deno.writeTextFile(
    `${folder}/${name}/run.json`,
    '{ "nodeModulesDir": "manual" }\n',
  );
  const installed = new URL("node_modules/", await installPackage());
  await Deno.mkdir(`${modules}/@acodex`, { recursive: true });
  for (const each of ["@acodex/sdk", "zod"]) {
    await Deno.symlink(new URL(each, installed), `${modules}/${each}`, {
      type: "dir",
    });
  }
  if (name !== "vitest") return;
  const vitest = await installCached("vitest", ["vitest@5.1.1"]);
  await Deno.symlink(`${vitest}/node_modules/vitest`, `${modules}/vitest`, {
    type: "dir",
  });
}

Deno.test("The bot reviews with the real CLI and a scripted model", async () => {
  const found: Review = { verdict: "approve", comments: [] };
  const model = await ScriptedModel.start([
    modelAnswer(modelMessage(JSON.stringify(found))),
  ]);
  try {
    assertEquals(await reviewLastCommit(new Codex(model.options())), found);
    assertMatch(model.prompts[0] ?? "", /last commit/);
  } finally {
    await model.close();
  }
});
