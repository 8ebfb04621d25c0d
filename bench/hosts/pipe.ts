/**
 * The minimum that a program does to read a child's output, without a package.
 *
 * @module
 */

import { spawn } from "node:child_process";

/** The part of the `Deno` object that is used. */
interface DenoLike {
  readonly Command: new (
    program: string,
    options: { stdin: "null"; stdout: "piped"; stderr: "null" },
  ) => { spawn(): { readonly stdout: AsyncIterable<Uint8Array> } };
}

/** Starts a program and returns its output, by the runtime's fastest API. */
export function openOutput(program: string): AsyncIterable<Uint8Array> {
  const { Deno } = globalThis as { Deno?: DenoLike };
  if (Deno === undefined) {
    return spawn(program, { stdio: ["ignore", "pipe", "ignore"] }).stdout;
  }
  const options = { stdin: "null", stdout: "piped", stderr: "null" } as const;
  return new Deno.Command(program, options).spawn().stdout;
}

/** Reads, splits and parses the output, and counts the values. */
export async function parseAll(program: string): Promise<number> {
  const decoder = new TextDecoder();
  let rest = "";
  let count = 0;
  for await (const chunk of openOutput(program)) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (JSON.parse(line).type !== undefined) count += 1;
    }
  }
  return count;
}
