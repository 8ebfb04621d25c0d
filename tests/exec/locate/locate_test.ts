import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { locateCodex } from "../../../src/exec/locate/locate.ts";
import { CodexExecutableNotFoundError } from "../../../src/turn_errors.ts";
import type { Runtime } from "../../../src/runtime/types.ts";
import { runtimeOn, Tree } from "./npm_tree.ts";

/** The error for a CLI that is nowhere. */
async function missing(
  runtime: Runtime,
  override?: string,
): Promise<CodexExecutableNotFoundError> {
  const error = await assertRejects(
    () => locateCodex(runtime, override),
    CodexExecutableNotFoundError,
  );
  assertEquals(error.code, "executable_not_found");
  // Whatever is listed is in the message, which is what people read.
  for (const place of error.searched) {
    assertStringIncludes(error.message, place);
  }
  assertStringIncludes(error.message, "npm install @openai/codex");
  assertStringIncludes(error.message, "codexPathOverride");
  return error;
}

Deno.test("locateCodex takes a path as it is given", async () => {
  await using tree = await Tree.make();
  const program = await tree.program("some where/my-codex");
  const env = { CODEX_PATH: "/not/this", PATH: "/nor/this" };
  assertEquals(await locateCodex(runtimeOn({ env }), program), {
    program,
    pathFolders: [],
  });
});

Deno.test("locateCodex looks in its order: override, CODEX_PATH, npm package, PATH", async () => {
  await using tree = await Tree.make();
  const override = await tree.program("1/codex");
  const fromEnv = await tree.program("2/codex");
  await tree.npmPackage("project/node_modules");
  const npm = await tree.platformPackage("project/node_modules");
  const onPath = await tree.program("4/codex");
  const cwd = await tree.folder("project");
  const PATH = tree.at("4");
  const env = { CODEX_PATH: fromEnv, PATH };
  const found = async (runtime: Runtime, path?: string): Promise<string> =>
    (await locateCodex(runtime, path)).program;
  assertEquals(await found(runtimeOn({ cwd, env }), override), override);
  assertEquals(await found(runtimeOn({ cwd, env })), fromEnv);
  assertEquals(await found(runtimeOn({ cwd, env }), ""), fromEnv);
  assertEquals(await found(runtimeOn({ cwd, env: { PATH } })), npm.program);
  const elsewhere = tree.at("elsewhere");
  assertEquals(
    await found(runtimeOn({ cwd: elsewhere, env: { PATH, CODEX_PATH: "" } })),
    onPath,
  );
});

Deno.test("locateCodex finds a name on PATH: the first file of that name", async () => {
  await using tree = await Tree.make();
  await tree.folder("folder/my-codex");
  const first = await tree.program("first/my-codex");
  await tree.program("second/my-codex");
  const folders = ["", "nowhere", "folder", "first", "second"];
  const env = {
    PATH: folders.map((name) => name && tree.at(name)).join(":"),
  };
  const located = { program: first, pathFolders: [] };
  assertEquals(await locateCodex(runtimeOn({ env }), "my-codex"), located);
  assertEquals(
    await locateCodex(runtimeOn({ env: { ...env, CODEX_PATH: "my-codex" } })),
    located,
  );
});

Deno.test("locateCodex finds native programs only on the PATH of Windows", async () => {
  await using tree = await Tree.make();
  await tree.program("shims/codex");
  await tree.program("shims/codex.cmd");
  const program = await tree.program("native/codex.exe");
  const Path = `${tree.at("shims")};${tree.at("native")}`;
  for (const env of [{ Path }, { PATH: Path }] as Record<string, string>[]) {
    const runtime = runtimeOn({ platform: "win32", cwd: tree.path, env });
    const located = { program, pathFolders: [] };
    assertEquals(await locateCodex(runtime), located);
    assertEquals(await locateCodex(runtime, "codex.exe"), located);
  }
});

Deno.test("locateCodex leaves a name to the system where PATH cannot be read", async () => {
  await using tree = await Tree.make();
  const runtime = runtimeOn({ cwd: tree.path });
  const located = { program: "codex", pathFolders: [] };
  assertEquals(await locateCodex(runtime), located);
  assertEquals(await locateCodex(runtime, "codex"), located);
});

Deno.test("locateCodex says where it looked for a path that is not there, and looks nowhere else", async () => {
  await using tree = await Tree.make();
  await tree.program("bin/codex");
  const env = { PATH: tree.at("bin") };
  const path = tree.at("no/codex");
  const error = await missing(runtimeOn({ cwd: tree.path, env }), path);
  assertEquals(error.searched, [`codexPathOverride: ${path}`]);
  const fromEnv = await missing(
    runtimeOn({ cwd: tree.path, env: { ...env, CODEX_PATH: path } }),
  );
  assertEquals(fromEnv.searched, [`CODEX_PATH: ${path}`]);
  assertStringIncludes(fromEnv.message, `"${path}", given as CODEX_PATH`);
});

Deno.test("locateCodex says where it looked for a name that is not there", async () => {
  await using tree = await Tree.make();
  const env = { PATH: `${tree.at("a")}:${tree.at("b")}` };
  const error = await missing(runtimeOn({ cwd: tree.path, env }), "my-codex");
  assertEquals(error.searched, ['"my-codex" in the 2 folders of PATH']);
  assertStringIncludes(error.message, '"my-codex", given as codexPathOverride');
});

Deno.test("locateCodex lists every place where nothing was given", async () => {
  await using tree = await Tree.make();
  const env = { PATH: tree.at("a") };
  const { searched } = await missing(runtimeOn({ cwd: tree.path, env }));
  const own = new URL("../../../src/exec/locate", import.meta.url).pathname;
  const npm = (owner: string, folder: string): string =>
    `npm package @openai/codex for ${owner}: node_modules in ${folder} and above`;
  assertEquals(searched, [
    npm("the working directory", tree.path),
    npm("this package", own),
    '"codex" in the 1 folders of PATH',
  ]);
});

Deno.test("locateCodex knows no platform package for an unknown system", async () => {
  await using tree = await Tree.make();
  await tree.npmPackage("node_modules");
  const program = await tree.program("bin/codex");
  const runtime = runtimeOn({
    platform: "sunos",
    cwd: tree.path,
    env: { PATH: tree.at("bin") },
  });
  assertEquals(await locateCodex(runtime), { program, pathFolders: [] });
});
