/**
 * Runs programs for the npm scripts: what they print is kept, and each of them
 * has a time limit.
 *
 * @module
 */

/** How a program is run. */
export interface CommandOptions {
  /** The working directory. */
  cwd: string;
  /** Added to the environment, or all of it. @default {{}} */
  env?: Record<string, string>;
  /** Whether `env` is all of the environment. @default {false} */
  clearEnv?: boolean;
  /** When the program is ended. @default {120000} */
  timeoutMs?: number;
}

/** How a program ended. */
export interface CommandResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** npm as a program: on Windows it is a script with an extension. */
export const NPM = Deno.build.os === "windows" ? "npm.cmd" : "npm";

/** Runs a program to its end. */
export async function run(
  program: string,
  args: string[],
  { cwd, env = {}, clearEnv = false, timeoutMs = 120_000 }: CommandOptions,
): Promise<CommandResult> {
  const limit = AbortSignal.timeout(timeoutMs);
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args,
    cwd,
    env: { NO_COLOR: "1", ...env },
    clearEnv,
    signal: limit,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  if (limit.aborted) {
    throw new Error(
      `Cannot wait for "${program} ${args.join(" ")}": it took over ${
        timeoutMs / 1000
      } s`,
    );
  }
  const decoder = new TextDecoder();
  return {
    code,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  };
}

/** Runs a program that has to succeed, and returns what it printed on stdout. */
export async function succeed(
  program: string,
  args: string[],
  options: CommandOptions,
): Promise<string> {
  const { code, stdout, stderr } = await run(program, args, options);
  if (code !== 0) {
    throw new Error(
      `"${program} ${args.join(" ")}" failed with code ${code}:\n${
        `${stdout}\n${stderr}`.trim()
      }`,
    );
  }
  return stdout;
}
