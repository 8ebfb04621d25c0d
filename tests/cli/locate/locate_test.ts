import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { locateCodex } from "../../../src/cli/locate/locate.ts";
import { CodexPermissionError } from "../../../src/errors/codex_error.ts";
import { CodexExecutableNotFoundError } from "../../../src/errors/turn_errors.ts";
import type { Runtime } from "../../../src/runtime/types.ts";
import { onDriveC, runningIn, runtimeOn, Tree } from "./npm_tree.ts";

/** Returns the error for a CLI that was not found. */
async function missing(
  runtime: Runtime,
  override?: string,
  entry?: string,
): Promise<CodexExecutableNotFoundError> {
  const error = await assertRejects(
    () => locateCodex(runtime, override, entry),
    CodexExecutableNotFoundError,
  );
  assertEquals(error.code, "executable_not_found");
  // Every place in `searched` is also in the message.
  for (const place of error.searched) {
    assertStringIncludes(error.message, place);
  }
  assertStringIncludes(error.message, "npm install @openai/codex");
  assertStringIncludes(error.message, "codexPathOverride");
  return error;
}

Deno.test("locateCodex uses a path unchanged", async () => {
  await using tree = await Tree.make();
  const program = await tree.program("some where/my-codex");
  const env = { CODEX_PATH: "/not/this", PATH: "/nor/this" };
  assertEquals(await locateCodex(runtimeOn({ env }), program), {
    program,
    pathFolders: [],
  });
});

Deno.test("locateCodex searches in order: override, CODEX_PATH, npm package, PATH", async () => {
  await using tree = await Tree.make();
  const override = await tree.program("1/codex");
  const fromEnv = await tree.program("2/codex");
  await tree.npmPackage("project/node_modules");
  const npm = await tree.platformPackage("project/node_modules");
  const onPath = await tree.program("4/codex");
  const entry = await tree.entry("project");
  const PATH = tree.at("4");
  const env = { CODEX_PATH: fromEnv, PATH };
  const found = async (runtime: Runtime, path?: string): Promise<string> =>
    (await locateCodex(runtime, path, entry)).program;
  assertEquals(await found(runtimeOn({ env }), override), override);
  assertEquals(await found(runtimeOn({ env })), fromEnv);
  assertEquals(await found(runtimeOn({ env }), ""), fromEnv);
  assertEquals(await found(runtimeOn({ env: { PATH } })), npm.program);
  const elsewhere = runtimeOn({ env: { PATH, CODEX_PATH: "" } });
  assertEquals((await locateCodex(elsewhere)).program, onPath);
});

Deno.test("locateCodex ignores the working directory and those above it", async () => {
  await using tree = await Tree.make();
  await tree.npmPackage("node_modules");
  await tree.platformPackage("node_modules");
  await tree.program("checkout/codex");
  const cwd = await tree.folder("checkout");
  const runtime = runningIn(
    cwd,
    runtimeOn({ env: { PATH: `:.:./checkout:${tree.at("none")}` } }),
  );
  // The name alone would be found there.
  assertEquals(await runtime.fileKind("codex"), "file");
  const { searched } = await missing(runtime);
  assertEquals(searched.some((place) => place.includes(cwd)), false);
  await missing(runtime, "codex");
});

Deno.test("locateCodex accepts an entry by its real path, without its extension, or as a folder", async () => {
  await using tree = await Tree.make();
  await tree.npmPackage("project/node_modules");
  const expected = await tree.platformPackage("project/node_modules");
  await tree.program("project/deep/main.js", "");
  await tree.link("elsewhere/tool", "project/deep/main.js");
  for (const entry of ["elsewhere/tool", "project/deep/main", "project/deep"]) {
    const found = locateCodex(runtimeOn({}), undefined, tree.at(entry));
    assertEquals(await found, expected);
  }
  for (
    const entry of [
      tree.at("project/gone"),
      tree.at("project/deep/gone/main"),
      "project/deep/main.js",
      "-",
    ]
  ) await missing(runtimeOn({}), undefined, entry);
});

Deno.test("locateCodex resolves a name to the first file of that name in an absolute folder of PATH", async () => {
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

Deno.test("locateCodex finds only native programs on the PATH of Windows", async () => {
  await using tree = await Tree.make();
  await tree.program("shims/codex");
  await tree.program("shims/codex.cmd");
  const program = `C:${await tree.program("native/codex.exe")}`;
  const Path = `C:${tree.at("shims")};"C:${tree.at("native")}"`;
  for (const env of [{ Path }, { PATH: Path }] as Record<string, string>[]) {
    const runtime = onDriveC({ env });
    const located = { program, pathFolders: [] };
    assertEquals(await locateCodex(runtime), located);
    assertEquals(await locateCodex(runtime, "codex.exe"), located);
  }
});

Deno.test("locateCodex reads quoted entries of the Windows PATH, with a semicolon in them or around a part", async () => {
  await using tree = await Tree.make();
  const program = `C:${await tree.program("a;b c/codex.exe")}`;
  const folder = `C:${tree.at("a;b c")}`;
  const part = `C:${tree.at("")}"a;b c"`;
  const rest = `C:${tree.at("none")}`;
  for (
    const Path of [
      `"${folder}"`,
      `;;"${rest}";"${folder}"`,
      `${part};${rest}`,
      `"${folder}`,
    ]
  ) {
    const located = { program, pathFolders: [] };
    assertEquals(await locateCodex(onDriveC({ env: { Path } })), located);
  }
});

Deno.test("locateCodex returns the bare name if the runtime has already resolved it", async () => {
  const runtime = runtimeOn({ env: null, mayRun: ["codex"] });
  const located = { program: "codex", pathFolders: [] };
  assertEquals(await locateCodex(runtime), located);
  assertEquals(await locateCodex(runtime, "codex"), located);
});

Deno.test("locateCodex does not return a bare name if the system could run a program of the working directory", async () => {
  await using tree = await Tree.make();
  // Windows looks in the working directory first (facts R28).
  const windows = await assertRejects(
    () => locateCodex(onDriveC({ env: null, mayRun: ["codex"] }), "codex"),
    CodexPermissionError,
  );
  assertEquals(windows.flag, "--allow-env=PATH");
  // The working directory is on PATH, and the folders of PATH may not be read.
  const forbidding: Runtime = {
    ...runtimeOn({ env: { PATH: `${tree.path}:` } }),
    fileKind: (path) =>
      Promise.reject(
        new CodexPermissionError("No", { flag: `--allow-read=${path}` }),
      ),
  };
  const error = await assertRejects(
    () => locateCodex(forbidding, "codex"),
    CodexPermissionError,
  );
  assertEquals(error.flag, `--allow-read=${tree.path}/codex`);
});

Deno.test("locateCodex reports a path that does not exist, and searches nowhere else", async () => {
  await using tree = await Tree.make();
  await tree.program("bin/codex");
  const env = { PATH: tree.at("bin") };
  const path = tree.at("no/codex");
  const error = await missing(runtimeOn({ env }), path);
  assertEquals(error.searched, [`codexPathOverride: ${path}`]);
  const fromEnv = await missing(
    runtimeOn({ env: { ...env, CODEX_PATH: path } }),
  );
  assertEquals(fromEnv.searched, [`CODEX_PATH: ${path}`]);
  assertStringIncludes(fromEnv.message, `"${path}", given as CODEX_PATH`);
});

Deno.test("locateCodex reports where it searched for a name that it did not find", async () => {
  await using tree = await Tree.make();
  const env = { PATH: `${tree.at("a")}:${tree.at("b")}` };
  const error = await missing(runtimeOn({ env }), "my-codex");
  assertEquals(error.searched, ['"my-codex" in the 2 folders of PATH']);
  assertStringIncludes(error.message, '"my-codex", given as codexPathOverride');
});

Deno.test("locateCodex lists every place it searched without an override", async () => {
  await using tree = await Tree.make();
  const env = { PATH: tree.at("a") };
  const entry = await tree.entry("project");
  const { searched } = await missing(runtimeOn({ env }), undefined, entry);
  const own = new URL("../../../src/cli/locate", import.meta.url).pathname;
  const npm = (owner: string, folder: string): string =>
    `npm package @openai/codex for ${owner}: node_modules in ${folder} and above`;
  const [first, nearMiss, ...others] = searched;
  assertEquals(first, npm("this package", own));
  // This project has the CLI installed, but for another processor.
  assertStringIncludes(nearMiss ?? "", "but the package with its program");
  assertEquals(others, [
    npm("the program", tree.at("project")),
    '"codex" in the 1 folders of PATH',
  ]);
});

Deno.test("locateCodex finds no platform package for an unknown system", async () => {
  await using tree = await Tree.make();
  await tree.npmPackage("node_modules");
  const program = await tree.program("bin/codex");
  const entry = await tree.entry("project");
  const env = { PATH: tree.at("bin") };
  const runtime = runtimeOn({ platform: "sunos", env });
  assertEquals(await locateCodex(runtime, undefined, entry), {
    program,
    pathFolders: [],
  });
});
