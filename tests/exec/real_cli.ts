/**
 * Runs the real CLI with the arguments that the package builds, against a scripted
 * model. @module
 */

import { buildArgs } from "../../src/exec/args.ts";
import type { CodexConfigObject } from "../../src/options/options.ts";
import type { ScriptedModel } from "../../testing.ts";
import { sendPrompt, spawnCli } from "../testing/support.ts";
import { requestFor } from "./transport_support.ts";

/** The outcome of a run of the real CLI. */
export interface RealRun {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs one turn of the real CLI, which rejects settings that it does not know. */
export async function runReal(
  model: ScriptedModel,
  options: {
    config?: CodexConfigObject;
    prompt?: string;
    home: string;
    schemaPath?: string;
  },
): Promise<RealRun> {
  const args = buildArgs({
    options: { config: { ...model.config, ...options.config } },
    request: requestFor({
      threadOptions: { skipGitRepoCheck: true, sandboxMode: "read-only" },
    }),
    images: [],
    schemaPath: options.schemaPath,
  });
  const child = await spawnCli(model, options.home, [
    ...args,
    "--strict-config",
  ]);
  const [stdout, stderr, { code }] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.status,
    sendPrompt(child, options.prompt ?? "Do it"),
  ]);
  return { code, stdout, stderr };
}
