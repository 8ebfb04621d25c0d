/** Runs a test's program in a separate Deno process. @module */

import { assertEquals } from "@std/assert";

/**
 * Runs a program with a JSON value as its argument and returns the JSON that it prints.
 *
 * @param env Variables added to those of this process.
 */
export async function runProgram(
  program: string | URL,
  argument: unknown,
  env: Record<string, string> = {},
): Promise<unknown> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--allow-all", "--no-check", "--quiet"],
      `--config=${new URL("../../deno.json", import.meta.url).pathname}`,
      program.toString(),
      JSON.stringify(argument),
    ],
    env: { NO_COLOR: "1", ...env },
  }).output();
  const text = new TextDecoder();
  assertEquals(code, 0, text.decode(stderr));
  return JSON.parse(text.decode(stdout));
}
