import { assertEquals } from "@std/assert";
import { platformPackage } from "../../../src/cli/locate/platform_package.ts";

const SYSTEMS: [
  platform: string,
  arch: string,
  name: string,
  triple: string,
][] = [
  ["linux", "x64", "linux-x64", "x86_64-unknown-linux-musl"],
  ["linux", "arm64", "linux-arm64", "aarch64-unknown-linux-musl"],
  ["android", "arm64", "linux-arm64", "aarch64-unknown-linux-musl"],
  ["darwin", "x64", "darwin-x64", "x86_64-apple-darwin"],
  ["darwin", "arm64", "darwin-arm64", "aarch64-apple-darwin"],
  ["win32", "x64", "win32-x64", "x86_64-pc-windows-msvc"],
  ["win32", "arm64", "win32-arm64", "aarch64-pc-windows-msvc"],
];

for (const [platform, arch, name, triple] of SYSTEMS) {
  Deno.test(`platformPackage names the package and binary of ${platform} on ${arch}`, () => {
    const binary = platform === "win32" ? "codex.exe" : "codex";
    assertEquals(platformPackage(platform, arch), {
      name: `@openai/codex-${name}`,
      layouts: [
        {
          binary: `vendor/${triple}/bin/${binary}`,
          pathFolder: `vendor/${triple}/codex-path`,
        },
        {
          binary: `vendor/${triple}/codex/${binary}`,
          pathFolder: `vendor/${triple}/path`,
        },
      ],
    });
  });
}

Deno.test("platformPackage returns nothing for a system without a binary of the CLI", () => {
  for (
    const [platform, arch] of [["linux", "ia32"], ["freebsd", "x64"], ["", ""]]
  ) {
    assertEquals(platformPackage(platform ?? "", arch ?? ""), undefined);
  }
});
