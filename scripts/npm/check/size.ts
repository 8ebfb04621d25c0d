/**
 * Checks what an install costs, and what the package adds to a bundle.
 *
 * @module
 */

import { succeed } from "../command.ts";
import { filesBelow } from "../finish.ts";
import type { CheckContext } from "./context.ts";
import type { Check } from "./report.ts";

/** What an install may cost; a change that needs more says so here. */
const LIMITS = { tarball: 250_000, code: 300_000, dependencies: 2 };

/** The sizes of a package. */
export interface Sizes {
  tarball: number;
  unpacked: number;
  /** Modules, without maps and types. */
  code: number;
  dependencies: number;
}

/** A program that is bundled, and what it may become. */
interface BundledProgram {
  /** The program, for people. */
  what: string;
  /** What it imports. */
  names: string[];
  /** The entry that it imports them from, behind the package's name. */
  entry: string;
  /** The most bytes that it may have, minified. */
  limit: number;
  /** What no byte may come from. */
  without: RegExp;
}

/** What users bundle. */
const BUNDLED: readonly BundledProgram[] = [
  {
    what: "Codex",
    names: ["Codex"],
    entry: "",
    limit: 130_000,
    // The languages of its messages are the most of zod.
    without: /\/zod\/v4\/(?:locales|classic|mini)\//,
  },
  {
    what: "the reducer",
    names: ["initialTurnState", "reduceTurn"],
    entry: "/streams",
    limit: 20_000,
    without: /\/zod\//,
  },
  {
    what: "all of streams",
    names: ["finishTurn", "JsonlDecoderStream", "ThreadEventValidatorStream"],
    entry: "/streams",
    limit: 30_000,
    without: /\/zod\//,
  },
];

/** The checks of sizes. */
export function sizeChecks(context: CheckContext): Check[] {
  return [
    { title: "Size", run: () => staysSmall(context) },
    { title: "Size of bundles", run: () => bundlesSmall(context) },
  ];
}

async function bundlesSmall(context: CheckContext): Promise<string> {
  const found: string[] = [];
  const problems: string[] = [];
  for (const program of BUNDLED) {
    const bundle = await bundleMinified(context, program);
    found.push(`${program.what} ${bundle.bytes} bytes`);
    problems.push(...tooMuch(program, bundle));
  }
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return found.join(", ");
}

/** A bundle. */
export interface Bundle {
  /** Its size. */
  bytes: number;
  /** The bytes that it has of each file. */
  files: Record<string, number>;
}

/** Says what is too much about a bundle. */
export function tooMuch(
  { what, limit, without }: Omit<BundledProgram, "names" | "entry">,
  { bytes, files }: Bundle,
): string[] {
  return [
    ...Object.entries(files)
      // Of a module that is left out, some names of esbuild's own may remain.
      .filter(([path, bytes]) => bytes > 100 && without.test(`/${path}`))
      .map(([path, bytes]) => `${what}: has ${bytes} bytes of ${path}`),
    ...bytes > limit ? [`${what}: ${bytes} is over ${limit}`] : [],
  ];
}

async function bundleMinified(
  { bundler, consumer, surface }: CheckContext,
  { names, entry }: BundledProgram,
): Promise<Bundle> {
  const specifier = `${surface[0]?.specifier}${entry}`;
  const options = {
    stdin: {
      contents:
        `import { ${names} } from "${specifier}";\nconsole.log(${names});`,
      resolveDir: consumer,
    },
    absWorkingDir: consumer,
    bundle: true,
    minify: true,
    format: "esm",
    platform: entry === "" ? "node" : "browser",
    metafile: true,
    write: false,
    outdir: "bundled",
    logLevel: "error",
  };
  const script = `
    const options = ${JSON.stringify(options)};
    const { metafile } = require("esbuild").buildSync(options);
    const [{ bytes, inputs }] = Object.values(metafile.outputs);
    const files = Object.fromEntries(Object.entries(inputs).map(
      ([path, { bytesInOutput }]) => [path, bytesInOutput]));
    console.log(JSON.stringify({ bytes, files }));`;
  return JSON.parse(
    await succeed("node", ["--eval", script], { cwd: bundler }),
  );
}

async function staysSmall(context: CheckContext): Promise<string> {
  const sizes = await measure(context);
  const problems = exceeded(sizes);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  const { tarball, unpacked, code, dependencies } = sizes;
  return `tarball ${tarball} bytes, unpacked ${unpacked}, code ${code}; ${dependencies} dependencies`;
}

/** Says what is over its limit. */
export function exceeded(sizes: Sizes): string[] {
  return (["tarball", "code", "dependencies"] as const)
    .filter((what) => sizes[what] > LIMITS[what])
    .map((what) => `${what}: ${sizes[what]} is over ${LIMITS[what]}`);
}

async function measure(
  { tarball, built, consumer, surface }: CheckContext,
): Promise<Sizes> {
  let unpacked = 0;
  let code = 0;
  for (const path of await filesBelow(built)) {
    const { size } = await Deno.stat(`${built}/${path}`);
    unpacked += size;
    if (path.endsWith(".js")) code += size;
  }
  const lock = JSON.parse(
    await Deno.readTextFile(`${consumer}/package-lock.json`),
  );
  return {
    tarball: (await Deno.stat(tarball)).size,
    unpacked,
    code,
    dependencies: countDependencies(
      lock.packages,
      `node_modules/${surface[0]?.specifier}`,
    ),
  };
}

/** What is installed for a package: all that it asks for, and what that asks for. */
export function countDependencies(
  packages: Record<string, { dependencies?: Record<string, string> }>,
  root: string,
): number {
  const found = new Set<string>();
  const waiting = [root];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    for (const name of Object.keys(packages[path]?.dependencies ?? {})) {
      const dependency = `node_modules/${name}`;
      if (found.has(dependency)) continue;
      found.add(dependency);
      waiting.push(dependency);
    }
  }
  return found.size;
}
