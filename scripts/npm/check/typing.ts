/**
 * Tests the package's types and its package.json, as tools see them.
 *
 * @module
 */

import { succeed } from "../../run.ts";
import { commonJsSource, consumerSource } from "../consumer.ts";
import checkers from "../locked/checkers/package.json" with { type: "json" };
import { readContext } from "./context.ts";

const { consumer, consumerOfNode, surface, tarball, temporary, ...context } =
  readContext();

/** The compilers of users: the most common one, and the newest. */
const COMPILERS = Object.keys(checkers.dependencies)
  .filter((name) => name.startsWith("typescript-"));

/** The ways in which TypeScript finds a package. */
const RESOLUTIONS: Record<string, Record<string, string>> = {
  nodenext: { module: "nodenext", moduleResolution: "nodenext" },
  bundler: { module: "esnext", moduleResolution: "bundler" },
};

/**
 * The libraries to check a user's program with: the package's types must not use those of a
 * runtime, which some users do not have (facts R5), nor those that only browsers have.
 */
const LIBRARIES = [
  {
    title: "the DOM library alone",
    // In this folder Node's types are not installed either.
    folder: consumer,
    options: { lib: ["esnext", "dom"], types: [] },
  },
  {
    title: "Node's types alone",
    folder: consumerOfNode,
    options: { lib: ["es2023", "esnext.disposable"], types: ["node"] },
  },
];

/**
 * Compiles a program that uses every export, with its declarations, which shows
 * types that cannot be named, and checks the libraries too.
 */
for (const compiler of COMPILERS) {
  for (const [name, resolution] of Object.entries(RESOLUTIONS)) {
    for (const { title, folder, options } of LIBRARIES) {
      Deno.test(`${compiler} --strict, ${name}, with ${title}`, async () => {
        const sources: Record<string, string> = {
          "consumer.mts": consumerSource(surface),
        };
        if (name === "nodenext") {
          sources["consumer.cts"] = commonJsSource(surface);
        }
        const compilerOptions = {
          ...resolution,
          ...options,
          target: "es2022",
          strict: true,
          skipLibCheck: false,
          verbatimModuleSyntax: true,
          declaration: true,
          rootDir: ".",
          outDir: "out",
        };
        const config = { compilerOptions, files: Object.keys(sources) };
        sources["tsconfig.json"] = JSON.stringify(config);
        const cwd = `${folder}/${compiler}-${name}`;
        await Deno.mkdir(cwd);
        for (const [path, text] of Object.entries(sources)) {
          await Deno.writeTextFile(`${cwd}/${path}`, text);
        }
        await runTool(`${compiler}/bin/tsc`, ["-p", "."], cwd);
      });
    }
  }
}

Deno.test("deno check", async () => {
  const file = "consumer_deno.ts";
  await Deno.writeTextFile(`${consumer}/${file}`, consumerSource(surface));
  const args = ["check", "--no-lock", "--quiet", file];
  await succeed(Deno.execPath(), args, { cwd: consumer });
});

Deno.test("publint --strict", async () => {
  const said = await runTool("publint/src/cli.js", ["--strict", tarball]);
  if (!said.includes("All good")) throw new Error(said);
});

/**
 * The profile for packages that are modules alone. What it leaves out: TypeScript's
 * old `node10` resolution, which knows no `exports` and is deprecated, and the
 * warning that `require()` gets a module, which is what we want it to get:
 * `consumer.cts` above shows that it compiles, and the loading tests that it runs.
 */
Deno.test("attw --profile esm-only", async () => {
  const args = [tarball, "--profile", "esm-only", "--format", "ascii"];
  await runTool("@arethetypeswrong/cli/dist/index.js", args);
});

/** Runs an installed tool, a script for Node. */
function runTool(
  path: string,
  args: readonly string[],
  cwd = temporary,
): Promise<string> {
  return succeed(
    "node",
    [`${context.checkers}/node_modules/${path}`, ...args],
    { cwd },
  );
}
