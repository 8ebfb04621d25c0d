/**
 * Checks that libraries that import the official SDK get this package and its types by
 * an alias.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { run } from "../../scripts/run.ts";
import { FakeCli, printTurn } from "../../src/testing/fake.ts";
import { assertCompiles } from "../support/compiles.ts";
import { documentedManifest, installProject, type Manifest } from "./alias.ts";

const SDK = "@openai/codex-sdk";

/** Returns a library that accepts clients, with types, and re-exports `Codex`. */
function library(name: string, more: object): { [name: string]: string } {
  return {
    [`${name}/package.json`]: JSON.stringify({
      name,
      version: "1.0.0",
      type: "module",
      exports: { ".": { types: "./index.d.ts", default: "./index.js" } },
      ...more,
    }),
    [`${name}/index.js`]: `
export { Codex } from "${SDK}";
export async function ask(codex, input) {
  const { events } = await codex.startThread().runStreamed(input);
  let text = "";
  for await (const event of events) {
    if (event.type === "item.completed") text = event.item.text;
  }
  return text;
}
`,
    [`${name}/index.d.ts`]: `
import { Codex, type Input } from "${SDK}";
export { Codex };
export declare function ask(codex: Codex, input: Input): Promise<string>;
`,
  };
}

const PROGRAM = `
import { Codex } from "${SDK}";
import { ask, Codex as Asked } from "asks-as-peer";
import { Codex as Owned } from "has-its-own";

// Options that only this package has.
const codex = new Codex({
  codexPathOverride: process.env.FAKE_CODEX ?? "",
  strictEvents: true,
});
console.log([
  await ask(codex, "Hi"),
  Asked === Codex,
  Owned === Codex,
  typeof codex.resumeLast,
].join());
`;

/**
 * The libraries: one has the official SDK as a peer dependency, the other depends on a
 * version of it.
 */
const LIBRARIES: { readonly [name: string]: object } = {
  "asks-as-peer": { peerDependencies: { [SDK]: ">=0.86.0" } },
  "has-its-own": { dependencies: { [SDK]: "^0.163.0" } },
};

/** Returns the manifest of a project that uses libraries. */
async function manifestWith(
  names: readonly string[],
  overrides: boolean,
): Promise<Manifest> {
  const manifest = await documentedManifest();
  return {
    ...overrides ? { overrides: manifest.overrides ?? {} } : {},
    dependencies: {
      [SDK]: manifest.dependencies[SDK] ?? "",
      ...Object.fromEntries(names.map((name) => [name, `file:./${name}`])),
    },
  };
}

function readFiles(names: readonly string[]): { [name: string]: string } {
  return Object.assign(
    {},
    ...names.map((name) => library(name, LIBRARIES[name] ?? {})),
  );
}

Deno.test({
  name:
    "By alias every library gets this package, and its types accept more options",
  // The fake CLI is a shell script.
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const folder = await Deno.makeTempDir({ prefix: "alias-" });
    try {
      const names = Object.keys(LIBRARIES);
      const installed = await installProject(
        folder,
        await manifestWith(names, true),
        { ...readFiles(names), "program.mts": PROGRAM },
      );
      assertEquals(installed.code, 0, installed.stderr);
      const fake = new FakeCli(`${folder}/fake`, printTurn("Done"));
      const { stdout, stderr } = await run(Deno.execPath(), [
        "run",
        "--allow-all",
        "--no-check",
        "--node-modules-dir=manual",
        `${folder}/program.mts`,
      ], { cwd: folder, env: { FAKE_CODEX: fake.path } });
      assertEquals(stdout, "Done,true,true,function\n", stderr);
      const types = "declare const process: { env: { FAKE_CODEX?: string } };";
      await Deno.writeTextFile(
        `${folder}/types.mts`,
        `${types}\n${PROGRAM}`,
      );
      await assertCompiles(new URL(`file://${folder}/`), ["types.mts"]);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test("The version alone satisfies a library with the official SDK as a peer dependency", async () => {
  const folder = await Deno.makeTempDir({ prefix: "alias-" });
  try {
    const names = ["asks-as-peer"];
    const { code, stderr } = await installProject(
      folder,
      await manifestWith(names, false),
      readFiles(names),
    );
    assertEquals([code, stderr], [0, ""]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
