/** What is known of a program and its system. */
export interface BunHost {
  /** The system, as Node names it. */
  readonly platform: string;
  /** The program's own runtime. */
  readonly execPath: string;
  /** The versions of what it is made of. */
  readonly versions: { readonly [name: string]: string | undefined };
  /** Its variables. */
  readonly env: { readonly [name: string]: string | undefined };
}

/**
 * Lists where Bun may be: the runtime itself, then the folders of PATH. What npm puts there
 * on Windows is a script, which cannot be started like a program; that is found beside it.
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
    // A relative one is a stranger's as easily as the user's.
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

/** Tells whether a program is Bun, and none that was compiled with it. */
function isBun(path: string): boolean {
  return /(?:^|[\\/])bun(?:\.exe)?$/i.test(path);
}
