import { assert, assertEquals, assertMatch } from "@std/assert";
import { locateCodex } from "../../../src/cli/locate/locate.ts";
import { denoRuntime } from "../../../src/runtime/deno.ts";
import { onDriveC, runtimeOn, Tree } from "./npm_tree.ts";

const STORE = "project/node_modules/.pnpm";

/** How package managers lay the packages out, and what locateCodex finds there. */
const LAYOUTS: {
  readonly [name: string]: (
    tree: Tree,
  ) => Promise<{ program: string; pathFolders: string[] }>;
} = {
  "npm's hoisted layout": async (tree) => {
    await tree.npmPackage("project/node_modules");
    return await tree.platformPackage("project/node_modules");
  },
  "npm's nested layout": async (tree) => {
    await tree.npmPackage("project/node_modules");
    return await tree.platformPackage(
      "project/node_modules/@openai/codex/node_modules",
    );
  },
  "a store of links, as in pnpm and Deno": async (tree) => {
    const codex = `${STORE}/@openai+codex@1.0.0/node_modules`;
    await tree.npmPackage(codex);
    await tree.link(
      "project/node_modules/@openai/codex",
      `${codex}/@openai/codex`,
    );
    const system = denoRuntime(Deno).platform;
    const platform = `${STORE}/@openai+codex@1.0.0-other/node_modules`;
    const found = await tree.platformPackage(platform);
    const [name = ""] = found.program.split("/vendor/")[0]?.split("/")
      .slice(-1) ?? [];
    assertMatch(name, new RegExp(`^codex-${system}-`));
    await tree.link(
      `${codex}/@openai/${name}`,
      `${platform}/@openai/${name}`,
    );
    return found;
  },
  "a package of the older layout": async (tree) => {
    await tree.npmPackage("project/node_modules");
    return await tree.platformPackage("project/node_modules", { layout: 1 });
  },
  "a package of both layouts, preferring the newer one": async (tree) => {
    await tree.npmPackage("project/node_modules");
    await tree.platformPackage("project/node_modules", { layout: 1 });
    return await tree.platformPackage("project/node_modules");
  },
  "a package without a folder for PATH": async (tree) => {
    await tree.npmPackage("project/node_modules");
    const found = await tree.platformPackage("project/node_modules");
    for (const folder of found.pathFolders) await Deno.remove(folder);
    return { ...found, pathFolders: [] };
  },
  "the folders above the program": async (tree) => {
    await tree.npmPackage("node_modules");
    return await tree.platformPackage("node_modules");
  },
};

for (const [name, layOut] of Object.entries(LAYOUTS)) {
  Deno.test(`locateCodex finds in ${name}`, async () => {
    await using tree = await Tree.make();
    const entry = await tree.entry("project/src/deep");
    const expected = await layOut(tree);
    assertEquals(await locateCodex(runtimeOn({}), undefined, entry), expected);
  });
}

Deno.test("locateCodex finds the Windows binary", async () => {
  await using tree = await Tree.make();
  await tree.npmPackage("node_modules");
  const platform = "win32";
  const expected = await tree.platformPackage("node_modules", { platform });
  assertMatch(expected.program, /\/bin\/codex\.exe$/);
  const entry = `C:${await tree.entry("src")}`;
  const { program, pathFolders } = await locateCodex(
    onDriveC({}),
    undefined,
    entry,
  );
  assertEquals(program, `C:${expected.program}`);
  assertEquals(pathFolders, expected.pathFolders.map((path) => `C:${path}`));
});

Deno.test("locateCodex continues on PATH if the npm package has no binary for the system", async () => {
  await using tree = await Tree.make();
  await tree.npmPackage("project/node_modules");
  const program = await tree.program("bin/codex");
  const entry = await tree.entry("project");
  const runtime = runtimeOn({ env: { PATH: tree.at("bin") } });
  assertEquals(await locateCodex(runtime, undefined, entry), {
    program,
    pathFolders: [],
  });
});

Deno.test("locateCodex prefers the nearest of two installations", async () => {
  await using tree = await Tree.make();
  await tree.npmPackage("node_modules");
  await tree.platformPackage("node_modules");
  await tree.npmPackage("project/node_modules");
  const nearest = await tree.platformPackage("project/node_modules");
  const entry = await tree.entry("project");
  assertEquals(await locateCodex(runtimeOn({}), undefined, entry), nearest);
});

/** Ways to name the launcher, which must never be started itself. */
const LAUNCHERS: {
  readonly [name: string]: (tree: Tree) => {
    override?: string;
    env?: { [name: string]: string };
  };
} = {
  "codexPathOverride": (tree) => ({
    override: tree.at("lib/node_modules/@openai/codex/bin/codex.js"),
  }),
  "a link given as codexPathOverride": (tree) => ({
    override: tree.at("lib/node_modules/.bin/codex"),
  }),
  "a link given as CODEX_PATH": (tree) => ({
    env: { CODEX_PATH: tree.at("lib/node_modules/.bin/codex") },
  }),
  "a link on PATH": (tree) => ({ env: { PATH: tree.at("bin") } }),
  "a name given as codexPathOverride": (tree) => ({
    override: "codex",
    env: { PATH: `${tree.at("nowhere")}:${tree.at("bin")}` },
  }),
};

for (const [name, given] of Object.entries(LAUNCHERS)) {
  Deno.test(`locateCodex finds the binary behind the launcher: ${name}`, async () => {
    await using tree = await Tree.make();
    const launcher = "lib/node_modules/@openai/codex/bin/codex.js";
    await tree.npmPackage("lib/node_modules");
    await tree.link("lib/node_modules/.bin/codex", launcher);
    await tree.link("bin/codex", launcher);
    const expected = await tree.platformPackage(
      "lib/node_modules/@openai/codex/node_modules",
    );
    const { override, env } = given(tree);
    const runtime = runtimeOn({ env });
    assertEquals(await locateCodex(runtime, override), expected);
  });
}

// Facts F16.
Deno.test("locateCodex finds the real CLI that npm installed for this project, and it runs", async () => {
  const located = await locateCodex({
    ...denoRuntime(Deno),
    env: () => undefined,
  });
  assertMatch(
    located.program,
    /node_modules\/@openai\/[^/]+\/vendor\/[^/]+\/bin\/codex(\.exe)?$/,
  );
  const [folder] = located.pathFolders;
  assert(folder?.endsWith("/codex-path"));
  const { stdout, code } = await new Deno.Command(located.program, {
    args: ["--version"],
  }).output();
  assertEquals(code, 0);
  assertMatch(new TextDecoder().decode(stdout), /^codex-cli \d/);
});
