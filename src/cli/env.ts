import type { CodexOptions } from "../options/options.ts";
import type { ChildEnvironment } from "../runtime/types.ts";

/** The variable that holds the key under `codex exec` (facts F17). */
export const API_KEY = "CODEX_API_KEY";

/** The variable that sets the header which names the client to the service (facts F17). */
const ORIGINATOR = "CODEX_INTERNAL_ORIGINATOR_OVERRIDE";

/** The variable that names the folder of the configuration and the threads (facts F17). */
const HOME = "CODEX_HOME";

/** This package's originator. */
export const SDK_ORIGINATOR = "acodex_sdk_ts";

/** The input of {@linkcode buildEnv}. */
export interface EnvInput {
  /** The client's options. */
  readonly options: CodexOptions;
  /** Reads a variable of the host; `undefined` if it is not set, or may not be read. */
  readonly hostEnv: (name: string) => string | undefined;
  /** Makes a path of the host absolute; needed if the CLI starts in another folder. */
  readonly fromHost?: ((path: string) => string) | undefined;
  /** Folders to put first on the CLI's PATH. */
  readonly pathFolders: readonly string[];
  /** True on Windows: names are case-insensitive, and PATH is split at `;`. */
  readonly windows: boolean;
}

/**
 * Builds the CLI's environment: the host's, or only what `env` gives (the official
 * meaning), and on top of it the key, this package's originator unless another is
 * set, and the folders that belong to the CLI in front of PATH.
 */
export function buildEnv(input: EnvInput): ChildEnvironment {
  const { options, hostEnv, fromHost, pathFolders, windows } = input;
  const inherit = !options.env || options.envMode === "merge";
  const set: Record<string, string> = {};
  const unset: string[] = [];
  const isSame = (one: string, other: string): boolean =>
    one === other ||
    windows && one.toUpperCase() === other.toUpperCase();
  for (const [name, value] of Object.entries(options.env ?? {})) {
    if (value !== undefined) set[name] = value;
    else if (inherit) unset.push(name);
  }

  /** Finds the name under which a variable is already set; gives the name itself if it is not. */
  const findName = (name: string): string =>
    Object.keys(set).find((key) => isSame(key, name)) ?? name;
  const read = (name: string): string | undefined =>
    set[findName(name)] ??
      (inherit && !unset.some((key) => isSame(key, name))
        ? hostEnv(name)
        : undefined);

  if (read(ORIGINATOR) === undefined) set[ORIGINATOR] = SDK_ORIGINATOR;
  if (options.apiKey) set[findName(API_KEY)] = options.apiKey;
  // The CLI would find a relative one from where it starts (facts F37).
  const home = read(HOME);
  const namedHome = home && fromHost?.(home);
  if (namedHome && namedHome !== home) set[findName(HOME)] = namedHome;
  if (pathFolders.length > 0) {
    const name = findName(windows ? "Path" : "PATH");
    const rest = read(name);
    // A PATH that is inherited but may not be read stays: without the rest of it
    // the agent's commands would find nothing.
    if (rest !== undefined || !inherit) {
      set[name] = prepend(pathFolders, rest ?? "", windows ? ";" : ":");
    }
  }
  return { inherit, set, unset };
}

function prepend(
  folders: readonly string[],
  path: string,
  separator: string,
): string {
  const rest = path.split(separator).filter((folder) =>
    folder !== "" && !folders.includes(folder)
  );
  return [...folders, ...rest].join(separator);
}
