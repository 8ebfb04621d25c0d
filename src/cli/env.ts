import type { CodexOptions } from "../options/options.ts";
import type { ChildEnvironment } from "../runtime/types.ts";
import type { KeyedOptions } from "./api_key.ts";

/** The variable that contains the API key under `codex exec` (facts F17). */
export const API_KEY = "CODEX_API_KEY";

/**
 * The variable that sets the header that identifies the client to the service (facts
 * F17).
 */
const ORIGINATOR = "CODEX_INTERNAL_ORIGINATOR_OVERRIDE";

/** The variable that names the folder of the configuration and the threads (facts F17). */
const HOME = "CODEX_HOME";

/**
 * The variables that Windows programs require. Node and Bun pass them to every child,
 * even if it is to receive only other variables; Deno does not (facts R40).
 */
const WINDOWS_VARIABLES = [
  "HOMEDRIVE",
  "HOMEPATH",
  "LOGONSERVER",
  "PATH",
  "SYSTEMDRIVE",
  "SYSTEMROOT",
  "TEMP",
  "USERDOMAIN",
  "USERNAME",
  "USERPROFILE",
  "WINDIR",
];

/** This package's originator. */
export const SDK_ORIGINATOR = "acodex_sdk_ts";

/** The input that determines the caller's variables. */
export interface GivenInput {
  /** The client's options. */
  readonly options: Pick<CodexOptions, "env" | "envMode">;
  /**
   * Reads a variable of the host; returns `undefined` if it is not set, or may not be
   * read.
   */
  readonly hostEnv: (name: string) => string | undefined;
  /** True on Windows: names are case-insensitive, and PATH is split at `;`. */
  readonly windows: boolean;
}

/** The input of {@linkcode buildEnv}. */
export interface EnvInput extends GivenInput {
  /** The client's options, with the API key that a function has returned. */
  readonly options: KeyedOptions;
  /** Makes a path of the host absolute; needed if the CLI starts in another folder. */
  readonly fromHost?: ((path: string) => string) | undefined;
  /** Folders to put first on the CLI's PATH. */
  readonly pathFolders: readonly string[];
  /** The token of the turn's tools and its variable, if the turn has tools. */
  readonly toolToken?: readonly [name: string, token: string] | undefined;
  /**
   * True if the CLI may have to reach the program later: its requests must not go through
   * a proxy.
   */
  readonly reachesHost?: boolean;
}

/**
 * Builds the CLI's environment: the host's, or only the variables in `env` (as in the
 * official SDK; on Windows with the variables that programs require). Adds the API key,
 * this package's originator unless another is set, and the folders that belong to the CLI
 * in front of PATH.
 */
export function buildEnv(input: EnvInput): ChildEnvironment {
  const { options, fromHost, pathFolders, toolToken, windows } = input;
  const { reachesHost = toolToken !== undefined } = input;
  const { inherit, set, unset, findName, read } = givenVariables(input);
  if (read(ORIGINATOR) === undefined) set[ORIGINATOR] = SDK_ORIGINATOR;
  if (options.apiKey) set[findName(API_KEY)] = options.apiKey;
  if (toolToken !== undefined) {
    const [name, token] = toolToken;
    set[findName(name)] = token;
  }
  if (reachesHost) {
    for (const [name, value] of Object.entries(withoutProxy(read))) {
      set[findName(name)] = value;
    }
  }
  // The CLI would resolve a relative path from the folder that it starts in (facts F37).
  const home = read(HOME);
  const namedHome = home && fromHost?.(home);
  if (namedHome && namedHome !== home) set[findName(HOME)] = namedHome;
  if (pathFolders.length > 0) {
    const name = findName(windows ? "Path" : "PATH");
    const rest = read(name);
    // A PATH that is inherited but may not be read is left unchanged: without the rest of
    // it, the agent's commands would find nothing.
    if (rest !== undefined || !inherit) {
      set[name] = prepend(pathFolders, rest ?? "", windows ? ";" : ":");
    }
  }
  return { inherit, set, unset };
}

/**
 * Returns the folder of the CLI's configuration, according to the CLI's environment;
 * `undefined` if the environment does not determine it.
 */
export function codexHome(input: GivenInput): string | undefined {
  const { read } = givenVariables(input);
  const home = read(HOME);
  if (home) return home;
  const user = read(input.windows ? "USERPROFILE" : "HOME");
  return user ? `${user}/.codex` : undefined;
}

/**
 * Returns a function that reads a variable as the CLI receives it, apart from variables
 * that this package adds.
 */
export function makeReader(
  input: GivenInput,
): (name: string) => string | undefined {
  return givenVariables(input).read;
}

/** The variables of the caller, and functions to look them up. */
interface GivenVariables extends ChildEnvironment {
  readonly set: Record<string, string>;
  readonly unset: string[];
  /**
   * Finds the name under which a variable is already set; returns the name itself if it
   * is not set.
   */
  findName(name: string): string;
  /** Reads a variable as the CLI receives it. */
  read(name: string): string | undefined;
}

function givenVariables(
  { options, hostEnv, windows }: GivenInput,
): GivenVariables {
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
  const findName = (name: string): string =>
    Object.keys(set).find((key) => isSame(key, name)) ?? name;
  if (windows && !inherit) {
    for (const name of WINDOWS_VARIABLES) {
      const value = hostEnv(name);
      if (value !== undefined) set[findName(name)] ??= value;
    }
  }
  const read = (name: string): string | undefined =>
    set[findName(name)] ??
      (inherit && !unset.some((key) => isSame(key, name))
        ? hostEnv(name)
        : undefined);
  return { inherit, set, unset, findName, read };
}

/** The variables that name an HTTP proxy. */
const PROXIES = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];

/**
 * The variables that list hosts to reach without a proxy; if both are set, programs
 * differ in which one they read.
 */
const NO_PROXIES = ["NO_PROXY", "no_proxy"];

/**
 * Returns the variables that make the CLI reach this machine without a proxy, which it
 * would otherwise use even for the loopback interface (facts F65).
 */
function withoutProxy(
  read: (name: string) => string | undefined,
): { [name: string]: string } {
  if (!PROXIES.some((name) => read(name))) return {};
  const given = NO_PROXIES.filter((name) => read(name));
  return Object.fromEntries(
    (given.length > 0 ? given : NO_PROXIES.slice(0, 1)).map((name) => {
      const before = read(name);
      return [name, before ? `${before},127.0.0.1` : "127.0.0.1"];
    }),
  );
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
