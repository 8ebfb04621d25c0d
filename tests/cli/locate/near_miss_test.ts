import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { CodexEnvironmentError } from "../../../src/errors/codex_error.ts";
import { locateCodex } from "../../../src/cli/locate/locate.ts";
import { CodexExecutableNotFoundError } from "../../../src/errors/turn_errors.ts";
import { onDriveC, OTHER_ARCH, runtimeOn, Tree } from "./npm_tree.ts";

/** Returns the error's first line, and the whole message. */
async function missed(
  finding: Promise<unknown>,
): Promise<{ reason: string; message: string }> {
  const { message } = await assertRejects(
    () => finding,
    CodexExecutableNotFoundError,
  );
  return { reason: message.split("\n")[0] ?? "", message };
}

Deno.test("locateCodex reports that the platform package is missing, and how to install it", async () => {
  await using tree = await Tree.make();
  await tree.npmPackage("project/node_modules");
  const entry = await tree.entry("project/src");
  // This package's own tree is searched first, and is for another system too.
  const { message } = await missed(
    locateCodex(runtimeOn({}), undefined, entry),
  );
  assertStringIncludes(
    message,
    `"${
      tree.at("project/node_modules/@openai/codex")
    }" is installed, but the package with its program, @openai/codex-linux-${OTHER_ARCH}, is not: optional dependencies were left out, or the tree was installed on another system; run "npm install --include=optional @openai/codex" in "${
      tree.at("project")
    }"`,
  );
});

Deno.test("locateCodex reports that a launcher lacks its binary, if it was named or is on PATH", async () => {
  await using tree = await Tree.make();
  const launcher = await tree.npmPackage("lib/node_modules");
  await tree.link(
    "bin/codex",
    "lib/node_modules/@openai/codex/bin/codex.js",
  );
  const named = await missed(locateCodex(runtimeOn({}), launcher));
  assertStringIncludes(
    named.reason,
    'run "npm install -g --include=optional @openai/codex"',
  );
  const env = { PATH: tree.at("bin") };
  const onPath = await missed(locateCodex(runtimeOn({ env }), "codex"));
  assertStringIncludes(onPath.reason, "optional dependencies were left out");
});

Deno.test("locateCodex reports that the CLI has no binary for a system", async () => {
  await using tree = await Tree.make();
  const launcher = await tree.npmPackage("node_modules");
  const runtime = runtimeOn({ platform: "sunos", arch: "x64" });
  const { reason } = await missed(locateCodex(runtime, launcher));
  assertStringIncludes(reason, "has no program for this system (sunos-x64)");
});

/** The scripts that npm writes for shells, relative to the folder of `node_modules`. */
const SCRIPTS: { readonly [what: string]: string } = {
  "of a global installation": "codex.cmd",
  "of a global installation for PowerShell": "codex.ps1",
  "of a global installation for other shells": "codex",
  "in .bin": "node_modules/.bin/codex.cmd",
  "in .bin for PowerShell": "node_modules/.bin/codex.ps1",
  "in .bin for other shells": "node_modules/.bin/codex",
  "in .bin, as Bun writes it": "node_modules/.bin/codex.exe",
};

for (const [what, script] of Object.entries(SCRIPTS)) {
  Deno.test(`locateCodex finds the binary behind a script ${what} on Windows`, async () => {
    await using tree = await Tree.make();
    await tree.npmPackage("npm/node_modules");
    const { program } = await tree.platformPackage(
      "npm/node_modules/@openai/codex/node_modules",
      { platform: "win32" },
    );
    const path = `C:${await tree.program(`npm/${script}`, "a script")}`;
    const expected = `C:${program}`;
    const folder = path.slice(0, path.lastIndexOf("/"));
    for (const named of [path, path.replaceAll("/", "\\")]) {
      const found = await locateCodex(onDriveC({}), named);
      assertEquals(found.program, expected);
    }
    const fromEnv = await locateCodex(onDriveC({ env: { CODEX_PATH: path } }));
    assertEquals(fromEnv.program, expected);
    // A search by name on PATH finds only names with an extension there.
    if (script.endsWith("codex")) return;
    const env = { Path: `C:${tree.at("none")};${folder}` };
    assertEquals((await locateCodex(onDriveC({ env }))).program, expected);
  });
}

Deno.test("locateCodex finds the binary behind a script in .bin, as pnpm writes it", async () => {
  await using tree = await Tree.make();
  await tree.npmPackage("project/node_modules");
  const expected = await tree.platformPackage("project/node_modules");
  const script = await tree.program("project/node_modules/.bin/codex");
  const env = { PATH: tree.at("project/node_modules/.bin") };
  assertEquals(await locateCodex(runtimeOn({ env }), "codex"), expected);
  assertEquals(await locateCodex(runtimeOn({}), script), expected);
});

Deno.test("locateCodex uses a program named codex in any other folder itself", async () => {
  await using tree = await Tree.make();
  await tree.npmPackage("bin/node_modules");
  await tree.platformPackage("bin/node_modules");
  const program = await tree.program("bin/codex");
  const env = { PATH: tree.at("bin") };
  const found = await locateCodex(runtimeOn({ env }), "codex");
  assertEquals(found, { program, pathFolders: [] });
});

Deno.test("locateCodex uses a codex.exe next to node_modules on Windows itself", async () => {
  await using tree = await Tree.make();
  await tree.npmPackage("npm/node_modules");
  await tree.platformPackage("npm/node_modules", { platform: "win32" });
  const program = `C:${await tree.program("npm/codex.exe")}`;
  const found = await locateCodex(onDriveC({}), program);
  assertEquals(found, { program, pathFolders: [] });
});

Deno.test("locateCodex reports that only a shell could run a script that belongs to no npm package", async () => {
  await using tree = await Tree.make();
  const path = `C:${await tree.program("bin/codex.cmd", "a script")}`;
  const { reason } = await missed(locateCodex(onDriveC({}), path));
  assertStringIncludes(reason, "is a script that only a shell can run");
  const env = { PATH: `C:${tree.at("bin")}` };
  const onPath = await missed(locateCodex(onDriveC({ env })));
  assertStringIncludes(onPath.message, "only a shell can run");
});

Deno.test("locateCodex finds a path on Windows that lacks its extension", async () => {
  await using tree = await Tree.make();
  const program = `C:${await tree.program("bin/codex.exe")}`;
  const found = await locateCodex(onDriveC({}), `C:${tree.at("bin/codex")}`);
  assertEquals(found, { program, pathFolders: [] });
});

Deno.test("locateCodex distinguishes a path that cannot be examined from one that does not exist", async () => {
  await using tree = await Tree.make();
  await tree.link("loop", "loop");
  const path = tree.at("loop/codex");
  const error = await assertRejects(
    () => locateCodex(runtimeOn({}), path),
    CodexEnvironmentError,
    `Cannot look at "${path}": its symbolic links form a loop (ELOOP)`,
  );
  assertEquals([error.path, error.systemCode], [path, "ELOOP"]);
  // On PATH it is one of several places.
  const program = await tree.program("bin/codex");
  const env = { PATH: `${tree.at("loop")}:${tree.at("bin")}` };
  const found = await locateCodex(runtimeOn({ env }), "codex");
  assertEquals(found.program, program);
  const { message } = await missed(
    locateCodex(runtimeOn({ env: { PATH: tree.at("loop") } }), "codex"),
  );
  assert(message.includes("(ELOOP)"));
});
