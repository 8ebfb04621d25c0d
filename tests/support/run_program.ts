/** Runs a program of the tests in a Deno of its own. @module */

import { assertEquals } from "@std/assert";

/**
 * Runs a program with a JSON value for its argument, and reads the JSON that it prints.
 *
 * @param env Variables over those of this process.
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
