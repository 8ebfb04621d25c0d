// The package that JSR builds from the sources for users of npm; `deno pack` builds the
// same one.

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  installRuntime,
  RUNTIMES,
} from "../../scripts/conformance/runtimes.ts";
import { installLocked } from "../../scripts/npm/tools.ts";
import { modelAnswer, modelMessage } from "../../testing.ts";
import { publishedProgram, runPublished } from "../support/published.ts";
import { realCodex } from "../support/real_codex.ts";

/** The project's folder. */
const ROOT = new URL("../../", import.meta.url);

/** A folder in which the package is installed, with a program that uses it. */
interface Consumer extends AsyncDisposable {
  readonly folder: string;
}

/** Runs a program that must succeed. */
async function succeed(
  program: string,
  args: string[],
  cwd: URL | string,
): Promise<void> {
  const { code, stderr } = await new Deno.Command(program, { args, cwd })
    .output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
}

/** Packs the package, and unpacks it as npm would. */
async function install(): Promise<Consumer> {
  const folder = await Deno.realPath(
    await Deno.makeTempDir({ prefix: "acodex-jsr-npm-" }),
  );
  const installed = `${folder}/node_modules/@acodex/sdk`;
  await Deno.mkdir(installed, { recursive: true });
  const tarball = `${folder}/package.tgz`;
  const pack = ["pack", "--allow-dirty", "--quiet", "--output", tarball];
  await succeed(Deno.execPath(), pack, ROOT);
  const unpack = ["-xzf", tarball, "--strip-components=1", "-C", installed];
  await succeed("tar", unpack, folder);
  const zod = await Deno.realPath(new URL("node_modules/zod", ROOT));
  await Deno.symlink(zod, `${folder}/node_modules/zod`);
  // Deno resolves only packages that are named here.
  await Deno.writeTextFile(
    `${folder}/package.json`,
    JSON.stringify({ private: true, dependencies: { "@acodex/sdk": "*" } }),
  );
  await Deno.writeTextFile(
    `${folder}/main.mjs`,
    publishedProgram("@acodex/sdk"),
  );
  return {
    folder,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

/** Returns the command that runs a module. */
async function readCommand(name: string): Promise<string[]> {
  const runtime = RUNTIMES.find((each) => each.name === name);
  assert(runtime !== undefined);
  const program = await installRuntime(runtime);
  if (name !== "deno") return [program];
  const flags = ["--allow-all", "--no-lock", "--node-modules-dir=manual"];
  return [program, "run", "--quiet", ...flags];
}

Deno.test("JSR's package for npm runs a blocking turn on Node, Bun and Deno", async () => {
  const names = ["node20", "node26", "bun", "deno"];
  await using real = await realCodex(
    names.map((name) => modelAnswer(modelMessage(name))),
  );
  await using consumer = await install();
  for (const name of names) {
    const command = [...await readCommand(name), "main.mjs"];
    assertEquals(
      await runPublished(real, command, consumer.folder),
      ["function", "function", name],
    );
  }
});

Deno.test("A bundle with the blocking client loads, and reports at once what to do", async () => {
  await using real = await realCodex([]);
  await using consumer = await install();
  const { folder } = consumer;
  const bundler = await installLocked("bundler");
  const node = await readCommand("node20");
  for (const format of ["esm", "cjs"]) {
    const outfile = `${folder}/bundled/app.${format === "esm" ? "mjs" : "cjs"}`;
    const options = {
      entryPoints: ["main.mjs"],
      absWorkingDir: folder,
      bundle: true,
      platform: "node",
      format,
      outfile,
      logLevel: "error",
    };
    const script = `require("esbuild").buildSync(${JSON.stringify(options)})`;
    await succeed("node", ["--eval", script], bundler);
    const [, , said] = await runPublished(
      real,
      [...node, outfile],
      folder,
    ) as string[];
    assertStringIncludes(
      said ?? "",
      format === "esm"
        ? `file://${folder}/bundled/worker.js does not exist.`
        : "the location of this module is unknown (import.meta.url).",
    );
    assertStringIncludes(said ?? "", "esbuild, tsup, Bun: external;");
  }
  // Facts R26.
  const bundle = `${folder}/bundled/app.mjs`;
  const strict = ["--permission", `--allow-fs-read=${bundle}`, bundle];
  const node26 = await readCommand("node26");
  const [, , said] = await runPublished(
    real,
    [...node26, ...strict],
    folder,
  ) as string[];
  assertStringIncludes(said ?? "", "grant it with --allow-fs-read=/");
});
