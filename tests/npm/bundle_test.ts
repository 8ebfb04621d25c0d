import { assertEquals, assertThrows } from "@std/assert";
import { linkWorker, packageNames } from "../../scripts/npm/bundle.ts";

const STARTS_IT = 'start(new URL("./worker.ts", import.meta.url));';

Deno.test("linkWorker() links the worker relative to the bundled module", () => {
  const wanted = {
    "esm/src/sync/mod.js": "./worker.js",
    "esm/src/other/mod.js": "../sync/worker.js",
    "esm/chunks/chunk-A.js": "../src/sync/worker.js",
    "esm/mod.js": "./src/sync/worker.js",
  };
  for (const [path, specifier] of Object.entries(wanted)) {
    assertEquals(
      linkWorker(STARTS_IT, path),
      `start(new URL("${specifier}", import.meta.url));`,
    );
  }
  assertEquals(
    linkWorker(
      'new URL(\n  "../sync/worker.ts",\n  import.meta.url,\n)',
      "esm/mod.js",
    ),
    'new URL(\n  "./src/sync/worker.js",\n  import.meta.url,\n)',
  );
  const commented = 'new URL(/* for webpack */ "./worker.ts", import.meta.url)';
  assertEquals(
    linkWorker(commented, "esm/mod.js"),
    'new URL("./src/sync/worker.js", import.meta.url)',
  );
});

Deno.test("linkWorker() does not change other URLs", () => {
  const others = [
    'new URL("./text.md", import.meta.url)',
    'new URL("./worker.ts", base)',
    'import("./worker.ts")',
  ];
  for (const text of others) assertEquals(linkWorker(text, "esm/a.js"), text);
});

Deno.test("linkWorker() rejects a module that is not the worker", () => {
  assertThrows(
    () => linkWorker(STARTS_IT.replace("worker", "other"), "esm/mod.js"),
    Error,
    'Cannot tell which module "./other.ts" is',
  );
});

Deno.test("packageNames() returns packages without duplicates and the runtime's modules", () => {
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
