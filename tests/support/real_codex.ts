/**
 * Runs the public API on the real CLI, with a scripted model for the service. The home,
 * the working folder and the client are removed at the end of an `await using` block.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { Codex, type CodexOptions } from "../../mod.ts";
import type {
  ModelReplyFunction,
  ModelScriptStep,
  ScriptedModelOptions,
} from "../../testing.ts";
import {
  findProcessesWith,
  type FoundProcess,
} from "../../src/testing/processes.ts";
import { type RealCli, startRealCli } from "../../src/testing/real_cli.ts";
import { until } from "../../src/testing/waiting.ts";

export { OPEN } from "../../src/testing/real_cli.ts";

/** The real CLI, with clients that use it. */
export interface RealCodex extends RealCli {
  /** A client that uses the model. */
  readonly codex: Codex;
  /**
   * Creates a client for the same model and home; its options override those that
   * select them.
   */
  client(options?: CodexOptions): Codex;
}

/**
 * Sets up the real CLI with a scripted model. Disposing it asserts that no process that
 * was started for this home is left: neither the CLI nor a command of the agent.
 */
export async function realCodex(
  script: readonly ModelScriptStep[] | ModelReplyFunction,
  options: ScriptedModelOptions = {},
): Promise<RealCodex> {
  const real = await startRealCli(script, options);
  const client = (more: CodexOptions = {}): Codex =>
    new Codex({ ...real.codexOptions, ...more });
  return {
    ...real,
    codex: client(),
    client,
    async [Symbol.asyncDispose](): Promise<void> {
      try {
        await assertNothingRuns(real.home);
      } finally {
        await real.close();
      }
    },
  };
}

/**
 * Returns the processes that have a home in their environment: the CLI, and what the
 * agent started.
 */
export function findCliProcesses(home: string): FoundProcess[] {
  return findProcessesWith(home);
}

/** Asserts that no process of a home is left, after waiting for a while. */
export async function assertNothingRuns(home: string): Promise<void> {
  let left: FoundProcess[] = [];
  await until("the end of every process of the home", () => {
    left = findCliProcesses(home);
    return left.length === 0 || undefined;
  }).catch(() => {});
  assertEquals(left, []);
}
