/**
 * The runtimes that the behaviours run on: where each comes from, and how it runs
 * a file of behaviours.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { installPackages } from "../npm/packages.ts";
import { say } from "../print.ts";
import { exists } from "../project.ts";
import { CACHE } from "./cache.ts";

/** A runtime that the behaviours run on. */
export interface Runtime {
  /** Its name on the command line. */
  readonly name: string;
  /** Whether it runs the sources, rather than the package that npm users install. */
  readonly runsSources: boolean;
  /** The npm package that holds it; none for the Deno that runs this. */
  readonly npm?: { readonly spec: string; readonly program: string };
  /** The arguments before the file of behaviours. */
  readonly args: readonly string[];
}

/** A column of the table: one of the package's clients on a runtime. */
export interface Column {
  /** Its name in the table and on the command line: the runtime's, with `-sync` for the blocking client. */
  readonly name: string;
  /** The runtime. */
  readonly runtime: Runtime;
  /** The client that the behaviours get; see tests/conformance/support/client.ts. */
  readonly client: "async" | "sync";
}

/** All runtimes. */
export const RUNTIMES: readonly Runtime[] = [
  {
    name: "deno",
    runsSources: true,
    args: ["test", "--allow-all", "--no-check"],
  },
  ...[20, 22, 24, 26].map((major): Runtime => ({
    name: `node${major}`,
    runsSources: false,
    npm: { spec: `node@${major}`, program: "node/bin/node" },
    args: [],
  })),
  {
    name: "bun",
    runsSources: false,
    npm: { spec: "bun@1", program: ".bin/bun" },
    args: ["test"],
  },
];

/** The columns of the table. */
export const COLUMNS: readonly Column[] = [
  ...RUNTIMES.map((runtime): Column => ({
    name: runtime.name,
    runtime,
    client: "async",
  })),
  ...RUNTIMES.map((runtime): Column => ({
    name: `${runtime.name}-sync`,
    runtime,
    client: "sync",
  })),
];

/** Installs a runtime, unless it is there, and gives its program. */
export async function installRuntime(runtime: Runtime): Promise<string> {
  if (runtime.npm === undefined) return Deno.execPath();
  const folder = new URL(`runtimes/${runtime.name}/`, CACHE);
  const program = new URL(`node_modules/${runtime.npm.program}`, folder);
  if (!await exists(program)) {
    say(`Installing ${runtime.npm.spec} …`);
    // Both packages put their program in place by a script.
    await installPackages(fileURLToPath(folder), [runtime.npm.spec], {
      scripts: true,
    });
  }
  return fileURLToPath(program);
}

/** The version that a runtime tells of itself. */
export async function versionOf(program: string): Promise<string> {
  const { stdout } = await new Deno.Command(program, {
    args: ["--version"],
    stdin: "null",
    stderr: "null",
  }).output();
  const text = new TextDecoder().decode(stdout);
  return /\d+\.\d+\.\d+/.exec(text)?.[0] ?? "unknown";
}
