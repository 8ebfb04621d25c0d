/** The parts of `process` that say where Bun may be. */
export interface BunHost {
  /** The platform, as Node names it. */
  readonly platform: string;
  /** The path of the program's runtime. */
  readonly execPath: string;
  /** The versions of the runtime and its parts. */
  readonly versions: { readonly [name: string]: string | undefined };
  /** The environment variables. */
  readonly env: { readonly [name: string]: string | undefined };
}

/**
 * Lists the paths where Bun may be: the runtime itself, then the folders of PATH. On Windows
 * npm puts a script there, which cannot be spawned; the program next to it is listed, too.
 */
export function bunCandidates(
  { platform, execPath, versions, env }: BunHost,
): string[] {
  const isWindows = platform === "win32";
  const name = isWindows ? "bun.exe" : "bun";
  const slash = isWindows ? "\\" : "/";
  const path = env.PATH ?? env.Path ?? "";
  const folders = path.split(isWindows ? ";" : ":")
    .map((folder) => folder.replace(/^"(.*)"$/, "$1").replace(/[\\/]+$/, ""))
    // A relative folder may belong to anybody.
    .filter((folder) =>
      isWindows ? /^(?:[A-Za-z]:|\\\\)/.test(folder) : folder.startsWith("/")
    );
  const below = (folder: string, ...parts: string[]): string =>
    [folder, ...parts].join(slash);
  return [
    ...versions.bun !== undefined && isBun(execPath) ? [execPath] : [],
    ...folders.flatMap((folder) => [
      below(folder, name),
      ...isWindows
        ? [
          below(folder, "node_modules", "bun", "bin", name),
          below(folder, "..", "bun", "bin", name),
        ]
        : [],
    ]),
  ];
}

/** Tells whether a program is Bun itself, rather than a program compiled with it. */
function isBun(path: string): boolean {
  return /(?:^|[\\/])bun(?:\.exe)?$/i.test(path);
}
