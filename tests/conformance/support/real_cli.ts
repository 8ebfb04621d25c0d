/**
 * A client over the real CLI, with a scripted model in place of the service.
 *
 * @module
 */

import type { CodexOptions } from "@acodex/sdk";
import type {
  ModelReplyFunction,
  ModelScriptStep,
  ScriptedModelOptions,
} from "@acodex/sdk/testing";
import { type RealCli, startRealCli } from "../../../src/testing/real_cli.ts";
import { Codex } from "./client.ts";
import type { TestContext } from "./test_context.ts";

/** The real CLI, with clients that use it. */
export interface RealClient extends RealCli {
  /** A client that uses the model. */
  readonly codex: Codex;
  /** Another client for the same model and home. */
  client(options?: CodexOptions): Codex;
}

/** Sets up the real CLI against a scripted model. */
export async function realCli(
  context: TestContext,
  script: readonly ModelScriptStep[] | ModelReplyFunction,
  options: ScriptedModelOptions = {},
): Promise<RealClient> {
  const real = await startRealCli(script, {
    ...options,
    parent: context.folder,
    env: context.env,
  });
  context.after(() => real.close());
  const client = (more: CodexOptions = {}): Codex =>
    new Codex({ ...real.codexOptions, ...more });
  return { ...real, codex: client(), client };
}
