import { codexHome, makeReader } from "../cli/env.ts";
import { absolutePath } from "../cli/working_directory.ts";
import { below } from "../cli/locate/paths.ts";
import type { CodexOptions } from "../options/options.ts";
import type { Runtime } from "../runtime/types.ts";
import type { CodexHome } from "./report.ts";
import { readToml, type TomlTable } from "./toml.ts";

/** The limit of what is read from a file, in bytes. */
const MAX_BYTES = 1 << 20;

/** The CLI's home with its settings and login. */
export interface HomeContent {
  readonly home: CodexHome;
  /** The settings of each file; later ones override earlier ones. */
  readonly settings: readonly TomlTable[];
  /** The content of `auth.json`; `undefined` if there is none, `null` if it is not known. */
  readonly auth: unknown;
}

/** Reads the settings and the login of a client's CLI from the home of its environment. */
export async function readHome(
  runtime: Runtime,
  options: CodexOptions,
): Promise<HomeContent> {
  const given = {
    options,
    hostEnv: (name: string) => runtime.env(name),
    windows: runtime.platform === "win32",
  };
  const path = codexHome(given);
  const setBy = makeReader(given)("CODEX_HOME") ? "CODEX_HOME" : "default";
  if (path === undefined) {
    const home: CodexHome = {
      path: null,
      setBy,
      exists: null,
      config: "unread",
    };
    return { home, settings: [], auth: null };
  }
  const folder = absolutePath(runtime, path);
  const isIgnored = options.ignoreUserConfig || options.hermetic;
  const names = [
    "config.toml",
    ...options.profile ? [`${options.profile}.config.toml`] : [],
  ];
  const read = isIgnored ? [] : await Promise.all(
    names.map((name) => readSettings(runtime, below(folder, name))),
  );
  const home: CodexHome = {
    path: folder,
    setBy,
    exists: await isThere(runtime, folder),
    config: isIgnored
      ? "ignored"
      : read.includes(null)
      ? "unread"
      : read.some((each) => each !== undefined)
      ? "read"
      : "missing",
  };
  return {
    home,
    settings: read.filter((each) => each !== undefined && each !== null),
    auth: await readJson(runtime, below(folder, "auth.json")),
  };
}

/** Tells whether a path exists; returns `null` if access to it is denied. */
async function isThere(
  runtime: Runtime,
  path: string,
): Promise<boolean | null> {
  try {
    return await runtime.fileKind(path) !== undefined;
  } catch {
    return null;
  }
}

/** Reads settings; returns `undefined` if the file does not exist, and `null` if it cannot be read. */
async function readSettings(
  runtime: Runtime,
  path: string,
): Promise<TomlTable | null | undefined> {
  return await readFile(runtime, path, readToml);
}

async function readJson(runtime: Runtime, path: string): Promise<unknown> {
  return await readFile(runtime, path, JSON.parse);
}

async function readFile<T>(
  runtime: Runtime,
  path: string,
  parse: (text: string) => T,
): Promise<T | null | undefined> {
  try {
    const kind = await runtime.fileKind(path);
    if (kind === undefined) return undefined;
    // Reading a pipe would wait, and a device may have no end.
    if (kind !== "file") return null;
    const bytes = await runtime.readStart(path, MAX_BYTES);
    return parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}
