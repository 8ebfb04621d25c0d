/**
 * The tools for measurements: the runtimes, the packages, and a function to run a program
 * of `hosts/`.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { installPackage } from "../../scripts/conformance/package.ts";
import {
  installRuntime,
  readVersion,
  RUNTIMES,
} from "../../scripts/conformance/runtimes.ts";
import { installCached } from "../../scripts/npm/tools.ts";
import { listFiles, ROOT_URL } from "../../scripts/project.ts";
import { NPM, succeed } from "../../scripts/run.ts";

/** The harness, pinned. */
const MITATA = "mitata@1.0.34";

/** The time limit of a program, in ms. */
const TIMEOUT_MS = 300_000;

/** The internal modules that are measured separately, by their paths in `src/`. */
const INSIDE = [
  "output/structured_output",
  "stream/jsonl_decoder",
  "turn/state",
  "turn/accumulate",
] as const;

/** One of {@linkcode INSIDE}. */
export type Inside = (typeof INSIDE)[number];

/** Matches variables of the developer's machine that would change the measurements. */
const LEFT_OUT = /^(?:CODEX_|OPENAI_|NODE_OPTIONS$|DENO_V8_FLAGS$)/;

/** The URLs of a package, for a runtime. */
export interface Package {
  /** The URL of its main module. */
  readonly entry: string;
  /** The URL of the module of its app-server client. */
  readonly server: string;
  /** Returns the URL of one of {@linkcode INSIDE}. */
  inside(path: Inside): string;
}

/** A runtime to measure on. */
export interface BenchRuntime {
  readonly name: string;
  readonly version: string;
  readonly program: string;
  /** acodex, from its sources on Deno, and as the npm package on other runtimes. */
  readonly acodex: Package;
}

/** Everything that a measurement needs. */
export interface Bench {
  readonly runtimes: readonly BenchRuntime[];
  /** The official SDK. */
  readonly official: { readonly entry: string; readonly version: string };
  /** The folder where packages for measuring are installed. */
  readonly tools: string;
  /** acodex's installed npm package. */
  readonly installed: string;
  /** A folder for inputs and fake CLIs, removed at the end. */
  readonly folder: string;
  readonly isQuick: boolean;
  /** Runs a program of `hosts/` and returns its result. */
  run<T>(
    runtime: BenchRuntime,
    host: string,
    job: unknown,
    options?: { readonly exposeGc?: boolean },
  ): Promise<T>;
}

/** Installs the runtimes and packages. */
export async function prepareBench(
  names: readonly string[],
  folder: string,
  isQuick: boolean,
): Promise<Bench> {
  const version = (await succeed(
    NPM,
    ["view", "@openai/codex-sdk", "version"],
    { cwd: folder },
  )).trim();
  const tools = await installCached("bench", [
    `@openai/codex-sdk@${version}`,
    MITATA,
  ]);
  const installed = fileURLToPath(
    new URL("node_modules/@acodex/sdk", await installPackage()),
  );
  await bundleFor(`${folder}/hosts`, await listFiles("bench/hosts"));
  await bundleFor(
    `${folder}/inside`,
    INSIDE.map((path) => `src/${path}.ts`),
  );
  // The package's zod, for the modules that are measured separately.
  await Deno.symlink(
    await Deno.realPath(`${installed}/../..`),
    `${folder}/node_modules`,
    { type: "dir" },
  );
  const runtimes: BenchRuntime[] = [];
  for (const runtime of RUNTIMES) {
    if (!names.includes(runtime.name)) continue;
    const program = await installRuntime(runtime);
    runtimes.push({
      name: runtime.name,
      version: await readVersion(program),
      program,
      acodex: runtime.runsSources
        ? sources()
        : await npmPackage(installed, `${folder}/inside`),
    });
  }
  return {
    runtimes,
    official: {
      entry: `file://${tools}/node_modules/@openai/codex-sdk/dist/index.js`,
      version,
    },
    tools,
    installed,
    folder,
    isQuick,
    run: (runtime, host, job, options) =>
      runHost(folder, runtime, host, job, options),
  };
}

/** Bundles modules for Node and Bun, as Node 20 does not run TypeScript. */
async function bundleFor(
  folder: string,
  files: readonly string[],
): Promise<void> {
  await succeed(Deno.execPath(), [
    "bundle",
    "--platform=deno",
    "--packages=external",
    "--code-splitting",
    `--outdir=${folder}`,
    ...files,
  ]);
  await Deno.writeTextFile(
    `${folder}/package.json`,
    '{ "private": true, "type": "module" }\n',
  );
}

function sources(): Package {
  return {
    entry: new URL("mod.ts", ROOT_URL).href,
    server: new URL("app_server.ts", ROOT_URL).href,
    inside: (path) => new URL(`src/${path}.ts`, ROOT_URL).href,
  };
}

async function npmPackage(folder: string, inside: string): Promise<Package> {
  const { exports } = JSON.parse(
    await Deno.readTextFile(`${folder}/package.json`),
  );
  const findModule = (name: string): string => {
    const path = JSON.stringify(exports[name]).match(/"(?:\.\/)?([^"]+\.js)"/)
      ?.[1];
    if (path === undefined) throw new Error(`The package has no ${name}`);
    return `file://${folder}/${path}`;
  };
  return {
    entry: findModule("."),
    server: findModule("./app-server"),
    inside: (path) => `file://${inside}/${path}.js`,
  };
}

async function runHost<T>(
  folder: string,
  runtime: BenchRuntime,
  host: string,
  job: unknown,
  { exposeGc = false }: { readonly exposeGc?: boolean } = {},
): Promise<T> {
  const { success, stdout, stderr } = await new Deno.Command(runtime.program, {
    args: [
      ...makeArgs(runtime.name, exposeGc),
      hostPath(folder, runtime, host),
      JSON.stringify(job),
    ],
    cwd: ROOT_URL,
    clearEnv: true,
    env: Object.fromEntries(
      Object.entries(Deno.env.toObject()).filter(([name]) =>
        !LEFT_OUT.test(name)
      ),
    ),
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).output();
  const decoder = new TextDecoder();
  if (!success) {
    throw new Error(decoder.decode(stderr).trim().slice(-2000) || "no result");
  }
  return JSON.parse(decoder.decode(stdout).trim().split("\n").at(-1) ?? "");
}

/** Returns the path of a program for a runtime. */
export function hostPath(
  folder: string,
  runtime: { readonly name: string },
  host: string,
): string {
  return runtime.name === "deno"
    ? fileURLToPath(new URL(`bench/hosts/${host}.ts`, ROOT_URL))
    : `${folder}/hosts/${host}.js`;
}

function makeArgs(name: string, exposeGc: boolean): string[] {
  if (name === "deno") {
    const flags = exposeGc ? ["--v8-flags=--expose-gc"] : [];
    return ["run", "--allow-all", "--no-check", ...flags];
  }
  return exposeGc && name !== "bun" ? ["--expose-gc"] : [];
}
