/**
 * Runs programs to their end, each with a time limit.
 *
 * @module
 */

import { ROOT_URL } from "./project.ts";

/** Options for running a program. */
export interface RunOptions {
  /** The working directory. @default {ROOT_URL} */
  cwd?: string | URL;
  /** Variables to add to the environment. @default {{}} */
  env?: Record<string, string>;
  /** `true` if `env` is the whole environment. @default {false} */
  clearEnv?: boolean;
  /** The time after which the program is ended, in ms; only guards against hanging. @default {600000} */
  timeoutMs?: number;
}

/** The result of running a program. */
export interface Ran {
  code: number;
  signal: Deno.Signal | null;
  stdout: string;
  stderr: string;
}

/** npm as a program: on Windows it is a script with an extension. */
export const NPM = Deno.build.os === "windows" ? "npm.cmd" : "npm";

/** Returns the environment, without the variables of the developer's machine that match `names`. */
export function environmentWithout(names: RegExp): Record<string, string> {
  return Object.fromEntries(
    Object.entries(Deno.env.toObject()).filter(([name]) => !names.test(name)),
  );
}

/** Runs a program without colours, and returns its output. */
export async function run(
  program: string,
  args: readonly string[],
  { cwd = ROOT_URL, env = {}, clearEnv = false, timeoutMs = 600_000 }:
    RunOptions = {},
): Promise<Ran> {
  const limit = AbortSignal.timeout(timeoutMs);
  const { code, signal, stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    cwd,
    env: { NO_COLOR: "1", ...env },
    clearEnv,
    signal: limit,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const decoder = new TextDecoder();
  const isLate = limit.aborted;
  const late = isLate ? `\nIt was ended after ${timeoutMs / 1000} s` : "";
  return {
    code: isLate && code === 0 ? 1 : code,
    signal,
    stdout: decoder.decode(stdout),
    stderr: `${decoder.decode(stderr)}${late}`,
  };
}

/** Runs a program that has to succeed, and returns its stdout. */
export async function succeed(
  program: string,
  args: readonly string[],
  options?: RunOptions,
): Promise<string> {
  const { code, stdout, stderr } = await run(program, args, options);
  if (code === 0) return stdout;
  throw new Error(
    `"${program} ${args.join(" ")}" failed with code ${code}:\n${
      `${stdout}\n${stderr}`.trim()
    }`,
  );
}

/** Runs `deno ...args` with this process's own output, and returns its exit code. */
export async function runDeno(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<number> {
  const command = new Deno.Command(Deno.execPath(), {
    args: [...args],
    env,
    cwd: ROOT_URL,
    stdin: "null",
  });
  // A child would outlive a script that throws while it waits; nothing here does.
  return (await command.spawn().status).code;
}
