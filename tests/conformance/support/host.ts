/**
 * Runs a program of `hosts/` under the behaviours' runtime in a separate process, for
 * effects that show only there, such as when a process exits.
 *
 * @module
 */

import { spawn } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { TestContext } from "./test_context.ts";

/** The time limit of a host, in ms, after which it is killed. */
const TIMEOUT_MS = 60_000;

/** The command that drops root's capabilities to bypass file permissions; empty unless run as root. */
const LIKE_OTHERS = process.getuid?.() === 0
  ? `setpriv ${
    ["bounding-set", "inh-caps"].map((set) =>
      `--${set}=-dac_override,-dac_read_search`
    ).join(" ")
  }`
  : "";

/** Builds the shell command that starts the runtime. */
function makeStartCommand({ descriptors, withoutRoot }: HostOptions): string {
  const limit = descriptors === undefined ? "" : `ulimit -n ${descriptors}; `;
  return `${limit}exec ${
    withoutRoot ? LIKE_OTHERS : ""
  } "$CONFORMANCE_RUNTIME" "$@"`;
}

/** The runtime that the behaviours run on. */
export const RUNTIME: "deno" | "node" | "bun" =
  process.versions.deno !== undefined
    ? "deno"
    : process.versions.bun !== undefined
    ? "bun"
    : "node";

/** Options of a host. */
export interface HostOptions {
  /** Its working directory. */
  readonly cwd?: string;
  /** Variables on top of this process's and the context's; `undefined` removes one. */
  readonly env?: { readonly [name: string]: string | undefined };
  /** Arguments for the runtime itself. On Deno the default is `--allow-all`. */
  readonly runtimeArgs?: readonly string[];
  /** If run as root, drops the capabilities to bypass file permissions. */
  readonly withoutRoot?: boolean;
  /** The path of a program to run instead of one of `hosts/`, with its own settings. */
  readonly program?: string;
  /** The most file descriptors that it may have open. */
  readonly descriptors?: number;
}

/** The result of a host. */
export interface HostOutcome {
  /** Its exit code; `null` if a signal ended it. */
  readonly code: number | null;
  /** The lines of its stdout, as JSON. */
  readonly reports: readonly { readonly [key: string]: unknown }[];
  /** Its stderr. */
  readonly stderr: string;
  /** The time at which it exited, in ms since 1970. */
  readonly endedAt: number;
}

/** Runs a host and passes it a value as JSON in its first argument. */
export function runHost(
  context: TestContext,
  name: string,
  value: unknown,
  options: HostOptions = {},
): Promise<HostOutcome> {
  // The runtime is named in the environment because Deno grants all permissions to a
  // child that it recognizes as Deno.
  const child = spawn("sh", [
    "-c",
    makeStartCommand(options),
    "sh",
    ...RUNTIME === "deno"
      ? [
        "run",
        ...options.program === undefined ? denoArgs() : [],
        ...options.runtimeArgs ?? ["--allow-all"],
      ]
      : options.runtimeArgs ?? [],
    options.program ?? hostPath(name),
    JSON.stringify(value),
  ], {
    cwd: options.cwd ?? context.folder,
    env: {
      ...process.env,
      ...context.env,
      ...options.env,
      CONFORMANCE_RUNTIME: process.execPath,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), TIMEOUT_MS);
  return new Promise((resolve, reject) => {
    let stdout = "";
    let stderr = "";
    let endedAt = 0;
    child.stdout.setEncoding("utf8").on("data", (text) => stdout += text);
    child.stderr.setEncoding("utf8").on("data", (text) => stderr += text);
    child.once("error", reject);
    child.once("exit", () => endedAt = Date.now());
    child.once("close", (code) => {
      clearTimeout(timer);
      const lines = stdout.split("\n").filter((line) => line !== "");
      try {
        const reports = lines.map((line) => JSON.parse(line));
        resolve({ code, reports, stderr, endedAt });
      } catch (cause) {
        reject(new Error(`The host printed: ${stdout}${stderr}`, { cause }));
      }
    });
  });
}

function denoArgs(): string[] {
  const config = fileURLToPath(
    new URL("../../../deno.json", import.meta.url),
  );
  return ["--no-check", "--quiet", "--no-prompt", `--config=${config}`];
}

/** Returns a host's path: in `hosts/`, or in the runner's folder of bundled hosts. */
export function hostPath(name: string): string {
  const folder = process.env.CONFORMANCE_HOSTS;
  return folder === undefined
    ? fileURLToPath(new URL(`../hosts/${name}.ts`, import.meta.url))
    : join(folder, `${name}.js`);
}
