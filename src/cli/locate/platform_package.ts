/** The npm package that contains the CLI's binary for a system, and its layouts. */
export interface PlatformPackage {
  /** The package's name, such as `@openai/codex-linux-x64`. */
  readonly name: string;
  /** The possible locations of the binary, the newer layout first (facts F16). */
  readonly layouts: readonly {
    /** The binary's path within the package. */
    readonly binary: string;
    /** The folder to put first on the binary's PATH. */
    readonly pathFolder: string;
  }[];
}

const TRIPLES: { readonly [system: string]: string } = {
  "linux-x64": "x86_64-unknown-linux-musl",
  "linux-arm64": "aarch64-unknown-linux-musl",
  "darwin-x64": "x86_64-apple-darwin",
  "darwin-arm64": "aarch64-apple-darwin",
  "win32-x64": "x86_64-pc-windows-msvc",
  "win32-arm64": "aarch64-pc-windows-msvc",
};

/**
 * Returns the package for a system, in Node's terms; `undefined` if there is no CLI for
 * it.
 */
export function platformPackage(
  platform: string,
  arch: string,
): PlatformPackage | undefined {
  const system = `${platform === "android" ? "linux" : platform}-${arch}`;
  const triple = TRIPLES[system];
  if (triple === undefined) return undefined;
  const binary = platform === "win32" ? "codex.exe" : "codex";
  return {
    name: `@openai/codex-${system}`,
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
  };
}
