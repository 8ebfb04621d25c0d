/**
 * Runs the client over `codex app-server` on the real CLI, with a scripted model for
 * the service. Asserts at the end that no process is left and that the user's files
 * have not changed.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import {
  CodexAppServer,
  type CodexAppServerOptions,
  type ServerThreadOptions,
} from "../../app_server.ts";
import type {
  ModelReplyFunction,
  ModelScriptStep,
  ScriptedModelOptions,
} from "../../testing.ts";
import { type RealCli, startRealCli } from "../../src/testing/real_cli.ts";
import { assertNothingRuns } from "./real_codex.ts";

/** The real server, ready for turns. */
export interface RealServer
  extends
    AsyncDisposable,
    Pick<RealCli, "model" | "home" | "repo" | "hasStarted"> {
  /** A client that uses the model; closed at the end. */
  readonly codex: CodexAppServer;
  /** Options of threads that work in `repo`, without a sandbox from the host. */
  readonly inRepo: ServerThreadOptions;
  /** The settings and the environment that make a CLI use the model and the home. */
  readonly options: Pick<CodexAppServerOptions, "config" | "env">;
  /**
   * Creates a client for the same model and home, whose options override those that
   * select them; closed at the end.
   */
  client(options?: CodexAppServerOptions): CodexAppServer;
}

/** The user's files that no turn may create or change. */
const USERS_OWN = ["config.toml", "auth.json", "rules"];

/** Sets up the real server with a scripted model. */
export async function realServer(
  script: readonly ModelScriptStep[] | ModelReplyFunction,
  options: CodexAppServerOptions & ScriptedModelOptions = {},
): Promise<RealServer> {
  const {
    requestMaxRetries,
    streamMaxRetries,
    streamIdleTimeoutMs,
    ...client
  } = options;
  const real = await startRealCli(script, {
    requestMaxRetries,
    streamMaxRetries,
    streamIdleTimeoutMs,
  });
  const { model, home, repo, inRepo } = real;
  const clients: CodexAppServer[] = [];
  const make = (more: CodexAppServerOptions = {}): CodexAppServer => {
    const made = new CodexAppServer({
      ...client,
      ...more,
      config: { ...model.config, ...client.config, ...more.config },
      env: { ...real.env, ...more.env },
    });
    clients.push(made);
    return made;
  };
  const before = await usersOwn(home);
  return {
    codex: make(),
    options: {
      config: model.config,
      env: { ...model.env(home), PATH: Deno.env.get("PATH") },
    },
    model,
    home,
    repo,
    inRepo,
    hasStarted: real.hasStarted,
    client: make,
    async [Symbol.asyncDispose](): Promise<void> {
      try {
        for (const each of clients) await each.close();
        await assertNothingRuns(home);
        assertEquals(await usersOwn(home), before);
      } finally {
        await real.close();
      }
    },
  };
}

/** Reads the user's files in a home. */
async function usersOwn(home: string): Promise<Record<string, string | null>> {
  const found: Record<string, string | null> = {};
  for (const name of USERS_OWN) {
    try {
      const { isDirectory } = await Deno.stat(`${home}/${name}`);
      found[name] = isDirectory
        ? JSON.stringify(
          (await Array.fromAsync(Deno.readDir(`${home}/${name}`))).map((each) =>
            each.name
          ).sort(),
        )
        : await Deno.readTextFile(`${home}/${name}`);
    } catch {
      found[name] = null;
    }
  }
  return found;
}
