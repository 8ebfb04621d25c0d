/** Runs a turn in a separate process, with the permissions that a test grants. @module */

import { assertEquals } from "@std/assert";
import type { ThreadOptions } from "../../mod.ts";
import { OPEN, type RealCodex } from "../support/real_codex.ts";

/** The path of the repository, where npm has installed the CLI. */
export const PROJECT = new URL("../../", import.meta.url).pathname;

/** A turn to run in a separate process, and its permissions. */
export interface PermittedTurn {
  /** Deno's flags. */
  readonly flags: readonly string[];
  /** Options of the client, on top of the model's config. */
  readonly client?: object;
  /** Options of the thread, instead of the default ones. */
  readonly thread?: ThreadOptions;
  /** Options of the turn. */
  readonly turn?: object;
  /** The paths of images. */
  readonly images?: readonly string[];
  /** Milliseconds after which the turn is cancelled. */
  readonly cancelAfter?: number;
  /** Variables on top of the default ones. */
  readonly env?: Record<string, string>;
  /** The process's working directory. Default: the agent's folder. */
  readonly cwd?: string;
}

/** Runs a turn in a separate process, and returns its outcome. */
export async function runTurn(
  real: RealCodex,
  { flags, client, thread = OPEN, turn, images, cancelAfter, env, cwd }:
    PermittedTurn,
): Promise<object> {
  const cache = Deno.env.get("DENO_DIR");
  const script = new URL("permissions_turn.ts", import.meta.url).pathname;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--no-check",
      "--config",
      `${PROJECT}deno.json`,
      ...flags,
      script,
      JSON.stringify({
        client: { config: real.model.config, ...client },
        thread,
        turn,
        images,
        cancelAfter,
      }),
    ],
    cwd: cwd ?? real.repo,
    clearEnv: true,
    env: {
      ...cache === undefined ? null : { DENO_DIR: cache },
      ...real.model.env(real.home),
      // Deno keeps its cache there.
      HOME: Deno.env.get("HOME") ?? real.home,
      PATH: "/usr/bin:/bin",
      ...env,
    },
  }).output();
  const text = new TextDecoder();
  assertEquals(text.decode(stderr), "");
  return JSON.parse(text.decode(stdout));
}
