/**
 * Runs the cases of `cases.mjs` with a version of the AI SDK on a runtime, each as a step.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import {
  installRuntime,
  RUNTIMES,
} from "../../scripts/conformance/runtimes.ts";
import { type AiSdk, makeAiProject } from "../../scripts/npm/ai_packages.ts";
import { run } from "../../scripts/run.ts";
import { PNG } from "../input/images.ts";
import { realCodex } from "../support/real_codex.ts";
import { replyByPrompt } from "./model_script.ts";

/** Milliseconds that all cases may take; only guards against hanging. */
const TIMEOUT_MS = 5 * 60_000;

/** A line that a case prints. */
interface Line {
  readonly name: string;
  readonly problem?: string;
}

/** Declares a test that runs the cases with a version of the AI SDK on a runtime. */
export function testCases(version: AiSdk, runtimeName: string): void {
  Deno.test({
    name: `${version} on ${runtimeName}`,
    // The real CLI's commands need a POSIX shell.
    ignore: Deno.build.os === "windows",
    fn: async (test) => {
      const runtime = RUNTIMES.find(({ name }) => name === runtimeName);
      assert(runtime !== undefined, `There is no ${runtimeName}`);
      const program = await installRuntime(runtime);
      const project = await makeAiProject(version, {
        "cases.mjs": await Deno.readTextFile(
          new URL("cases.mjs", import.meta.url),
        ),
      });
      // Asserts at its end that nothing of the turns is left, aborted or not.
      await using real = await realCodex(replyByPrompt);
      const path = fileURLToPath(new URL("cases.mjs", project));
      const { code, stdout, stderr } = await run(program, [
        ...runtime.name === "deno"
          ? ["run", "--allow-all", "--no-check", "--node-modules-dir=manual"]
          : [],
        path,
      ], {
        cwd: real.repo,
        env: {
          AI_SDK_CASES: JSON.stringify({
            clientOptions: real.codexOptions,
            threadOptions: real.inRepo,
            image: [...PNG],
          }),
        },
        timeoutMs: TIMEOUT_MS,
      });
      const lines = stdout.split("\n").filter((line) => line.startsWith("{"))
        .map((line): Line => JSON.parse(line));
      for (const { name, problem } of lines) {
        await test.step(name, () => {
          if (problem !== undefined) throw new Error(problem);
        });
      }
      assertEquals({ code, stderr }, { code: 0, stderr: "" }, stdout);
      assertEquals(lines.length, CASE_COUNT);
    },
  });
}

/** The number of cases in `cases.mjs`; a missing one fails the test. */
const CASE_COUNT = 24;
