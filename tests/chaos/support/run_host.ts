/**
 * Runs a host of tests/chaos on a runtime, in a separate process with its own folder for
 * temporary files.
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

/** The folder of the hosts, relative to the root. */
const HOSTS = "tests/chaos/hosts";

/** The time limit of a host, in ms. */
const TIMEOUT_MS = 15 * 60_000;

/** The number of characters of a host's stderr that are shown. */
const SHOWN = 4_000;

/** Variables of the developer's machine that would change what the hosts do. */
const LEFT_OUT = /^(?:CODEX_|OPENAI_|NODE_OPTIONS$|NO_COLOR$)/;

/** A runtime that runs the hosts. */
export interface Program {
  /** Its path. */
  readonly path: string;
  /** The folder of the bundled hosts; if omitted, Deno runs the sources. */
  readonly bundle?: URL;
}

/** Installs a runtime, and bundles the hosts for it if it cannot run the sources. */
export async function prepareProgram(runtime: Runtime): Promise<Program> {
  return {
    path: await installRuntime(runtime),
    bundle: runtime.runsSources
      ? undefined
      : await bundlePrograms("chaos", await listFiles(HOSTS)),
  };
}

/** The result of a host. */
export interface Ran<T> {
  /** The lines that it printed. */
  readonly lines: readonly T[];
  /** A problem of the process itself; empty if it exited with 0 and wrote nothing to stderr. */
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
