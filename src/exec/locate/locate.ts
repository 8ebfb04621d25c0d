import { CodexPermissionError } from "../../errors.ts";
import { CodexExecutableNotFoundError } from "../../turn_errors.ts";
import type { FileKind, Runtime } from "../../runtime/types.ts";
import { below, folderAndAbove, hasFolder, parentFolder } from "./paths.ts";
import { platformPackage } from "./platform_package.ts";

/** The CLI, found. */
export interface LocatedCodex {
  /** The program to start: a path, or a name for the system to find on PATH. */
  readonly program: string;
  /** Folders that belong to it, to put first on its PATH. */
  readonly pathFolders: readonly string[];
}

/** The npm package's launcher, a Node script: killed, it leaves the real CLI behind (facts F16). */
const LAUNCHER = /[\\/]@openai[\\/]codex[\\/]bin[\\/]codex\.js$/;

/**
 * Finds the CLI: where `codexPathOverride` says, where `CODEX_PATH` says, in the
 * npm package `@openai/codex` installed for the working directory or one above
 * it or for this package, or on PATH.
 *
 * The npm package's launcher is never what is found, but the binary it launches.
 * Where the runtime forbids to look, the name `codex` is left to the system.
 *
 * @throws {CodexExecutableNotFoundError} With every place that was looked at.
 */
export async function locateCodex(
  runtime: Runtime,
  codexPathOverride?: string,
): Promise<LocatedCodex> {
  const search = new Search(runtime);
  if (codexPathOverride) {
    return await search.named(codexPathOverride, "codexPathOverride");
  }
  const fromEnv = runtime.env("CODEX_PATH");
  if (fromEnv) return await search.named(fromEnv, "CODEX_PATH");
  const found =
    await search.inPackage(runtime.cwd(), "the working directory") ??
      await search.inPackage(ownFolder(), "this package") ??
      await search.onPath("codex") ?? search.miss("codex");
  // Deno's --allow-run=codex means the one on PATH, and no other.
  return !runtime.mayRun(found.program) && runtime.mayRun("codex")
    ? { program: "codex", pathFolders: [] }
    : found;
}

/** Where this package itself is installed; nothing where it was loaded from the network. */
function ownFolder(): string | undefined {
  if (!import.meta.url?.startsWith("file:")) return undefined;
  const path = decodeURIComponent(new URL(import.meta.url).pathname);
  return parentFolder(path.replace(/^\/(?=[A-Za-z]:)/, ""));
}

/** One search: looks at places and remembers them. */
class Search {
  readonly #runtime: Runtime;
  readonly #searched: string[] = [];
  #forbidden = false;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  /** What the caller named: a path as it is, a name on PATH. */
  async named(path: string, origin: string): Promise<LocatedCodex> {
    if (!hasFolder(path)) {
      return await this.onPath(path) ?? this.miss(path, origin);
    }
    this.#searched.push(`${origin}: ${path}`);
    const kind = await this.#look(path);
    // Left to the system where it may not be looked at, or to say why it is no program.
    if (this.#forbidden || kind === "folder") {
      return { program: path, pathFolders: [] };
    }
    if (kind === undefined) return this.miss(path, origin);
    return await this.#program(path);
  }

  /** The binary in the npm package that is installed for a folder. */
  async inPackage(
    folder: string | undefined,
    owner: string,
  ): Promise<LocatedCodex | undefined> {
    if (folder === undefined) return undefined;
    this.#searched.push(
      `npm package @openai/codex for ${owner}: node_modules in ${folder} and above`,
    );
    for (const above of folderAndAbove(folder)) {
      const installed = below(above, "node_modules/@openai/codex");
      if (await this.#look(installed) !== "folder") continue;
      const found = await this.#binaryFor(
        await this.#runtime.realPath(installed),
      );
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** A program on PATH. */
  async onPath(name: string): Promise<LocatedCodex | undefined> {
    const windows = this.#runtime.platform === "win32";
    const path = this.#runtime.env("PATH") ??
      (windows ? this.#runtime.env("Path") : undefined);
    if (path === undefined) {
      this.#searched.push(`"${name}" on PATH, by the system`);
      return { program: name, pathFolders: [] };
    }
    const folders = path.split(windows ? ";" : ":").filter((folder) =>
      folder !== ""
    );
    this.#searched.push(`"${name}" in the ${folders.length} folders of PATH`);
    // Only a native program can be started without a shell.
    const file = windows && !/\.exe$/i.test(name) ? `${name}.exe` : name;
    for (const folder of folders) {
      const candidate = below(folder, file);
      if (await this.#look(candidate) === "file") {
        return await this.#program(candidate);
      }
    }
    return this.#forbidden ? { program: name, pathFolders: [] } : undefined;
  }

  /** The error that lists the places. */
  miss(name: string, origin?: string): never {
    const named = origin === undefined ? "" : `, given as ${origin}`;
    throw new CodexExecutableNotFoundError(
      `Cannot find the Codex CLI "${name}"${named}. Looked at:\n${
        this.#searched.map((place) => `- ${place}`).join("\n")
      }\nInstall it with "npm install @openai/codex" in the project or "npm install -g @openai/codex", or give its path as codexPathOverride or CODEX_PATH`,
      this.#searched,
    );
  }

  /** A file as a program: where it is the npm launcher, the binary that it launches. */
  async #program(path: string): Promise<LocatedCodex> {
    const real = await this.#runtime.realPath(path);
    if (LAUNCHER.test(real)) {
      const found = await this.#binaryFor(parentFolder(parentFolder(real)));
      if (found !== undefined) return found;
    }
    return { program: path, pathFolders: [] };
  }

  /** The binary in the platform package beside or above the npm package's real folder. */
  async #binaryFor(packageFolder: string): Promise<LocatedCodex | undefined> {
    const platform = platformPackage(
      this.#runtime.platform,
      this.#runtime.arch,
    );
    if (platform === undefined) return undefined;
    for (const above of folderAndAbove(packageFolder)) {
      const folder = below(above, `node_modules/${platform.name}`);
      if (await this.#look(folder) !== "folder") continue;
      const real = await this.#runtime.realPath(folder);
      for (const layout of platform.layouts) {
        const program = below(real, layout.binary);
        if (await this.#look(program) !== "file") continue;
        const pathFolder = below(real, layout.pathFolder);
        const hasPathFolder = await this.#look(pathFolder) === "folder";
        return { program, pathFolders: hasPathFolder ? [pathFolder] : [] };
      }
    }
    return undefined;
  }

  /** What stands at a path; nothing where the runtime forbids to look. */
  async #look(path: string): Promise<FileKind | undefined> {
    try {
      return await this.#runtime.fileKind(path);
    } catch (error) {
      if (!(error instanceof CodexPermissionError)) throw error;
      this.#forbidden = true;
      return undefined;
    }
  }
}
