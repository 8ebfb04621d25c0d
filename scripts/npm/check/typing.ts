/**
 * Checks the package's types and its package.json, as tools see them.
 *
 * @module
 */

import { run, succeed } from "../command.ts";
import { commonJsSource, consumerSource } from "../consumer.ts";
import { toolScript, TYPESCRIPTS } from "../tools.ts";
import type { CheckContext } from "./context.ts";
import type { Check } from "./report.ts";

/** The ways in which TypeScript finds a package. */
const RESOLUTIONS = {
  nodenext: { module: "nodenext", moduleResolution: "nodenext" },
  bundler: { module: "esnext", moduleResolution: "bundler" },
};

/** One of {@linkcode RESOLUTIONS}. */
type Resolution = keyof typeof RESOLUTIONS;

/** The checks of types and metadata. */
export function typingChecks(context: CheckContext): Check[] {
  const compilers = Object.entries(TYPESCRIPTS).flatMap(([compiler, version]) =>
    (["nodenext", "bundler"] as const).map((resolution): Check => ({
      title: `tsc ${version} --strict, ${resolution}`,
      run: () => compiles(context, compiler, resolution),
    }))
  );
  return [
    ...compilers,
    { title: "deno check", run: () => compilesOnDeno(context) },
    { title: "publint --strict", run: () => publintAgrees(context) },
    { title: "attw --profile esm-only", run: () => attwAgrees(context) },
  ];
}

/**
 * Compiles a program that uses every export, with its declarations, which shows
 * types that cannot be named. Libraries are checked too, and there is no DOM: what
 * the package's types need, Node's types have.
 */
async function compiles(
  { consumer, surface, checkers }: CheckContext,
  compiler: string,
  resolution: Resolution,
): Promise<string> {
  const folder = `${consumer}/${compiler}-${resolution}`;
  await Deno.mkdir(folder);
  const isNode = resolution === "nodenext";
  const files = ["consumer.mts", ...isNode ? ["consumer.cts"] : []];
  await Deno.writeTextFile(`${folder}/consumer.mts`, consumerSource(surface));
  if (isNode) {
    await Deno.writeTextFile(`${folder}/consumer.cts`, commonJsSource(surface));
  }
  await Deno.writeTextFile(
    `${folder}/tsconfig.json`,
    JSON.stringify({
      compilerOptions: {
        ...RESOLUTIONS[resolution],
        target: "es2022",
        lib: ["es2023", "esnext.disposable"],
        types: ["node"],
        strict: true,
        // No type names a runtime's, which some users do not have (facts R5).
        skipLibCheck: false,
        verbatimModuleSyntax: true,
        declaration: true,
        rootDir: ".",
        outDir: "out",
      },
      files,
    }),
  );
  const tsc = toolScript(checkers, `${compiler}/bin/tsc`);
  const { code, stdout, stderr } = await run("node", [tsc, "-p", "."], {
    cwd: folder,
  });
  if (code !== 0) throw new Error(`${stdout}${stderr}`);
  const count = surface.flatMap(({ exports }) => exports).length;
  return `${count} exports used, libraries checked, Node's types alone`;
}

async function compilesOnDeno(
  { consumer, surface }: CheckContext,
): Promise<string> {
  await Deno.writeTextFile(
    `${consumer}/consumer_deno.ts`,
    consumerSource(surface),
  );
  const args = ["check", "--no-lock", "--quiet", "consumer_deno.ts"];
  await succeed(Deno.execPath(), args, { cwd: consumer });
  return "the same program, from node_modules";
}

async function publintAgrees(
  { tarball, checkers, temporary }: CheckContext,
): Promise<string> {
  const script = toolScript(checkers, "publint/src/cli.js");
  const args = [script, "--strict", tarball];
  const { code, stdout, stderr } = await run("node", args, { cwd: temporary });
  if (code !== 0 || !stdout.includes("All good")) {
    throw new Error(`${stdout}${stderr}`);
  }
  return "all good";
}

/**
 * The profile for packages that are modules alone. What it leaves out: TypeScript's
 * old `node10` resolution, which knows no `exports` and is deprecated, and the
 * warning that `require()` gets a module, which is what we want it to get:
 * `consumer.cts` above shows that it compiles, and the loading checks that it runs.
 */
async function attwAgrees(
  { tarball, checkers, temporary }: CheckContext,
): Promise<string> {
  const script = toolScript(checkers, "@arethetypeswrong/cli/dist/index.js");
  const args = [script, tarball, "--profile", "esm-only", "--format", "ascii"];
  const { code, stdout, stderr } = await run("node", args, { cwd: temporary });
  if (code !== 0) throw new Error(`${stdout}${stderr}`);
  return "no problems";
}
