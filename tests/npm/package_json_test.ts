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
  const { name, version, description, license } = makePackageJson(SOURCE, [
    "zod",
  ]);
  assertEquals({ name, version, description, license }, {
    name: "@scope/name",
    version: "1.2.3",
    description: "What it does.",
    license: "Apache-2.0",
  });
});

Deno.test("makePackageJson() lists every entry, types first, with one module for import and require", () => {
  const { exports, types } = makePackageJson(SOURCE, ["zod"]);
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

Deno.test("makePackageJson() depends on the packages that the code loads, with the CLI as an optional peer", () => {
  const made = makePackageJson(SOURCE, ["zod"]);
  assertEquals(made.dependencies, { zod: "^4.0.0" });
  assertEquals(made.peerDependencies, {
    "@openai/codex": ">=0.163.0",
    "ws": ">=8.0.0",
  });
  assertEquals(made.peerDependenciesMeta, {
    "@openai/codex": { optional: true },
    "ws": { optional: true },
  });
  assert(!("devDependencies" in made));
});

Deno.test("makePackageJson() depends on several packages, each with its range", () => {
  const imports = { ...SOURCE.imports, "@a/b": "npm:@a/b@~1.2.3" };
  assertEquals(
    makePackageJson({ ...SOURCE, imports }, ["@a/b", "zod"]).dependencies,
    { "@a/b": "~1.2.3", zod: "^4.0.0" },
  );
});

Deno.test("makePackageJson() rejects a package that is not from npm, or not in deno.json", () => {
  for (const name of ["@std/assert", "unknown"]) {
    assertThrows(
      () => makePackageJson(SOURCE, ["zod", name]),
      Error,
      `Cannot read the range of "${name}"`,
    );
  }
});

Deno.test("makePackageJson() adds repository, homepage and bugs only if it gets the URL", () => {
  for (const name of ["repository", "homepage", "bugs"]) {
    assert(!(name in makePackageJson(SOURCE, ["zod"])));
  }
  const { repository, homepage, bugs } = makePackageJson(
    SOURCE,
    ["zod"],
    "https://example.com/owner/name",
  );
  assertEquals(
    { repository, homepage, bugs },
    {
      repository: {
        type: "git",
        url: "git+https://example.com/owner/name.git",
      },
      homepage: "https://example.com/owner/name#readme",
      bugs: { url: "https://example.com/owner/name/issues" },
    },
  );
});
