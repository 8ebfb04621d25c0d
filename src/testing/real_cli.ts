/**
 * The real `codex` CLI on a scripted model, without a client: the options for one, and
 * the folders that the CLI works in.
 *
 * @module
 */

import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import type { ReplyFunction, ScriptStep } from "./model/model_reply.ts";
import { ScriptedModel } from "./model/scripted_model.ts";
import type {
  ScriptedModelConfig,
  ScriptedModelOptions,
} from "./model/scripted_model_config.ts";
import { fillHome } from "./warm_home.ts";

/** Options of threads that need neither the host's sandbox nor Git. */
export const OPEN = {
  sandboxMode: "danger-full-access",
  skipGitRepoCheck: true,
} as const;

/** Options of {@linkcode startRealCli}: the model's, and those of the set-up. */
export interface RealCliOptions extends ScriptedModelOptions {
  /** The folder in which the CLI's folder is created. @default {tmpdir()} */
  readonly parent?: string;
  /** Variables, which override `PATH` and those of the model. */
  readonly env?: { readonly [name: string]: string };
}

/** The real CLI, ready for turns. */
export interface RealCli extends AsyncDisposable {
  /** The model, with the requests that it received. */
  readonly model: ScriptedModel;
  /** The CLI's home. */
  readonly home: string;
  /** A folder for the agent to work in; not a Git repository. */
  readonly repo: string;
  /** The variables that the CLI needs. */
  readonly env: { [name: string]: string };
  /** Options of clients that use the model. */
  readonly codexOptions: {
    readonly config: ScriptedModelConfig;
    readonly env: { readonly [name: string]: string };
  };
  /** Options of threads that work in `repo`. */
  readonly inRepo: typeof OPEN & { readonly workingDirectory: string };
  /** Tells whether the CLI has been started: it writes to its home at once. */
  hasStarted(): boolean;
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
  fillHome(home);
  const changedAt = (): bigint => statSync(home, { bigint: true }).mtimeNs;
  const filledAt = changedAt();
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
    hasStarted: () => changedAt() !== filledAt,
    close,
    [Symbol.asyncDispose]: close,
  };
}
