/**
 * Runs the example of a conversation on a terminal, with the real CLI and a scripted
 * model.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { installPackage } from "../../scripts/conformance/package.ts";
import {
  installRuntime,
  RUNTIMES,
} from "../../scripts/conformance/runtimes.ts";
import {
  linkedProject,
  packagesFor,
} from "../../scripts/npm/linked_project.ts";
import { installCached } from "../../scripts/npm/tools.ts";
import { ROOT_URL } from "../../scripts/project.ts";
import { run } from "../../scripts/run.ts";
import { serializeConfigOverrides } from "../../src/cli/config_overrides.ts";
import {
  modelAnswer,
  modelCommand,
  modelFunctionCall,
  modelMessage,
  ScriptedModel,
} from "../../testing.ts";
import { assertNothingRuns } from "../support/real_codex.ts";
import { until, withinMinute } from "../../src/testing/waiting.ts";
import { tempFolder } from "../support/temp_folder.ts";

/** They need the `script` command of Linux for a terminal. */
const ON_TERMINALS = { ignore: Deno.build.os !== "linux" };

const PACKAGES = [
  "@clack/prompts@1.9.0",
  "picocolors@1.1.1",
  "@types/node@24.19.2",
];

/** Creates the project of the example. */
async function makeProject(): Promise<URL> {
  const read = (name: string): Promise<string> =>
    Deno.readTextFile(new URL(`examples/repl/${name}`, ROOT_URL));
  return await linkedProject("repl", {
    packages: packagesFor(
      await installPackage(),
      await installCached("repl", PACKAGES),
      PACKAGES,
    ),
    files: {
      "repl.ts": await read("repl.ts"),
      "package.json": await read("package.json"),
      "deno.json": '{ "nodeModulesDir": "manual" }\n',
    },
  });
}

const ASKING = modelFunctionCall("exec_command", {
  cmd: "echo made",
  sandbox_permissions: "require_escalated",
  justification: "May I?",
});

Deno.test("examples/repl type-checks", async () => {
  const { code, stderr } = await run(
    Deno.execPath(),
    ["check", "--quiet", "repl.ts"],
    { cwd: fileURLToPath(await makeProject()) },
  );
  assertEquals(code, 0, stderr);
});

for (const name of ["deno", "node24", "bun"]) {
  Deno.test(
    `examples/repl talks, asks, and continues after Ctrl-C, on ${name}`,
    ON_TERMINALS,
    async () => {
      const runtime = RUNTIMES.find((each) => each.name === name);
      assert(runtime !== undefined);
      await using stack = new AsyncDisposableStack();
      const model = stack.use(
        await ScriptedModel.start(({ prompt, toolOutputs }) => {
          if (prompt === "wait") return modelAnswer(modelCommand("sleep 300"));
          return modelAnswer(
            toolOutputs.length === 0 ? ASKING : modelMessage("It is\ndone"),
          );
        }),
      );
      const { path: home } = stack.use(await tempFolder("acodex_repl_home_"));
      const { path: repo } = stack.use(await tempFolder("acodex_repl_repo_"));
      stack.defer(() => assertNothingRuns(home));
      await Deno.writeTextFile(
        `${home}/config.toml`,
        serializeConfigOverrides(model.config).join("\n"),
      );
      const init = { args: ["init", "--quiet", repo] };
      await new Deno.Command("git", init).output();
      const program = fileURLToPath(new URL("repl.ts", await makeProject()));
      const flags = name === "deno" ? "run --allow-all --quiet --no-check" : "";
      const child = new Deno.Command("script", {
        args: [
          ...["--quiet", "--return", "--log-out", "/dev/null", "--command"],
          // The terminal gets a size, because without one it has one column.
          `stty cols 100 rows 40; "${await installRuntime(
            runtime,
          )}" ${flags} "${program}"`,
        ],
        cwd: repo,
        env: { ...model.env(home), NO_COLOR: "1", TERM: "xterm" },
        stdin: "piped",
        stdout: "piped",
        stderr: "inherit",
      }).spawn();
      let printed = "";
      const reading = (async () => {
        for await (
          const text of child.stdout.pipeThrough(new TextDecoderStream())
        ) printed += text;
      })();
      const stdin = child.stdin.getWriter();
      stack.defer(async () => {
        await stdin.close().catch(() => {});
        try {
          child.kill("SIGKILL");
        } catch {
          // The process has ended.
        }
        await reading;
      });
      const enter = async (text: string): Promise<void> => {
        printed = "";
        await stdin.write(new TextEncoder().encode(text));
      };
      const sees = (text: string): Promise<true> =>
        until(text, () => printed.includes(text) || undefined)
          .catch((error) => {
            throw new Error(`${error.message}: ${printed}`);
          });

      await sees("new thread");
      await enter("go\r");
      await sees("Allow it?");
      await enter("\r");
      await sees("done");
      await sees("output tokens");
      await enter("wait\r");
      await sees("sleep 300");
      await enter("\x03");
      await sees("Stopped.");
      await enter("/quit\r");
      const { code } = await withinMinute("the example", child.status);
      assertEquals(code, 0, printed);
    },
  );
}
