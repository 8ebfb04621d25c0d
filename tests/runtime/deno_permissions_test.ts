import { assertEquals, assertStringIncludes } from "@std/assert";
import { denoRuntime } from "../../src/runtime/deno.ts";
import { Tree } from "../cli/locate/npm_tree.ts";
import { type ChildOptions, makeBench } from "./scoped_deno.ts";

const FAKE = "fake";
const SCHEMA = { outputSchema: { type: "object" } };
const IMAGE = [
  { type: "text", text: "What is this?" },
  { type: "local_image", path: "image.png" },
];

/** Permissions that are enough; `@` is replaced by the child's working directory. */
const ENOUGH: [what: string, options: ChildOptions][] = [
  ["a turn with codex on PATH", { flags: ["--allow-run=codex"] }],
  ["a turn, even if everything may be read", {
    flags: ["--allow-run=codex", "--allow-read", "--allow-env"],
  }],
  ["a turn with a program by its path", {
    flags: ["--allow-run=@/bin/codex"],
    codex: { codexPathOverride: "@/bin/codex" },
  }],
  ["a turn with an output schema", {
    flags: ["--allow-run=codex", "--allow-write=@/tmp"],
    turn: SCHEMA,
  }],
  ["a turn with an image", {
    flags: ["--allow-run=codex", "--allow-read=image.png"],
    input: IMAGE,
  }],
  ["a turn with its own environment", {
    flags: ["--allow-run=codex"],
    codex: { env: { PATH: "/usr/bin:/bin" }, codexPathOverride: "@/bin/codex" },
  }],
  ["a turn without one of the host's variables", {
    flags: ["--allow-run", "--allow-env"],
    env: { LD_LIBRARY_PATH: "/nowhere" },
    codex: { env: { LD_LIBRARY_PATH: null }, envMode: "merge" },
  }],
];

for (const [what, options] of ENOUGH) {
  const flags = options.flags?.join(" ");
  // Facts R1: only the program has to be permitted.
  Deno.test(`denoRuntime needs only ${flags} for ${what}`, async () => {
    await using bench = await makeBench();
    const placed: ChildOptions = JSON.parse(
      JSON.stringify(options).replaceAll("@/", `${bench.path}/`),
    );
    assertEquals(await bench.run(placed), { answer: FAKE });
  });
}

Deno.test("denoRuntime needs only the binary's --allow-run and --allow-read=node_modules for a CLI from npm", async () => {
  await using bench = await makeBench();
  const project = new Tree(bench.path);
  await project.npmPackage("node_modules");
  const { program } = await project.platformPackage("node_modules", {
    arch: denoRuntime(Deno).arch,
  });
  await Deno.copyFile(bench.program, program);
  const main = project.at("main.ts");
  const turn = new URL("turn_child.ts", import.meta.url);
  await Deno.writeTextFile(main, `import "${turn}";\n`);
  const run = (flags: string[]) => bench.run({ flags, env, program: main });
  const env = { PATH: "/usr/bin:/bin" };
  const flags = [`--allow-run=${program}`, "--allow-read=node_modules"];
  assertEquals(await run(flags), { answer: FAKE });
  // If it may not be run, the error names it, so that it can be permitted.
  assertEquals((await run(flags.slice(1))).flag, flags[0]);
});

/** Turns without a permission, by the flag that the error names. */
const MISSING: [flag: string, what: string, options: ChildOptions][] = [
  ["--allow-run=codex", "with no permission at all", {}],
  ["--allow-run=codex", "if another program may be run", {
    flags: ["--allow-run=ls"],
  }],
  ["--allow-write", "for an output schema", {
    flags: ["--allow-run=codex"],
    turn: SCHEMA,
  }],
  ["--allow-read=image.png", "for an image", {
    flags: ["--allow-run=codex"],
    input: IMAGE,
  }],
];

for (const [flag, what, options] of MISSING) {
  Deno.test(`denoRuntime names ${flag} ${what}`, async () => {
    await using bench = await makeBench();
    const turn = await bench.run(options);
    assertEquals(turn.name, "CodexPermissionError");
    assertEquals(turn.code, "permission_denied");
    assertEquals(turn.flag, flag);
    assertStringIncludes(turn.message ?? "", flag);
    assertEquals(await Array.fromAsync(Deno.readDir(`${bench.path}/tmp`)), []);
  });
}

Deno.test("denoRuntime names --allow-run with the program that it found if everything may be read", async () => {
  await using bench = await makeBench();
  const { flag } = await bench.run({
    flags: ["--allow-read", "--allow-env"],
    codex: { codexPathOverride: bench.program },
  });
  assertEquals(flag, `--allow-run=${bench.program}`);
});

Deno.test("denoRuntime reports that a name is not on PATH, and which flag allows a wider search", async () => {
  await using bench = await makeBench();
  const turn = await bench.run({
    flags: [`--allow-run=${bench.program}`],
    env: { PATH: "/usr/bin:/bin" },
  });
  assertEquals(turn.code, "executable_not_found");
  assertStringIncludes(turn.message ?? "", "--allow-read");
});

const LD = { env: { LD_LIBRARY_PATH: "/nowhere" } };

// Facts R2.
Deno.test("denoRuntime removes LD_* under a scoped --allow-run if it may read the environment", async () => {
  await using bench = await makeBench();
  const flags = ["--allow-run=codex", "--allow-env"];
  assertEquals(await bench.run({ ...LD, flags }), { answer: FAKE });
});

Deno.test("denoRuntime passes LD_* on under an unscoped --allow-run", async () => {
  await using bench = await makeBench();
  for (const flags of [["--allow-run"], ["--allow-run", "--allow-env"]]) {
    assertEquals(await bench.run({ ...LD, flags }), {
      answer: `${FAKE} with LD`,
    });
  }
});

Deno.test("denoRuntime names --allow-env if there is an LD_* variable that it may not read", async () => {
  await using bench = await makeBench();
  for (const env of [[], ["--allow-env=PATH"]]) {
    const turn = await bench.run({
      ...LD,
      flags: ["--allow-run=codex", ...env],
    });
    assertEquals(turn.name, "CodexPermissionError");
    assertEquals(turn.flag, "--allow-env");
    assertStringIncludes(turn.message ?? "", "LD_LIBRARY_PATH");
  }
});

Deno.test("denoRuntime names an unscoped --allow-run if env itself sets an LD_* variable", async () => {
  await using bench = await makeBench();
  const turn = await bench.run({
    flags: ["--allow-run=codex", "--allow-env"],
    codex: { env: { LD_PRELOAD: "/nowhere" }, envMode: "merge" },
  });
  assertEquals(turn.name, "CodexPermissionError");
  assertEquals(turn.flag, "--allow-run");
  assertStringIncludes(turn.message ?? "", "LD_PRELOAD");
});

Deno.test("denoRuntime names --allow-env if it has to remove a variable from an environment that it may not read", async () => {
  await using bench = await makeBench();
  const turn = await bench.run({
    flags: ["--allow-run=codex"],
    codex: { env: { SECRET: null }, envMode: "merge" },
  });
  assertEquals([turn.flag, turn.code], ["--allow-env", "permission_denied"]);
  assertStringIncludes(turn.message ?? "", "SECRET");
});
