/**
 * A client over the real CLI, with a scripted model for the service.
 *
 * @module
 */

import { mkdirSync } from "node:fs";
import type { CodexOptions, ThreadOptions } from "@acodex/sdk";
import {
  type ReplyFunction,
  ScriptedModel,
  type ScriptedModelOptions,
  type ScriptStep,
} from "../../../src/testing/model.ts";
import { Codex } from "./client.ts";
import type { Setting } from "./setting.ts";

/** The real CLI, ready for turns. */
export interface RealCli {
  /** A client that uses the model. */
  readonly codex: Codex;
  /** The model, and what it was asked. */
  readonly model: ScriptedModel;
  /** The CLI's home. */
  readonly home: string;
  /** A folder for the agent to work in; no Git repository. */
  readonly repo: string;
  /** Options of threads that work in `repo`, with no sandbox of the host. */
  readonly inRepo: ThreadOptions;
  /** What the CLI needs in its environment. */
  readonly env: { [name: string]: string };
  /** Another client for the same model and home. */
  client(options?: CodexOptions): Codex;
}

/** Sets up the real CLI against a scripted model. */
export async function realCli(
  setting: Setting,
  script: readonly ScriptStep[] | ReplyFunction,
  options: ScriptedModelOptions = {},
): Promise<RealCli> {
  const model = await ScriptedModel.start(script, options);
  setting.after(() => model.close());
  const home = setting.path("home");
  const repo = setting.path("repo");
  mkdirSync(home);
  mkdirSync(repo);
  const env = { ...setting.env, ...model.env(home) };
  const client = (more: CodexOptions = {}): Codex =>
    new Codex({ config: model.config, env, ...more });
  return {
    codex: client(),
    model,
    home,
    repo,
    inRepo: {
      sandboxMode: "danger-full-access",
      skipGitRepoCheck: true,
      workingDirectory: repo,
    },
    env,
    client,
  };
}
