import { assertEquals, assertThrows } from "@std/assert";
import {
  exceeded,
  fileProblems,
  tooMuch,
} from "../../scripts/npm/check/contents.ts";
import { makePackageJson } from "../../scripts/npm/package_json.ts";
import { compareExports } from "../../scripts/npm/surface.ts";

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
  "SECURITY.md",
  "docs/options.md",
  "esm/mod.d.ts",
  "esm/mod.js",
  "esm/src/part.js",
  "llms.txt",
  "package.json",
];

Deno.test("fileProblems() accepts a package with all files that its entries name", () => {
  assertEquals(fileProblems(FILES, PACKAGE_JSON), []);
});

Deno.test("fileProblems() accepts the kit for users' tests", () => {
  const kit = ["kit/fake_codex.d.ts", "model/replies.d.ts"]
    .map((path) => `esm/src/testing/${path}`);
  assertEquals(fileProblems([...FILES, ...kit], PACKAGE_JSON), []);
});

Deno.test("fileProblems() reports tests, shims and files outside the code", () => {
  const stray = [
    "esm/src/part_test.js",
    "esm/src/testing/fake.d.ts",
    "esm/src/testing/fake/steps.d.ts",
    "esm/_dnt.shims.js",
    "src/mod.ts",
    ".npmignore",
  ];
  for (const path of stray) {
    assertEquals(fileProblems([...FILES, path], PACKAGE_JSON), [
      `stray ${path}`,
    ]);
  }
});

Deno.test("fileProblems() reports missing types and a missing license", () => {
  for (const path of ["esm/mod.d.ts", "LICENSE"]) {
    const files = FILES.filter((file) => file !== path);
    assertEquals(fileProblems(files, PACKAGE_JSON), [`missing ${path}`]);
  }
});

Deno.test("compareExports() accepts the exports of the sources, and rejects others", () => {
  const entries = [{
    specifier: "@scope/name",
    exports: [{ name: "a", isValue: true, isType: false, typeParameters: 0 }],
  }];
  compareExports(entries, '[["a"]]');
  for (const printed of ['[["a","b"]]', "[[]]", "[]"]) {
    assertThrows(
      () => compareExports(entries, printed),
      Error,
      '"@scope/name" has',
    );
  }
});

Deno.test("exceeded() reports sizes over their limit", () => {
  const sizes = { tarball: 1, code: 1, dependencies: 1 };
  assertEquals(exceeded(sizes), []);
  assertEquals(exceeded({ ...sizes, dependencies: 3 }), [
    "dependencies: 3 is over 1",
  ]);
});

Deno.test("tooMuch() reports files that a bundle must not contain, and a bundle over its limit", () => {
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
