/**
 * Runs `deno` children in the repository root.
 *
 * @module
 */

import { ROOT_URL } from "./project.ts";

/** What {@linkcode captureDeno} returns. */
export interface Captured {
  success: boolean;
  stdout: string;
  stderr: string;
}

/** Runs `deno ...args` with this process's own output, and returns its exit code. */
export async function runDeno(
  args: string[],
  env: Record<string, string> = {},
): Promise<number> {
  const command = new Deno.Command(Deno.execPath(), {
    args,
    env,
    cwd: ROOT_URL,
    stdin: "null",
  });
  // A child would outlive a script that throws while it waits; nothing here does.
  return (await command.spawn().status).code;
}

/** Runs `deno ...args` and returns what it printed, without colours. */
export async function captureDeno(
  args: string[],
  env: Record<string, string> = {},
): Promise<Captured> {
  const output = await new Deno.Command(Deno.execPath(), {
    args,
    env: { NO_COLOR: "1", ...env },
    cwd: ROOT_URL,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const decoder = new TextDecoder();
  return {
    success: output.success,
    stdout: decoder.decode(output.stdout),
    stderr: decoder.decode(output.stderr),
  };
}
