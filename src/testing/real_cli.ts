/**
 * The real `codex` CLI on a scripted model, without a client: what there is to tell
 * one, and folders for it.
 *
 * @module
 */

import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import type { ReplyFunction, ScriptStep } from "./model/model_reply.ts";
import { ScriptedModel } from "./model/scripted_model.ts";
import type {
  ScriptedModelConfig,
  ScriptedModelOptions,
} from "./model/scripted_model_config.ts";

/** Options of threads that need no sandbox of the host, and no Git. */
export const OPEN = {
  sandboxMode: "danger-full-access",
  skipGitRepoCheck: true,
} as const;

/** How the real CLI is set up, beside what its model does when it fails. */
export interface RealCliOptions extends ScriptedModelOptions {
  /** The folder that gets the CLI's own one, by default the system's for temporary files. */
  readonly parent?: string;
  /** Variables over `PATH` and those of the model. */
  readonly env?: { readonly [name: string]: string };
}

/** The real CLI, ready for turns. */
export interface RealCli extends AsyncDisposable {
  /** The model, and what it was asked. */
  readonly model: ScriptedModel;
  /** The CLI's home. */
  readonly home: string;
  /** A folder for the agent to work in; no Git repository. */
  readonly repo: string;
  /** What the CLI needs in its environment. */
  readonly env: { [name: string]: string };
  /** Options of clients that use the model. */
  readonly codexOptions: {
    readonly config: ScriptedModelConfig;
    readonly env: { readonly [name: string]: string };
  };
  /** Options of threads that work in `repo`. */
  readonly inRepo: typeof OPEN & { readonly workingDirectory: string };
  /** Closes the model, and removes the folders. */
  close(): Promise<void>;
}

/** Sets up the real CLI against a scripted model. */
export async function startRealCli(
  script: readonly ScriptStep[] | ReplyFunction,
  { parent = tmpdir(), env: more, ...options }: RealCliOptions = {},
): Promise<RealCli> {
  const model = await ScriptedModel.start(script, options);
  const folder = mkdtempSync(join(realpathSync(parent), "real-cli-"));
  const home = join(folder, "home");
  const repo = join(folder, "repo");
  mkdirSync(home);
  mkdirSync(repo);
  const env = { PATH: process.env.PATH ?? "", ...model.env(home), ...more };
  const close = async (): Promise<void> => {
    try {
      await model.close();
    } finally {
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    }
  };
  return {
    model,
    home,
    repo,
    env,
    codexOptions: { config: model.config, env },
    inRepo: { ...OPEN, workingDirectory: repo },
    close,
    [Symbol.asyncDispose]: close,
  };
}
