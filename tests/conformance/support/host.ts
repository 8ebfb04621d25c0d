/**
 * Runs a program of `hosts/` with the runtime that the behaviours run on, in a
 * process of its own: for what shows only there, such as when it exits.
 *
 * @module
 */

import { spawn } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { TestContext } from "./test_context.ts";

/** How long a host may take, in ms, before it is ended. */
const TIMEOUT_MS = 60_000;

/** What takes from root that it may read and write everything. */
const LIKE_OTHERS = process.getuid?.() === 0
  ? `setpriv ${
    ["bounding-set", "inh-caps"].map((set) =>
      `--${set}=-dac_override,-dac_read_search`
    ).join(" ")
  }`
  : "";

/** How a shell starts the runtime. */
function makeStartCommand({ descriptors, withoutRoot }: HostOptions): string {
  const limit = descriptors === undefined ? "" : `ulimit -n ${descriptors}; `;
  return `${limit}exec ${
    withoutRoot ? LIKE_OTHERS : ""
  } "$CONFORMANCE_RUNTIME" "$@"`;
}

/** Which runtime the behaviours run on. */
export const RUNTIME: "deno" | "node" | "bun" =
  process.versions.deno !== undefined
    ? "deno"
    : process.versions.bun !== undefined
    ? "bun"
    : "node";

/** How a host is run. */
export interface HostOptions {
  /** Its working directory. */
  readonly cwd?: string;
  /** Variables on top of this process's own and the context's; `undefined` leaves one out. */
  readonly env?: { readonly [name: string]: string | undefined };
  /** Arguments for the runtime itself. On Deno the default is `--allow-all`. */
  readonly runtimeArgs?: readonly string[];
  /** Whether it is denied what root may do to files, where it runs as root. */
  readonly withoutRoot?: boolean;
  /** A program of its own, with its own settings, in place of one of `hosts/`. */
  readonly program?: string;
  /** How many file descriptors it may have open. */
  readonly descriptors?: number;
}

/** How a host ended. */
export interface HostOutcome {
  /** Its exit code; `null` if a signal ended it. */
  readonly code: number | null;
  /** The lines of its stdout, as JSON. */
  readonly reports: readonly { readonly [key: string]: unknown }[];
  /** Its stderr. */
  readonly stderr: string;
  /** When it had ended, in ms since 1970. */
  readonly endedAt: number;
}

/** Runs a host with a value for it, as JSON in its first argument. */
export function runHost(
  context: TestContext,
  name: string,
  value: unknown,
  options: HostOptions = {},
): Promise<HostOutcome> {
  // Named in the environment: where Deno sees that it starts a Deno, it gives it
  // all permissions.
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

/** A host's file: beside these sources, or where the runner has put the bundled ones. */
export function hostPath(name: string): string {
  const folder = process.env.CONFORMANCE_HOSTS;
  return folder === undefined
    ? fileURLToPath(new URL(`../hosts/${name}.ts`, import.meta.url))
    : join(folder, `${name}.js`);
}
