/** A turn in a process of its own, with the permissions that a test gives it. @module */

import { assertEquals } from "@std/assert";
import type { ThreadOptions } from "../../mod.ts";
import { OPEN, type RealCodex } from "../support/real_codex.ts";

/** The project's folder, where npm has installed the CLI. */
export const PROJECT = new URL("../../", import.meta.url).pathname;

/** A turn in a process of its own, and the permissions that it has. */
export interface PermittedTurn {
  /** Deno's flags. */
  readonly flags: readonly string[];
  /** Options of the client, over the model's config. */
  readonly client?: object;
  /** Options of the thread, instead of those of every turn. */
  readonly thread?: ThreadOptions;
  /** Options of the turn. */
  readonly turn?: object;
  /** The paths of images. */
  readonly images?: readonly string[];
  /** After how many ms the turn is cancelled. */
  readonly cancelAfter?: number;
  /** Variables over those of every turn. */
  readonly env?: Record<string, string>;
  /** The folder, the agent's own by default. */
  readonly cwd?: string;
}

/** Runs a turn in a process of its own. */
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
