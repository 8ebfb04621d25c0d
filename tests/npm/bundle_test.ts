import { assertEquals, assertThrows } from "@std/assert";
import {
  linkWorkers,
  packageNames,
  workersIn,
} from "../../scripts/npm/bundle.ts";

const WORKER = { specifier: "./worker.ts", path: "src/part/worker.ts" };
const STARTS_IT = 'start(new URL("./worker.ts", import.meta.url));';

Deno.test("workersIn() finds modules that are named by their place", () => {
  assertEquals(workersIn(STARTS_IT, "src/part/mod.ts"), [WORKER]);
  assertEquals(
    workersIn(
      'new URL(\n  "../other/one.ts",\n  import.meta.url,\n)',
      "src/part/mod.ts",
    ),
    [{ specifier: "../other/one.ts", path: "src/other/one.ts" }],
  );
});

Deno.test("workersIn() leaves other addresses alone", () => {
  const others = [
    'new URL("./text.md", import.meta.url)',
    'new URL("./worker.ts", base)',
    'import("./worker.ts")',
  ];
  for (const text of others) assertEquals(workersIn(text, "src/mod.ts"), []);
});

Deno.test("linkWorkers() names a worker from where the bundled module is", () => {
  const wanted = {
    "esm/src/part/mod.js": "./worker.js",
    "esm/src/other/mod.js": "../part/worker.js",
    "esm/chunks/chunk-A.js": "../src/part/worker.js",
    "esm/mod.js": "./src/part/worker.js",
  };
  for (const [path, specifier] of Object.entries(wanted)) {
    assertEquals(
      linkWorkers(STARTS_IT, path, [WORKER, WORKER]),
      `start(new URL("${specifier}", import.meta.url));`,
    );
  }
});

Deno.test("linkWorkers() refuses a module that it cannot tell", () => {
  const twin = { ...WORKER, path: "src/twin/worker.ts" };
  for (const workers of [[], [WORKER, twin]]) {
    assertThrows(
      () => linkWorkers(STARTS_IT, "esm/mod.js", workers),
      Error,
      `Cannot tell which module "./worker.ts" is: ${workers.length} have the name`,
    );
  }
});

Deno.test("packageNames() names packages, each once, and nothing of the runtime's", () => {
  assertEquals(
    packageNames([
      "zod/v4/core",
      "zod",
      "node:fs",
      "@scope/name/part",
      "./chunk.js",
      "../mod.js",
    ]),
    ["@scope/name", "zod"],
  );
});
