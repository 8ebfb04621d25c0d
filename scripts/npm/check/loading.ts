/**
 * Checks that the package loads, on each runtime and in each way, and has every
 * export.
 *
 * @module
 */

import { run, succeed } from "../command.ts";
import { type Entry, valueNames } from "../surface.ts";
import { type CheckContext, nodeOf, type Program } from "./context.ts";
import type { Check } from "./report.ts";

/** The checks of loading. */
export function loadingChecks(context: CheckContext): Check[] {
  return [
    ...[...context.nodes.values(), context.bun].map((program): Check => ({
      title: `import and require() on ${program.label}`,
      run: () => loadsBothWays(context, program),
    })),
    {
      title: "Names and copies of what is exported, on Node 24",
      run: () => isNamedAndOnce(context),
    },
    ...["20", "24"].map((version): Check => ({
      title: `zod that cannot be loaded, on Node ${version}`,
      run: () => failsTyped(context, version),
    })),
    {
      title: `import on Deno ${Deno.version.deno}, with no permission`,
      run: () => loadsOnDeno(context),
    },
  ];
}

/** A program that loads the entries in one way and prints their exports. */
export function loader(entries: Entry[], way: "import" | "require"): string {
  const specifiers = JSON.stringify(entries.map(({ specifier }) => specifier));
  return `Promise.all(${specifiers}.map((each) => ${way}(each))).then((modules) =>
  console.log(JSON.stringify(modules.map((each) => Object.keys(each).sort()))));
`;
}

/** Compares what a program printed with what the sources export. */
export function compareExports(entries: Entry[], printed: string): number {
  const found: string[][] = JSON.parse(printed);
  let count = 0;
  for (const [index, entry] of entries.entries()) {
    const wanted = valueNames(entry);
    // Bun adds this name to what require() returns.
    const names = (found[index] ?? []).filter((name) => name !== "__esModule");
    count += wanted.length;
    if (String(names) === String(wanted)) continue;
    throw new Error(
      `"${entry.specifier}" has ${names.join(", ")} instead of ${
        wanted.join(", ")
      }`,
    );
  }
  return count;
}

async function loadsBothWays(
  { consumer, surface }: CheckContext,
  { path }: Program,
): Promise<string> {
  let count = 0;
  const noise: string[] = [];
  for (const [way, file] of [["import", "load.mjs"], ["require", "load.cjs"]]) {
    await Deno.writeTextFile(
      `${consumer}/${file}`,
      loader(surface, way === "import" ? way : "require"),
    );
    const { code, stdout, stderr } = await run(path, [file ?? ""], {
      cwd: consumer,
    });
    if (code !== 0) throw new Error(`${way} failed:\n${stderr}`);
    count = compareExports(surface, stdout);
    // The first releases with it warn that it is new.
    if (stderr.includes("ExperimentalWarning")) {
      noise.push(`${way} with an ExperimentalWarning`);
    } else if (stderr.trim() !== "") {
      throw new Error(`${way} says: ${stderr}`);
    }
  }
  return [`${count} exports`, ...noise].join("; ");
}

/**
 * Bundled, a class could have another name, or be there once for each entry: its
 * errors would be no `instanceof` the other's.
 */
export function namesProgram(entries: Entry[]): string {
  const specifiers = JSON.stringify(entries.map(({ specifier }) => specifier));
  return `import { CodexTurnError } from "${entries[0]?.specifier}";
import { finishTurn, initialTurnState } from "${entries[0]?.specifier}/streams";
const wrong = [];
const seen = new Map();
for (const specifier of ${specifiers}) {
  for (const [name, value] of Object.entries(await import(specifier))) {
    if (typeof value === "function" && value.name !== name) {
      wrong.push(name + " is called " + value.name);
    }
    if ((seen.get(name) ?? value) !== value) wrong.push(name + " is there twice");
    seen.set(name, value);
  }
}
const process = { exitCode: 0, signal: null, stderr: "", argv: [] };
const ending = { type: "exited", process, lingered: false };
const { error } = finishTurn(initialTurnState(), ending);
if (!(error instanceof CodexTurnError)) wrong.push("errors are there twice");
if (!error.stack.includes(error.name)) wrong.push("stacks have no names");
if (!error.stack.includes("/src/turn/finish.ts:")) wrong.push("maps lead nowhere");
console.log(wrong.length > 0 ? wrong.join("; ") : seen.size + " names, each once; stacks lead to the sources");
`;
}

async function isNamedAndOnce(context: CheckContext): Promise<string> {
  const { consumer, surface } = context;
  await Deno.writeTextFile(`${consumer}/names.mjs`, namesProgram(surface));
  const node = nodeOf(context, "24").path;
  const said = (await succeed(
    node,
    ["--enable-source-maps", "names.mjs"],
    { cwd: consumer },
  )).trim();
  if (!said.includes("each once")) throw new Error(said);
  return said;
}

/**
 * Runs a turn with a type that needs zod's core while every file descriptor is taken,
 * and another one when they are free. There is no CLI: that a turn has come so far as
 * to look for it shows that zod was loaded.
 */
const WITHOUT_DESCRIPTORS = `import { closeSync, openSync } from "node:fs";
import { createRequire } from "node:module";
import { Codex, CodexError } from "@acodex/sdk";
// Of this copy, so that the other one is not there already.
const { number, object } = createRequire(import.meta.url)("zod/mini");
const codex = new Codex({ codexPathOverride: "/nowhere/codex" });
const outputType = object({ n: number() });
const run = () => codex.startThread().run("Hi", { outputType }).catch(
  (error) => error instanceof CodexError ? error.code : "raw " + error);
const taken = [];
try {
  for (;;) taken.push(openSync(import.meta.filename));
} catch {
  // All are taken.
}
const first = await run();
taken.forEach((each) => closeSync(each));
console.log(JSON.stringify([first, await run()]));
`;

async function failsTyped(
  context: CheckContext,
  version: string,
): Promise<string> {
  const { consumer } = context;
  const file = `descriptors_${version}.mjs`;
  await Deno.writeTextFile(`${consumer}/${file}`, WITHOUT_DESCRIPTORS);
  const script = 'ulimit -n 100; exec "$@"';
  const said = await succeed(
    "sh",
    ["-c", script, "sh", nodeOf(context, version).path, file],
    { cwd: consumer },
  );
  const [first, second]: string[] = JSON.parse(said);
  const loaded = "executable_not_found";
  // Node 20 keeps a module that could not be read, and fails again.
  const wanted = version === "20" ? first : loaded;
  if (first?.startsWith("raw") || first === loaded || second !== wanted) {
    throw new Error(`The turns end with "${first}" and "${second}"`);
  }
  return `the turn fails with the code "${first}", the next one ${
    second === loaded ? "loads it" : "too"
  }`;
}

/** By name and by `npm:`, from node_modules; static imports, since dynamic ones ask for reading. */
async function loadsOnDeno(
  { consumer, surface }: CheckContext,
): Promise<string> {
  const counts: number[] = [];
  for (const prefix of ["", "npm:"]) {
    const file = `load_${prefix === "" ? "name" : "npm"}.js`;
    const names = surface.map((_, index) => `m${index}`);
    await Deno.writeTextFile(
      `${consumer}/${file}`,
      surface.map(({ specifier }, index) =>
        `import * as m${index} from "${prefix}${specifier}";\n`
      ).join("") +
        `console.log(JSON.stringify([${names}].map((each) => Object.keys(each).sort())));\n`,
    );
    const args = ["run", "--no-prompt", "--no-lock", "--quiet", file];
    const printed = await succeed(Deno.execPath(), args, { cwd: consumer });
    counts.push(compareExports(surface, printed));
  }
  return `${counts[0]} exports, by name and by npm:`;
}
