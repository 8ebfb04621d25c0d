import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { LAYERS } from "../../scripts/layers.ts";
import plugin from "../../scripts/lint_plugin.ts";
import { ROOT_URL } from "../../scripts/project.ts";

/** Returns the plugin's messages for a source file. */
function lint(path: string, source: string): string[] {
  return Deno.lint.runPlugin(plugin, path, source).map(({ message }) =>
    message
  );
}

/** Asserts that the plugin has exactly one message, which contains `part`. */
function assertReported(path: string, source: string, part: string): void {
  const messages = lint(path, source);
  assertEquals(
    messages.length,
    1,
    `${path}: ${source}: ${JSON.stringify(messages)}`,
  );
  assertStringIncludes(messages[0] ?? "", part);
}

/** Asserts that the plugin has no message. */
function assertAccepted(path: string, source: string): void {
  assertEquals(lint(path, source), [], `${path}: ${source}`);
}

Deno.test("within src/, only src/runtime/node.ts may import node: modules", () => {
  const source = `import { spawn } from "node:child_process"; spawn("x");`;
  assertAccepted("src/runtime/node.ts", source);
  assertAccepted("src/testing/server.ts", source);
  for (
    const path of [
      "src/runtime/deno.ts",
      "src/runtime/current.ts",
      "src/exec/process.ts",
      "src/stream/mine.ts",
      "src/codex.ts",
    ]
  ) {
    assertReported(path, source, "node:child_process");
  }
  assertReported(
    "src/options/options.ts",
    `export type A = import("node:fs").Stats;`,
    "node:fs",
  );
  assertReported(
    "src/codex.ts",
    `export { readFile } from "node:fs";`,
    "node:fs",
  );
  assertReported(
    "src/codex.ts",
    `export const a = await import("node:fs");`,
    "node:fs",
  );
});

Deno.test("no file of src/ may name a global of a runtime", () => {
  for (const name of ["Deno", "Buffer", "Bun"]) {
    for (const path of ["src/runtime/deno.ts", "src/sync/turn_worker.ts"]) {
      assertReported(path, `export const a = ${name}.x;`, `"${name}"`);
    }
    assertAccepted("src/testing/x.ts", `export const a = ${name}.x;`);
  }
  assertReported(
    "src/exec/args.ts",
    `export const a = require("x");`,
    `"require"`,
  );
  assertReported("src/exec/args.ts", `export type A = Deno.Command;`, `"Deno"`);
});

Deno.test("no file of src/ may look up a runtime on globalThis", () => {
  for (const name of ["Deno", "process", "Buffer", "Bun"]) {
    for (
      const source of [
        `export const a = globalThis["${name}"];`,
        `export const { ${name}: a } = globalThis;`,
      ]
    ) {
      const [first = ""] = lint("src/exec/process.ts", source).slice(-1);
      assertStringIncludes(first, `"globalThis"`);
    }
  }
  assertReported(
    "src/exec/process.ts",
    `export const a = globalThis.process;`,
    `"globalThis"`,
  );
});

Deno.test("Deno's own rule is enabled for process, which may also be a variable's name", async () => {
  const text = await Deno.readTextFile(new URL("deno.json", ROOT_URL));
  assert(JSON.parse(text).lint.rules.include.includes("no-process-global"));
});

Deno.test("members may be called process", () => {
  for (
    const source of [
      `export const a = { process: 1 }; a.process;`,
      `export interface A { process: 1 }`,
      `export class A { process = 1 }`,
    ]
  ) assertAccepted("src/exec/process.ts", source);
});

Deno.test("a file's own variables may be called process", () => {
  for (
    const source of [
      `export const f = (process: string) => process;`,
      `export function f(process = 1): number { return process; }`,
      `import { process } from "./x.ts"; process.kill();`,
      `import { a as process } from "./x.ts"; process.kill();`,
      `const { process } = await start(); process.kill();`,
      `const { a: process } = await start(); process.kill();`,
      `const [process] = await start(); process.kill();`,
      `const process = await start(); export const a = { process };`,
    ]
  ) {
    assertAccepted("src/exec/process.ts", source);
  }
});

Deno.test("src/runtime/globals.ts may look up runtimes on globalThis", () => {
  assertAccepted(
    "src/runtime/globals.ts",
    `export const a = (globalThis as { Deno?: unknown }).Deno ?? globalThis["process"];`,
  );
  for (const name of ["Buffer", "Bun", "require"]) {
    assertReported(
      "src/runtime/globals.ts",
      `export const a = ${name};`,
      `"${name}"`,
    );
  }
});

Deno.test("a layer may import itself and the layers that its row lists", () => {
  const path = "src/turn/run_turn.ts";
  assertAccepted(path, `import { a } from "./limits.ts"; a;`);
  assertAccepted(path, `import { a } from "../errors/codex_error.ts"; a;`);
  for (
    const other of [
      "exec/process.ts",
      "cli/env.ts",
      "runtime/current.ts",
      "thread/thread.ts",
    ]
  ) {
    assertReported(path, `import { a } from "../${other}"; a;`, `src/${other}`);
    const type = `import type { A } from "../${other}"; export type B = A;`;
    assertReported(path, type, `src/${other}`);
  }
  assertReported(path, `import { a } from "lodash"; a;`, `"lodash"`);
  assertReported(path, `import { a } from "npm:zod"; a;`, `"npm:zod"`);
});

Deno.test("one file loads zod, and others of its layer may import its types", () => {
  assertAccepted(
    "src/output/zod_core.ts",
    `export { safeParse } from "zod/v4/core";`,
  );
  for (const path of ["src/output/zod_type.ts", "src/output/output_type.ts"]) {
    assertReported(path, `import { z } from "zod"; z;`, `"zod"`);
    assertReported(path, `await import("zod/v4/core");`, `"zod"`);
    assertAccepted(
      path,
      `import type { $ZodType } from "zod/v4/core"; export type A = $ZodType;`,
    );
    assertAccepted(
      path,
      `import { type z } from "zod"; export type A = z.ZodType;`,
    );
  }
});

Deno.test("no layer imports one below it", () => {
  const paths = LAYERS.map(({ path }) => path);
  for (const [index, { path, imports }] of LAYERS.entries()) {
    for (const name of imports.filter((each) => each !== "*")) {
      const at = paths.indexOf(name);
      assert(at >= 0 && at < index, `${path} imports ${name}`);
    }
  }
});

Deno.test("no file of src/ may import an entry", () => {
  assertReported(
    "src/codex.ts",
    `import { a } from "../streams.ts"; a;`,
    "in no layer",
  );
});

Deno.test("adapters may import types, but not each other", () => {
  for (const [mine, other] of [["deno", "node"], ["node", "deno"]]) {
    const path = `src/runtime/${mine}.ts`;
    assertAccepted(
      path,
      `import type { A } from "./types.ts"; export type B = A;`,
    );
    assertReported(
      path,
      `import { a } from "./${other}.ts"; a;`,
      `${other}.ts`,
    );
    assertReported(
      path,
      `import { a } from "../cli/env.ts"; a;`,
      "src/cli/env.ts",
    );
  }
});

Deno.test("only src/runtime/current.ts may import adapters", () => {
  assertAccepted("src/runtime/current.ts", `import { a } from "./node.ts"; a;`);
  for (const source of [`import { a } from`, `await import(`]) {
    const end = source.endsWith("(") ? ");" : "; a;";
    assertReported(
      "src/codex.ts",
      `${source} "./runtime/node.ts"${end}`,
      "src/runtime/node.ts",
    );
  }
});

Deno.test("dynamic imports need literal paths within the layers", () => {
  const path = "src/exec/load_parser.ts";
  assertAccepted(path, `await import("../stream/event_parser.ts");`);
  assertReported(
    path,
    `await import("../thread/thread.ts");`,
    "src/thread/thread.ts",
  );
  assertReported(
    path,
    "export const a = (b: string) => import(b);",
    "literal path",
  );
});

Deno.test("exec may import neither thread nor codex", () => {
  for (const path of ["src/exec/process.ts", "src/exec/transport.ts"]) {
    assertAccepted(path, `import { a } from "../runtime/current.ts"; a;`);
    assertAccepted(path, `import { a } from "./args.ts"; a;`);
    assertReported(
      path,
      `import { a } from "../thread/thread.ts"; a;`,
      "src/thread/thread.ts",
    );
    assertReported(
      path,
      `import type { A } from "../codex.ts"; export type B = A;`,
      "codex.ts",
    );
    assertReported(
      path,
      `import { a } from "../runtime/node.ts"; a;`,
      "node.ts",
    );
  }
});

Deno.test("thread may import the transport interface, and codex its implementation", () => {
  assertAccepted(
    "src/thread/thread.ts",
    `import type { A } from "../transport/transport.ts"; export type B = A;`,
  );
  assertAccepted("src/codex.ts", `import { a } from "./exec/transport.ts"; a;`);
  assertReported(
    "src/thread/thread.ts",
    `import { a } from "../exec/transport.ts"; a;`,
    "transport.ts",
  );
  assertReported(
    "src/codex.ts",
    `import { a } from "./runtime/current.ts"; a;`,
    "runtime/current.ts",
  );
});

Deno.test("other layers may not import test support", () => {
  assertReported(
    "src/codex.ts",
    `import { a } from "./testing/fake.ts"; a;`,
    "src/testing/fake.ts",
  );
});

Deno.test("entry modules must name each re-export", () => {
  assertAccepted(
    "mod.ts",
    `export { a } from "./src/codex.ts"; export type { B } from "./b.ts";`,
  );
  assertReported(
    "mod.ts",
    `export * from "./src/codex.ts";`,
    "names each export",
  );
  assertReported("mod.ts", "export const a = 1;", "re-exports only");
  assertReported("mod.ts", `import "./src/codex.ts";`, "re-exports only");
  assertReported(
    "streams.ts",
    `export * from "./src/turn/reduce.ts";`,
    "names each export",
  );
});

Deno.test("a file without a layer is reported", () => {
  assertReported(
    "src/new_thing.ts",
    "export const a = 1;",
    "scripts/layers.ts",
  );
  assertReported(
    "src/codex.ts",
    `import { a } from "./new_thing.ts"; a;`,
    "in no layer",
  );
});

Deno.test("the layers apply only to src/", () => {
  const source = `import { a } from "node:fs"; import("x" + a); Deno.exit();`;
  assertAccepted("scripts/x.ts", source);
  assertAccepted("tests/x_test.ts", source);
});
