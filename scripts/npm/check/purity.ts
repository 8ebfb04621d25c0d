/**
 * Tests that loading the package has no side effects: it does not look for the CLI, access
 * files or variables of the environment, or load zod, for any entry.
 *
 * @module
 */

import { succeed } from "../../run.ts";
import { findProgram, readContext } from "./context.ts";

const context = readContext();
const { consumer, name, surface } = context;
const node = findProgram(context, "node24").path;

/** The output of the probe. */
interface Probe {
  /** The calls of the package's own code while it was loaded. */
  touched: string[];
  /** The modules that were loaded. */
  loaded: string[];
}

/**
 * Puts a spy on the environment and on every function that reaches outside; a call with one
 * of the package's files on its stack is the package's. Then loads the main entry and prints
 * the calls.
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

/** A package that does everything that ours must not: the spies have to report all of it. */
const CULPRIT = `
import { readFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import process from "node:process";
readFileSync(process.execPath, { length: 1 });
spawnSync(process.execPath, ["--version"]);
"HOME" in process.env;
`;

Deno.test("The spies notice what a package does while it is loaded", async () => {
  const folder = `${consumer}/node_modules/culprit`;
  await Deno.mkdir(folder);
  await Deno.writeTextFile(`${folder}/index.mjs`, CULPRIT);
  await Deno.writeTextFile(
    `${folder}/package.json`,
    JSON.stringify({ name: "culprit", exports: "./index.mjs" }),
  );
  const { touched } = await probe("culprit");
  const wanted = ["fs.readFileSync", "child_process.spawnSync", "env HOME"];
  const missed = wanted.filter((each) =>
    !touched.some((what) => what.endsWith(each))
  );
  if (missed.length > 0) throw new Error(`They miss ${missed.join(", ")}`);
});

Deno.test("import loads modules of its own, and touches nothing", async () => {
  const { touched, loaded } = await probe(name);
  if (touched.length > 0) throw new Error(`It does ${touched.join(", ")}`);
  const own = loaded.filter((url) => url.includes(`/node_modules/${name}/`));
  if (own.length === 0 || own.length < loaded.length) {
    throw new Error(`It loads ${loaded.join(", ")}`);
  }
});

// zod is loaded later, for types that cannot parse themselves (facts R9).
for (const { specifier } of surface) {
  Deno.test(`import of ${specifier} loads no zod`, async () => {
    const { loaded } = await probe(specifier);
    const zod = loaded.filter((url) => url.includes("/node_modules/zod/"));
    if (loaded.length === 0 || zod.length > 0) {
      throw new Error(`It loads ${zod.join(", ") || "nothing"}`);
    }
  });
}

/** Matches modules that loading the test kit must not load, as they are only needed later. */
const LATE = /^node:(?:http|child_process|net|worker_threads)$/;

Deno.test("import of the kit for tests touches nothing, and is nothing that the rest loads", async () => {
  const { touched, loaded } = await probe(`${name}/testing`);
  const late = loaded.filter((url) => LATE.test(url));
  if (touched.length + late.length > 0) {
    throw new Error(`It does ${[...touched, ...late].join(", ")}`);
  }
  const rest = surface.map(({ specifier }) => specifier)
    .filter((specifier) => specifier !== `${name}/testing`);
  for (const specifier of rest) {
    const { loaded } = await probe(specifier);
    for (const url of loaded.filter((each) => each.startsWith("file:"))) {
      const text = await Deno.readTextFile(new URL(url));
      if (
        /\b(?:FakeCodex|ScriptedModel|compileSteps|installFake)\b/.test(text)
      ) {
        throw new Error(`${specifier} loads the kit: ${url}`);
      }
    }
  }
});

/** Node's own permission system: only the project's files can be read. */
Deno.test("import on Node with --permission", async () => {
  const imports = surface.map(({ specifier }) => `import "${specifier}";\n`);
  await Deno.writeTextFile(`${consumer}/permission.mjs`, imports.join(""));
  const real = await Deno.realPath(consumer);
  const flags = ["--permission", `--allow-fs-read=${real}/*`];
  await succeed(node, [...flags, "permission.mjs"], { cwd: real });
});

/** Loads a package under the spies. */
async function probe(specifier: string): Promise<Probe> {
  await Deno.writeTextFile(`${consumer}/probe.cjs`, probeSource(specifier));
  return JSON.parse(await succeed(node, ["probe.cjs"], { cwd: consumer }));
}
