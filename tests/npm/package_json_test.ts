import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  makePackageJson,
  type PackageSource,
} from "../../scripts/npm/package_json.ts";

const SOURCE: PackageSource = {
  name: "@scope/name",
  version: "1.2.3",
  description: "What it does.",
  license: "Apache-2.0",
  exports: { ".": "./mod.ts", "./part": "./src/part/mod.ts" },
  imports: { zod: "npm:zod@^4.0.0", "@std/assert": "jsr:@std/assert@^1.0.0" },
};

Deno.test("makePackageJson() takes name, version, description and license from deno.json", () => {
  const { name, version, description, license } = makePackageJson(SOURCE);
  assertEquals({ name, version, description, license }, {
    name: "@scope/name",
    version: "1.2.3",
    description: "What it does.",
    license: "Apache-2.0",
  });
});

Deno.test("makePackageJson() names every entry, types first, one module for import and require", () => {
  const { exports, types } = makePackageJson(SOURCE);
  assertEquals(
    JSON.stringify(exports),
    JSON.stringify({
      ".": { types: "./esm/mod.d.ts", default: "./esm/mod.js" },
      "./part": {
        types: "./esm/src/part/mod.d.ts",
        default: "./esm/src/part/mod.js",
      },
    }),
  );
  assertEquals(types, "./esm/mod.d.ts");
});

Deno.test("makePackageJson() asks for zod alone, and for the CLI where the user has it from npm", () => {
  const made = makePackageJson(SOURCE);
  assertEquals(made.dependencies, { zod: "^4.0.0" });
  assertEquals(made.peerDependencies, { "@openai/codex": ">=0.163.0" });
  assertEquals(made.peerDependenciesMeta, {
    "@openai/codex": { optional: true },
  });
  assert(!("devDependencies" in made));
});

Deno.test("makePackageJson() refuses a zod that is not from npm", () => {
  assertThrows(
    () => makePackageJson({ ...SOURCE, imports: { zod: "jsr:@zod/zod@^4" } }),
    Error,
    'Cannot read the range of "zod"',
  );
});

Deno.test("makePackageJson() names a repository only if it is told one", () => {
  assert(!("repository" in makePackageJson(SOURCE)));
  assertEquals(
    makePackageJson(SOURCE, "https://example.com/owner/name").repository,
    { type: "git", url: "git+https://example.com/owner/name.git" },
  );
});
