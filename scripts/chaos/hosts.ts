/**
 * Runs a host of tests/chaos on a runtime, in a process of its own with a folder
 * of its own for temporary files.
 *
 * @module
 */

import { ROOT_URL } from "../project.ts";

/** Where the hosts lie, relative to the root. */
export const HOSTS = "tests/chaos/hosts";

/** How long one host may take, in ms. */
const TIMEOUT_MS = 15 * 60_000;

/** How much of a host's stderr is shown, in characters. */
const SHOWN = 4_000;

/** Variables of the developer's machine that would change what the hosts do. */
const LEFT_OUT = /^(?:CODEX_|OPENAI_|NODE_OPTIONS$|NO_COLOR$)/;

/** What runs the hosts. */
export interface Program {
  /** The runtime's name, for the tables. */
  readonly name: string;
  /** Its path. */
  readonly path: string;
  /** Where the bundled hosts are; left out, the sources are run, on Deno. */
  readonly bundle?: URL;
}

/** What a host came to. */
export interface Ran<T> {
  /** The lines that it printed. */
  readonly lines: readonly T[];
  /** What is wrong with the process itself; empty if it ended well and said nothing else. */
  readonly problem: string;
  /** How long it took, in ms. */
  readonly ms: number;
}

/** Runs a host with settings, and reads the lines of JSON that it prints. */
export async function runHost<T>(
  { path, bundle }: Program,
  host: string,
  settings: unknown,
): Promise<Ran<T>> {
  const begun = Date.now();
  const temp = await Deno.makeTempDir({ prefix: "acodex-chaos-" });
  try {
    const output = await new Deno.Command(path, {
      args: [
        ...bundle === undefined
          ? ["run", "--allow-all", "--no-check", "--quiet"]
          : [],
        bundle === undefined
          ? `${HOSTS}/${host}.ts`
          : new URL(`${host}.js`, bundle).pathname,
        JSON.stringify(settings),
      ],
      cwd: bundle ?? ROOT_URL,
      clearEnv: true,
      env: { ...environment(), TMPDIR: temp, NO_COLOR: "1" },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).output();
    const decoder = new TextDecoder();
    const stderr = decoder.decode(output.stderr).trim().slice(-SHOWN);
    const lines = decoder.decode(output.stdout).split("\n")
      .filter((line) => line !== "").map((line) => JSON.parse(line));
    const ended = output.success
      ? ""
      : `${host} ended with ${output.signal ?? `code ${output.code}`}`;
    return {
      lines,
      problem: [ended, stderr].filter((text) => text !== "").join(": "),
      ms: Date.now() - begun,
    };
  } finally {
    await Deno.remove(temp, { recursive: true });
  }
}

function environment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(Deno.env.toObject()).filter(([name]) =>
      !LEFT_OUT.test(name)
    ),
  );
}
