/**
 * Runs a host of tests/chaos on a runtime, in a process of its own with a folder
 * of its own for temporary files.
 *
 * @module
 */

import { bundlePrograms } from "../../../scripts/conformance/bundle.ts";
import {
  installRuntime,
  type Runtime,
} from "../../../scripts/conformance/runtimes.ts";
import { listFiles, ROOT_URL } from "../../../scripts/project.ts";
import { environmentWithout, run } from "../../../scripts/run.ts";

/** Where the hosts lie, relative to the root. */
const HOSTS = "tests/chaos/hosts";

/** How long one host may take, in ms. */
const TIMEOUT_MS = 15 * 60_000;

/** How much of a host's stderr is shown, in characters. */
const SHOWN = 4_000;

/** Variables of the developer's machine that would change what the hosts do. */
const LEFT_OUT = /^(?:CODEX_|OPENAI_|NODE_OPTIONS$|NO_COLOR$)/;

/** What runs the hosts. */
export interface Program {
  /** Its path. */
  readonly path: string;
  /** Where the bundled hosts are; left out, the sources are run, on Deno. */
  readonly bundle?: URL;
}

/** Installs a runtime, and bundles the hosts for it where it runs no sources. */
export async function prepareProgram(runtime: Runtime): Promise<Program> {
  return {
    path: await installRuntime(runtime),
    bundle: runtime.runsSources
      ? undefined
      : await bundlePrograms("chaos", await listFiles(HOSTS)),
  };
}

/** What a host came to. */
export interface Ran<T> {
  /** The lines that it printed. */
  readonly lines: readonly T[];
  /** What is wrong with the process itself; empty if it ended well and said nothing else. */
  readonly problem: string;
}

/** Runs a host with settings, and reads the lines of JSON that it prints. */
export async function runHost<T>(
  { path, bundle }: Program,
  host: string,
  settings: unknown,
): Promise<Ran<T>> {
  const temp = await Deno.makeTempDir({ prefix: "acodex-chaos-" });
  try {
    const file = bundle === undefined
      ? ["run", "--allow-all", "--no-check", "--quiet", `${HOSTS}/${host}.ts`]
      : [new URL(`${host}.js`, bundle).pathname];
    const ran = await run(path, [...file, JSON.stringify(settings)], {
      cwd: bundle ?? ROOT_URL,
      clearEnv: true,
      env: { ...environmentWithout(LEFT_OUT), TMPDIR: temp },
      timeoutMs: TIMEOUT_MS,
    });
    const stderr = ran.stderr.trim().slice(-SHOWN);
    const lines = ran.stdout.split("\n")
      .filter((line) => line !== "").map((line) => JSON.parse(line));
    const ended = ran.code === 0
      ? ""
      : `${host} ended with ${ran.signal ?? `code ${ran.code}`}`;
    return {
      lines,
      problem: [ended, stderr].filter((text) => text !== "").join(": "),
    };
  } finally {
    await Deno.remove(temp, { recursive: true });
  }
}
