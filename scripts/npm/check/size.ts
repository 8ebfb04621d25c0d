/**
 * Tests the package's content, the size of an install, and the size that the package adds
 * to a bundle.
 *
 * @module
 */

import { say } from "../../print.ts";
import { evaluateWithEsbuild } from "../tools.ts";
import {
  type BundledProgram,
  exceeded,
  fileProblems,
  type ProgramBundle,
  tooMuch,
} from "./contents.ts";
import { readContext } from "./context.ts";

const { packed, consumer, name } = readContext();

/** The programs to bundle. */
const BUNDLED: readonly BundledProgram[] = [
  {
    what: "Codex",
    names: ["Codex"],
    entry: "",
    // A sixth of it is zod's core, and a twelfth is for tools.
    limit: 215_000,
    // The locales of its messages are the largest part of zod.
    without: /\/zod\/v4\/(?:locales|classic|mini)\//,
  },
  {
    what: "the reducer",
    names: ["initialTurnState", "reduceTurn"],
    entry: "/streams",
    limit: 23_000,
    without: /\/zod\//,
  },
  {
    what: "all of streams",
    names: ["finishTurn", "JsonlDecoderStream", "ThreadEventValidatorStream"],
    entry: "/streams",
    limit: 36_000,
    without: /\/zod\//,
  },
  {
    what: "the entry for the AI SDK, without a client",
    names: ["codexModel", "readUIMessages", "toUIMessageResponse"],
    entry: "/ai",
    limit: 48_000,
    without: /\/zod\//,
  },
  {
    what: "fakeCodex",
    names: ["agentMessage", "fakeCodex"],
    entry: "/testing",
    // Most of it is Codex, whose turns it plays.
    limit: 226_000,
    without: /\/zod\/v4\/(?:locales|classic|mini)\//,
  },
];

/** The entries that load modules of Node, by the end of what is imported. */
const OF_NODE = ["", "/testing"];

Deno.test("The package holds what its entries need, and nothing else", async () => {
  const manifest = await readJson(`node_modules/${name}/package.json`);
  fail(fileProblems(packed.files.map(({ path }) => path), manifest));
});

Deno.test("The package is small", async () => {
  const { packages } = await readJson("package-lock.json");
  const code = packed.files.filter(({ path }) => path.endsWith(".js"))
    .reduce((sum, { size }) => sum + size, 0);
  const sizes = {
    tarball: packed.size,
    code,
    // All installed packages, except the program and this package.
    dependencies: Object.keys(packages).length - 2,
  };
  say(`${JSON.stringify(sizes)}, unpacked ${packed.unpackedSize}`);
  fail(exceeded(sizes));
});

for (const program of BUNDLED) {
  Deno.test(`A bundle of ${program.what} is small`, async () => {
    const bundle = await bundleMinified(program);
    say(`${bundle.bytes} bytes`);
    fail(tooMuch(program, bundle));
  });
}

function fail(problems: readonly string[]): void {
  if (problems.length > 0) throw new Error(problems.join("\n"));
}

async function readJson(path: string) {
  return JSON.parse(await Deno.readTextFile(`${consumer}/${path}`));
}

async function bundleMinified(
  { names, entry }: BundledProgram,
): Promise<ProgramBundle> {
  const options = {
    stdin: {
      contents:
        `import { ${names} } from "${name}${entry}";\nconsole.log(${names});`,
      resolveDir: consumer,
    },
    absWorkingDir: consumer,
    bundle: true,
    minify: true,
    format: "esm",
    platform: OF_NODE.includes(entry) ? "node" : "browser",
    metafile: true,
    write: false,
    outdir: "bundled",
    logLevel: "error",
  };
  const script = `
    const { metafile } = esbuild.buildSync(${JSON.stringify(options)});
    const [{ bytes, inputs }] = Object.values(metafile.outputs);
    const files = Object.fromEntries(Object.entries(inputs).map(
      ([path, { bytesInOutput }]) => [path, bytesInOutput]));
    console.log(JSON.stringify({ bytes, files }));`;
  return JSON.parse(await evaluateWithEsbuild(script));
}
