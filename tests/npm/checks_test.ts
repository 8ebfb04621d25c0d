import { assertEquals, assertThrows } from "@std/assert";
import { compareExports } from "../../scripts/npm/check/loading.ts";
import { runChecks, Skipped } from "../../scripts/npm/check/report.ts";
import {
  countDependencies,
  exceeded,
  tooMuch,
} from "../../scripts/npm/check/size.ts";
import { checkDeclaration, checkFiles } from "../../scripts/npm/finish.ts";
import { makePackageJson } from "../../scripts/npm/package_json.ts";

const PACKAGE_JSON = makePackageJson({
  name: "@scope/name",
  version: "1.2.3",
  description: "",
  license: "",
  exports: { ".": "./mod.ts" },
  imports: { zod: "npm:zod@^4.0.0" },
}, ["zod"]);

const FILES = [
  "CHANGELOG.md",
  "LICENSE",
  "README.md",
  "esm/mod.d.ts",
  "esm/mod.js",
  "esm/src/part.js",
  "package.json",
];

Deno.test("checkFiles() takes a package that has what its entries name", () => {
  checkFiles(FILES, PACKAGE_JSON);
});

Deno.test("checkFiles() refuses tests, shims and files beside the code", () => {
  const stray = [
    "esm/src/part_test.js",
    "esm/src/testing/mod.js",
    "esm/_dnt.shims.js",
    "src/mod.ts",
    ".npmignore",
  ];
  for (const path of stray) {
    assertThrows(
      () => checkFiles([...FILES, path], PACKAGE_JSON),
      Error,
      `stray [${path}], missing []`,
    );
  }
});

Deno.test("checkFiles() refuses a package without types or license", () => {
  for (const path of ["esm/mod.d.ts", "LICENSE"]) {
    assertThrows(
      () => checkFiles(FILES.filter((file) => file !== path), PACKAGE_JSON),
      Error,
      `stray [], missing [${path}]`,
    );
  }
});

Deno.test("checkDeclaration() refuses what does not come with the package", () => {
  const check = (text: string) =>
    checkDeclaration("mod.d.ts", text, PACKAGE_JSON);
  check('/** import { a } from "example"; */\nimport type { z } from "zod";');
  check('export type { A } from "./a.d.ts";');
  for (
    const text of [
      'import type { A } from "other/part";',
      'declare const a: import("other").A;',
    ]
  ) assertThrows(() => check(text), Error, '"mod.d.ts" names other, which');
});

Deno.test("compareExports() counts the exports, and refuses other ones", () => {
  const entries = [{
    specifier: "@scope/name",
    exports: [{ name: "a", isValue: true, isType: false, typeParameters: 0 }],
  }];
  assertEquals(compareExports(entries, '[["a"]]'), 1);
  for (const printed of ['[["a","b"]]', "[[]]", "[]"]) {
    assertThrows(
      () => compareExports(entries, printed),
      Error,
      '"@scope/name" has',
    );
  }
});

Deno.test("countDependencies() counts what dependencies ask for, and each once", () => {
  const packages = {
    "node_modules/root": { dependencies: { a: "1", b: "1" } },
    "node_modules/a": { dependencies: { b: "1", c: "1" } },
    "node_modules/b": {},
    "node_modules/c": { dependencies: { a: "1" } },
    "node_modules/other": {},
  };
  assertEquals(countDependencies(packages, "node_modules/root"), 3);
});

Deno.test("exceeded() names what is over its limit", () => {
  const sizes = { tarball: 1, unpacked: 1, code: 1, dependencies: 1 };
  assertEquals(exceeded(sizes), []);
  assertEquals(exceeded({ ...sizes, dependencies: 3 }), [
    "dependencies: 3 is over 2",
  ]);
});

Deno.test("tooMuch() names what a bundle must not have, and a bundle that is over its limit", () => {
  const program = { what: "all", limit: 1000, without: /\/zod\// };
  const files = { "a/mod.js": 900, "node_modules/zod/index.js": 17 };
  assertEquals(tooMuch(program, { bytes: 917, files }), []);
  assertEquals(
    tooMuch(program, {
      bytes: 1101,
      files: { ...files, "node_modules/zod/index.js": 201 },
    }),
    [
      "all: has 201 bytes of node_modules/zod/index.js",
      "all: 1101 is over 1000",
    ],
  );
});

Deno.test("runChecks() runs every check, also after one that fails", async () => {
  const outcome = await runChecks([
    { title: "one", run: () => Promise.reject(new Error("does not hold")) },
    { title: "two", run: () => Promise.reject(new Skipped("not here")) },
    { title: "three", run: () => Promise.resolve("holds") },
  ], 2);
  assertEquals(outcome, { passed: 1, failed: 1, skipped: 1 });
});
