/**
 * Checks that loading the package does nothing: no look for the CLI, no file, no
 * variable of the environment, and no zod, whichever entry it is.
 *
 * @module
 */

import { succeed } from "../command.ts";
import { type CheckContext, nodeOf } from "./context.ts";
import type { Check } from "./report.ts";

/** What the probe prints. */
interface Probe {
  /** What the package's own code did while it was loaded. */
  touched: string[];
  /** The modules that were loaded. */
  loaded: string[];
}

/** The checks of what loading does. */
export function purityChecks(context: CheckContext): Check[] {
  return [
    {
      title: "What import does, on Node with spies",
      run: () => touchesNothing(context),
    },
    {
      title: "import on Node with --permission",
      run: () => needsNoPermission(context),
    },
  ];
}

/**
 * Puts a spy on every function that reaches outside and on the environment; what
 * has one of the package's files on its stack was done by the package. Then loads
 * the main entry and prints what was noticed.
 */
function probeSource(name: string): string {
  return `
const { registerHooks, syncBuiltinESMExports } = require("node:module");
const touched = [];
const loaded = [];
const note = (what) => {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = Infinity;
  const stack = String(new Error().stack);
  Error.stackTraceLimit = stackTraceLimit;
  if (stack.includes("/node_modules/${name}/")) touched.push(what);
};
for (const module of ["fs", "fs/promises", "child_process", "net", "http", "os", "worker_threads"]) {
  const functions = require("node:" + module);
  for (const [key, value] of Object.entries(functions)) {
    if (typeof value !== "function" || /^[A-Z]/.test(key)) continue;
    functions[key] = function (...args) {
      note(module + "." + key);
      return value.apply(this, args);
    };
  }
}
syncBuiltinESMExports();
const spied = (what) => (...args) => {
  note("process.env " + String(args[1] ?? what));
  return Reflect[what](...args);
};
process.env = new Proxy(process.env, Object.fromEntries(
  ["get", "has", "ownKeys", "getOwnPropertyDescriptor"].map((what) => [what, spied(what)]),
));
registerHooks({
  load(url, context, next) {
    loaded.push(url);
    return next(url, context);
  },
});
import("${name}").then(() => console.log(JSON.stringify({ touched, loaded })));
`;
}

/** A package that does what ours must not: the spies have to notice all of it. */
const CULPRIT = `
import { readFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import process from "node:process";
readFileSync(process.execPath, { length: 1 });
spawnSync(process.execPath, ["--version"]);
"HOME" in process.env;
`;

async function touchesNothing(context: CheckContext): Promise<string> {
  const name = context.surface[0]?.specifier ?? "";
  await checkSpies(context);
  const { touched, loaded } = await probe(context, name);
  if (touched.length > 0) {
    throw new Error(`Loading "${name}" does: ${touched.join(", ")}`);
  }
  const own = loaded.filter((url) => url.includes(`/node_modules/${name}/`));
  const other = loaded.filter((url) => !own.includes(url));
  if (own.length === 0 || other.length > 0) {
    throw new Error(`Loading "${name}" loads: ${loaded.join(", ")}`);
  }
  await loadsNoZod(context);
  return `${own.length} modules of its own are loaded, zod by no entry, nothing of Node's; no file, program or variable is touched`;
}

/** Of zod no entry loads anything: it is for later, and for types that do not read themselves (facts R9). */
async function loadsNoZod(context: CheckContext): Promise<void> {
  for (const { specifier } of context.surface) {
    const { loaded } = await probe(context, specifier);
    const zod = loaded.filter((url) => url.includes("/node_modules/zod/"));
    if (loaded.length === 0 || zod.length > 0) {
      throw new Error(`Loading "${specifier}" loads: ${zod.join(", ")}`);
    }
  }
}

/** Loads a package under the spies. */
async function probe(context: CheckContext, name: string): Promise<Probe> {
  const { consumer } = context;
  await Deno.writeTextFile(`${consumer}/probe.cjs`, probeSource(name));
  return JSON.parse(
    await succeed(nodeOf(context, "24").path, ["probe.cjs"], { cwd: consumer }),
  );
}

/** Fails if the spies are blind. */
async function checkSpies(context: CheckContext): Promise<void> {
  const folder = `${context.consumer}/node_modules/culprit`;
  await Deno.mkdir(folder);
  await Deno.writeTextFile(`${folder}/index.mjs`, CULPRIT);
  await Deno.writeTextFile(
    `${folder}/package.json`,
    JSON.stringify({ name: "culprit", exports: "./index.mjs" }),
  );
  const { touched } = await probe(context, "culprit");
  const wanted = ["fs.readFileSync", "child_process.spawnSync", "env HOME"];
  const missed = wanted.filter((each) =>
    !touched.some((what) => what.endsWith(each))
  );
  if (missed.length > 0) {
    throw new Error(`The spies do not notice ${missed.join(", ")}`);
  }
}

/** Node's own guard: files of the project can be read, and all else is forbidden. */
async function needsNoPermission(context: CheckContext): Promise<string> {
  const { consumer, surface } = context;
  const { label, path } = nodeOf(context, "24");
  const imports = surface.map(({ specifier }) => `import "${specifier}";\n`);
  await Deno.writeTextFile(`${consumer}/permission.mjs`, imports.join(""));
  const real = await Deno.realPath(consumer);
  await succeed(
    path,
    ["--permission", `--allow-fs-read=${real}/*`, "permission.mjs"],
    { cwd: real },
  );
  return `${label} lets it load its own files and do nothing else`;
}
