import { assert, assertEquals, assertRejects } from "@std/assert";
import { type DenoLike, denoRuntime } from "../../src/runtime/deno.ts";
import { currentRuntime } from "../../src/runtime/current.ts";
import type { ChildEnvironment } from "../../src/runtime/types.ts";
import { CodexExecError } from "../../src/errors/turn_errors.ts";
import { fakeCodex } from "../support/fake_codex.ts";
import { runProgram } from "../support/run_program.ts";
import { readText } from "./pipes.ts";

// Does not compile if the interface requires more than Deno has.
const deno: DenoLike = Deno;
const runtime = denoRuntime(deno);

/** Returns what a script prints in an environment. */
async function printed(script: string, env: ChildEnvironment): Promise<string> {
  await using fake = await fakeCodex(script);
  const child = await runtime.spawn({ program: fake.path, args: [], env });
  const [stdout] = await Promise.all([
    readText(child.stdout),
    child.stderr.cancel(),
    child.stdin.close(),
    child.exited,
  ]);
  return stdout;
}

Deno.test("currentRuntime returns Deno's runtime here, the same one each time", () => {
  const current = currentRuntime();
  assertEquals(current.name, "deno");
  assert(current === currentRuntime());
});

Deno.test("denoRuntime names the system as Node does", () => {
  const on = (os: string, arch: string): [string, string] => {
    const { platform, arch: processor } = denoRuntime({
      ...deno,
      build: { os, arch },
    });
    return [platform, processor];
  };
  assertEquals(on("linux", "x86_64"), ["linux", "x64"]);
  assertEquals(on("darwin", "aarch64"), ["darwin", "arm64"]);
  assertEquals(on("windows", "x86_64"), ["win32", "x64"]);
  assertEquals(on("freebsd", "riscv64"), ["freebsd", "riscv64"]);
});

Deno.test("denoRuntime distinguishes an exit code from a signal", async () => {
  const inherit = { inherit: true, set: {}, unset: [] };
  const scripts: [
    string,
    { exitCode: number | null; signal: string | null },
  ][] = [
    ["exit 0", { exitCode: 0, signal: null }],
    ["exit 137", { exitCode: 137, signal: null }],
    ["kill -9 $$", { exitCode: null, signal: "SIGKILL" }],
    ["kill -15 $$", { exitCode: null, signal: "SIGTERM" }],
  ];
  for (const [script, status] of scripts) {
    await using fake = await fakeCodex(script);
    const child = await runtime.spawn({
      program: fake.path,
      args: [],
      env: inherit,
    });
    assertEquals(await child.exited, status);
    // Signalling a child that has exited does nothing.
    child.kill("SIGKILL");
    await Promise.all([
      child.stdout.cancel(),
      child.stderr.cancel(),
      child.stdin.close().catch(() => {}),
    ]);
  }
});

Deno.test("denoRuntime inherits, sets and removes variables of the environment", async () => {
  const script = 'printf "%s" "$ACODEX_ONE-$ACODEX_TWO-$ACODEX_THREE"';
  const set = { ACODEX_TWO: "zwei", ACODEX_THREE: "" };
  const environments: ChildEnvironment[] = [
    { inherit: true, set, unset: [] },
    { inherit: true, set, unset: ["ACODEX_ONE"] },
    { inherit: false, set, unset: [] },
  ];
  assertEquals(
    await runProgram(
      new URL("environment_child.ts", import.meta.url),
      { script, environments },
      { ACODEX_ONE: "1", ACODEX_TWO: "2" },
    ),
    ["1-zwei-", "-zwei-", "-zwei-"],
  );
});

Deno.test("denoRuntime passes no other variables if none are inherited", async () => {
  const env = { inherit: false, set: { ONLY: "this" }, unset: [] };
  const names = (await printed("exec /usr/bin/env", env)).split("\n")
    .map((line) => line.split("=")[0] ?? "")
    // The variables that the shell itself sets.
    .filter((name) => !["PWD", "OLDPWD", "SHLVL", "_", ""].includes(name));
  assertEquals(names, ["ONLY"]);
});

Deno.test("denoRuntime removes variables case-insensitively on Windows", async () => {
  let env: unknown;
  const windows = denoRuntime({
    ...deno,
    build: { os: "windows", arch: "x86_64" },
    env: {
      get: () => undefined,
      toObject: () => ({ Path: "C:\\", Secret: "s", Temp: "t" }),
    },
    Command: class {
      constructor(_: string, options: { env: unknown; clearEnv: boolean }) {
        env = [options.clearEnv, options.env];
      }
      spawn(): never {
        throw new Error("Not started");
      }
    },
  });
  const command = {
    program: "codex.exe",
    args: [],
    env: { inherit: true, set: { PATH: "D:\\" }, unset: ["SECRET"] },
  };
  await assertRejects(() => windows.spawn(command), CodexExecError);
  assertEquals(env, [true, { Temp: "t", PATH: "D:\\" }]);
});

Deno.test("denoRuntime distinguishes files, folders and others, and follows links", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/file`, "");
    await Deno.symlink(`${folder}/file`, `${folder}/link`);
    await Deno.symlink(`${folder}/gone`, `${folder}/broken`);
    const kinds = ["", "/file", "/link", "/broken", "/file/x"].map((path) =>
      runtime.fileKind(folder + path)
    );
    assertEquals(await Promise.all(kinds), [
      "folder",
      "file",
      "file",
      undefined,
      undefined,
    ]);
    assertEquals(await runtime.fileKind("/dev/null"), "other");
    assertEquals(
      await runtime.realPath(`${folder}/link`),
      await Deno.realPath(`${folder}/file`),
    );
    assertEquals(await runtime.realPath(`${folder}/x`), `${folder}/x`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("denoRuntime creates temporary files that only this user can read, and removes them", async () => {
  const folder = await runtime.makeTempFolder("acodex-test-");
  await runtime.writeFile(`${folder}/file`, "ä\n");
  assertEquals(await Deno.readTextFile(`${folder}/file`), "ä\n");
  if (Deno.build.os !== "windows") {
    assertEquals(((await Deno.stat(folder)).mode ?? 0) & 0o777, 0o700);
    const { mode } = await Deno.stat(`${folder}/file`);
    assertEquals((mode ?? 0) & 0o777, 0o600);
  }
  await runtime.removeFolder(folder, []);
  assertEquals(await runtime.fileKind(folder), undefined);
  // Removing a missing folder succeeds.
  await runtime.removeFolder(folder, []);
});
