/** Runs the real CLI with the arguments that are built for it, against a scripted model. @module */

import { buildArgs } from "../../src/exec/args.ts";
import { locateCodex } from "../../src/cli/locate/locate.ts";
import type { CodexConfigObject } from "../../src/options/options.ts";
import { denoRuntime } from "../../src/runtime/deno.ts";
import type { ScriptedModel } from "../../src/testing/model.ts";
import { sendPrompt } from "../testing/support.ts";
import { requestFor } from "./transport_support.ts";

/** What the real CLI did. */
export interface RealRun {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs one turn of the real CLI, which refuses settings that it does not know. */
export async function runReal(
  model: ScriptedModel,
  options: {
    config?: CodexConfigObject;
    prompt?: string;
    home: string;
    schemaPath?: string;
  },
): Promise<RealRun> {
  const { program } = await locateCodex(denoRuntime(Deno));
  const args = buildArgs({
    options: { config: { ...model.config, ...options.config } },
    request: requestFor({
      threadOptions: { skipGitRepoCheck: true, sandboxMode: "read-only" },
    }),
    images: [],
    schemaPath: options.schemaPath,
  });
  const child = new Deno.Command(program, {
    args: [...args, "--strict-config"],
    cwd: options.home,
    env: model.env(options.home),
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const [stdout, stderr, { code }] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.status,
    sendPrompt(child, options.prompt ?? "Do it"),
  ]);
  return { code, stdout, stderr };
}
