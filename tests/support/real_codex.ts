/**
 * The public API on the real CLI, with a scripted model for the service: a home,
 * a folder to work in and a client, gone at the end of an `await using` block.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { Codex, type CodexOptions, type ThreadOptions } from "../../mod.ts";
import {
  type ReplyFunction,
  ScriptedModel,
  type ScriptedModelOptions,
  type ScriptStep,
} from "../../src/testing/model.ts";
import { until } from "./waiting.ts";

/** Options of threads that need no sandbox of the host, and no Git. */
export const OPEN: ThreadOptions = {
  sandboxMode: "danger-full-access",
  skipGitRepoCheck: true,
};

/** The real CLI, ready for turns. */
export interface RealCodex extends AsyncDisposable {
  /** A client that uses the model. */
  readonly codex: Codex;
  /** The model, and what it was asked. */
  readonly model: ScriptedModel;
  /** The CLI's home. */
  readonly home: string;
  /** A folder for the agent to work in; no Git repository. */
  readonly repo: string;
  /** Options of threads that work in `repo`. */
  readonly inRepo: ThreadOptions;
  /** A client for the same model and home, with options over those that make it so. */
  client(options?: CodexOptions): Codex;
}

/**
 * Sets up the real CLI against a scripted model. At the end it checks that no
 * process is left that was started for this home: neither the CLI nor a command
 * of the agent.
 */
export async function realCodex(
  script: readonly ScriptStep[] | ReplyFunction,
  options: ScriptedModelOptions = {},
): Promise<RealCodex> {
  const home = await Deno.makeTempDir({ prefix: "acodex_e2e_home_" });
  const repo = await Deno.realPath(
    await Deno.makeTempDir({ prefix: "acodex_e2e_repo_" }),
  );
  const model = await ScriptedModel.start(script, options);
  const client = (more: CodexOptions = {}): Codex =>
    new Codex({
      config: model.config,
      env: { ...model.env(home), PATH: Deno.env.get("PATH") },
      ...more,
    });
  return {
    codex: client(),
    model,
    home,
    repo,
    inRepo: { ...OPEN, workingDirectory: repo },
    client,
    async [Symbol.asyncDispose](): Promise<void> {
      try {
        await assertNothingRuns(home);
      } finally {
        await model.close();
        await Deno.remove(repo, { recursive: true });
        await Deno.remove(home, { recursive: true });
      }
    },
  };
}

/** A process that was started for a home. */
export interface HomeProcess {
  /** Its id. */
  readonly pid: number;
  /** Its command line, its words joined by spaces. */
  readonly command: string;
}

/**
 * The processes that have a home in their environment: the CLI, and what the agent
 * started. Read from /proc; always empty where there is none.
 */
export async function processesOf(home: string): Promise<HomeProcess[]> {
  if (Deno.build.os !== "linux") return [];
  const found: HomeProcess[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const environment = await Deno.readTextFile(`/proc/${name}/environ`);
      if (!environment.includes(home)) continue;
      const command = await Deno.readTextFile(`/proc/${name}/cmdline`);
      found.push({
        pid: Number(name),
        command: command.replaceAll("\0", " ").trim(),
      });
    } catch {
      // It has gone since, or belongs to somebody else.
    }
  }
  return found;
}

/** Fails if a process of a home is still there after a moment. */
export async function assertNothingRuns(home: string): Promise<void> {
  let left: HomeProcess[] = [];
  await until("the end of every process of the home", async () => {
    left = await processesOf(home);
    return left.length === 0 || undefined;
  }).catch(() => {});
  assertEquals(left, []);
}
