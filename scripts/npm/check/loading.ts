/**
 * Tests that the package can be loaded in every way on each runtime, and has all exports.
 *
 * @module
 */

import { run, succeed } from "../../run.ts";
import { compareExports } from "../surface.ts";
import { findProgram, readContext } from "./context.ts";

const context = readContext();
const { consumer, name, programs, surface } = context;

/** The package's entries, in JSON. */
const SPECIFIERS = JSON.stringify(surface.map(({ specifier }) => specifier));

for (const { label, path } of Object.values(programs)) {
  for (const way of ["import", "require"]) {
    Deno.test(`${way}() on ${label}`, async () => {
      const file = `load.${way === "import" ? "mjs" : "cjs"}`;
      await Deno.writeTextFile(
        `${consumer}/${file}`,
        `Promise.all(${SPECIFIERS}.map((each) => ${way}(each))).then((modules) =>
  console.log(JSON.stringify(modules.map((each) => Object.keys(each).sort()))));
`,
      );
      const { code, stdout, stderr } = await run(path, [file], {
        cwd: consumer,
      });
      if (code !== 0) throw new Error(stderr);
      compareExports(surface, stdout);
      // The first releases with this feature warn that it is experimental.
      if (stderr.trim() !== "" && !stderr.includes("ExperimentalWarning")) {
        throw new Error(`It says: ${stderr}`);
      }
    });
  }
}

/**
 * In a bundle, a class could have another name, or exist once for each entry, so that an
 * error of one would not be an `instanceof` the other.
 */
const NAMES_PROGRAM = `import { CodexTurnError } from "${name}";
import { finishTurn, initialTurnState } from "${name}/streams";
const wrong = [];
const seen = new Map();
for (const specifier of ${SPECIFIERS}) {
  for (const [key, value] of Object.entries(await import(specifier))) {
    if (typeof value === "function" && value.name !== key) {
      wrong.push(key + " is called " + value.name);
    }
    if ((seen.get(key) ?? value) !== value) wrong.push(key + " is there twice");
    seen.set(key, value);
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

Deno.test("Exports have their names and one copy each, and stacks lead to the sources", async () => {
  await Deno.writeTextFile(`${consumer}/names.mjs`, NAMES_PROGRAM);
  const args = ["--enable-source-maps", "names.mjs"];
  const node = findProgram(context, "node24").path;
  const said = await succeed(node, args, { cwd: consumer });
  if (!said.includes("each once")) throw new Error(said);
});

/**
 * Runs a turn with a type that needs zod's core while no file descriptor is free, and another
 * turn when some are. There is no CLI: a turn that fails to find it has loaded zod.
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

for (const version of ["20", "24"]) {
  Deno.test(`A turn without descriptors to load zod, on Node ${version}`, async () => {
    const file = `descriptors_${version}.mjs`;
    await Deno.writeTextFile(`${consumer}/${file}`, WITHOUT_DESCRIPTORS);
    const node = findProgram(context, `node${version}`).path;
    const args = ["-c", 'ulimit -n 100; exec "$@"', "sh", node, file];
    const said = await succeed("sh", args, { cwd: consumer });
    const [first, second]: string[] = JSON.parse(said);
    const loaded = "executable_not_found";
    // Node 20 keeps a module that could not be read, and fails again.
    const wanted = version === "20" ? first : loaded;
    if (first?.startsWith("raw") || first === loaded || second !== wanted) {
      throw new Error(`The turns end with "${first}" and "${second}"`);
    }
  });
}

/** From node_modules; static imports, as dynamic ones need permission to read. */
for (const prefix of ["", "npm:"]) {
  Deno.test(`import "${prefix}${name}" on Deno, with no permission`, async () => {
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
    const said = await succeed(Deno.execPath(), args, { cwd: consumer });
    compareExports(surface, said);
  });
}
