import {
  below,
  fileName,
  folderAndAbove,
  isAbsolute,
  parentFolder,
} from "./paths.ts";
import { type PlatformPackage, platformPackage } from "./platform_package.ts";
import type { LocatedCodex, Search } from "./search.ts";
import { distrust } from "./trust.ts";
import { quoted } from "../../util/text.ts";

/** The npm package of the CLI: a launcher, whose binary is in another package. */
const PACKAGE = "@openai/codex";

/**
 * Matches the npm package's launcher, a Node script: if it is killed, the real CLI keeps
 * running (facts F16).
 */
const LAUNCHER = /[\\/]@openai[\\/]codex[\\/]bin[\\/]codex\.js$/;

/**
 * The scripts that package managers write for the launcher; in `.bin`, Bun writes a
 * program.
 */
const SCRIPT = /^codex(?:\.(?:cmd|ps1|bat))?$/i;
const SCRIPT_IN_BIN = /^codex(?:\.(?:cmd|ps1|bat|exe))?$/i;

/** The file extensions that may be omitted when a Node program is started. */
const MODULE_ENDINGS = ["", ".js", ".mjs", ".cjs"];

/** The start of a search for an installed package. */
interface Start {
  /** The file that the package is installed for. */
  readonly file: string;
  /** Its folder. */
  readonly folder: string;
  /** The users whose code already runs here. */
  readonly users: ReadonlySet<number>;
}

/**
 * Finds the binary in the npm package that is installed for a file: in the `node_modules`
 * of its folder or of a folder above it, or in the location that Yarn uses.
 *
 * @param owner The owner of the file, for the error.
 */
export async function findInstalled(
  search: Search,
  file: string | null | undefined,
  owner: string,
): Promise<LocatedCodex | undefined> {
  const start = file ? await findStart(search, file) : undefined;
  if (start === undefined) return undefined;
  const { folder, users } = start;
  search.note(
    `npm package ${PACKAGE} for ${owner}: node_modules in ${folder} and above`,
  );
  const resolved = search.runtime.resolvePackage(PACKAGE, start.file);
  if (resolved !== undefined) {
    return await findBinary(search, resolved, users, "yarn install");
  }
  for (const above of folderAndAbove(folder)) {
    const installed = below(above, `node_modules/${PACKAGE}`);
    if (await search.look(installed) !== "folder") continue;
    if (!await isTrusted(search, above, users)) continue;
    const real = await search.runtime.realPath(installed);
    const remedy = `npm install --include=optional ${PACKAGE}" in "${above}`;
    const found = await findBinary(search, real, users, remedy);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * Finds the binary behind a file that represents the npm package: its launcher, or a
 * script that a package manager has written for the launcher. Such a script is next to
 * the `node_modules` of a global installation on Windows, and in `.bin` of any other.
 * Only a shell could run it, so it is never run.
 *
 * @param real The file's path, with links resolved.
 * @returns The binary; `undefined` if it is missing, or the file does not represent the
 * package.
 */
export async function findBehind(
  search: Search,
  real: string,
): Promise<LocatedCodex | undefined> {
  const packageFolder = LAUNCHER.test(real)
    ? parentFolder(parentFolder(real))
    : await findPackageBeside(search, real);
  if (packageFolder === undefined) return undefined;
  const users = await findUsers(search, real);
  const remedy = `npm install -g --include=optional ${PACKAGE}`;
  return await findBinary(search, packageFolder, users, remedy);
}

/** Tells whether a file is the npm package's launcher, which is never started. */
export function isLauncher(real: string): boolean {
  return LAUNCHER.test(real);
}

/** Finds the folder of the npm package that a script represents. */
async function findPackageBeside(
  search: Search,
  script: string,
): Promise<string | undefined> {
  const folder = parentFolder(script);
  const isBin = fileName(folder) === ".bin";
  const pattern = isBin ? SCRIPT_IN_BIN : SCRIPT;
  if (!pattern.test(fileName(script))) return undefined;
  if (!isBin && search.runtime.platform !== "win32") return undefined;
  const modules = isBin ? parentFolder(folder) : below(folder, "node_modules");
  const packageFolder = below(modules, PACKAGE);
  return await search.look(packageFolder) === "folder"
    ? await search.runtime.realPath(packageFolder)
    : undefined;
}

async function findStart(
  search: Search,
  file: string,
): Promise<Start | undefined> {
  const { runtime } = search;
  if (!isAbsolute(file, runtime.platform === "win32")) return undefined;
  for (const ending of MODULE_ENDINGS) {
    const kind = await search.look(file + ending);
    if (kind !== "file" && kind !== "folder") continue;
    const real = await runtime.realPath(file + ending);
    const main = kind === "folder" ? below(real, "index.js") : real;
    return {
      file: main,
      folder: parentFolder(main),
      users: await findUsers(search, real),
    };
  }
  // The program may be denied its own file, but permitted its `node_modules`.
  return search.forbidden === undefined ? undefined : {
    file,
    folder: parentFolder(file),
    users: await findUsers(search, file),
  };
}

/**
 * Lists the users whose code runs here: the current user, and the owner of the chosen
 * file.
 */
async function findUsers(
  { runtime }: Search,
  file: string,
): Promise<ReadonlySet<number>> {
  const ids = [runtime.userId(), (await runtime.ownership(file))?.ownerId];
  return new Set(ids.filter((id) => id !== undefined));
}

/** Tells whether a folder's `node_modules` may be used; records the reason if not. */
async function isTrusted(
  search: Search,
  folder: string,
  users: ReadonlySet<number>,
): Promise<boolean> {
  const modules = below(folder, "node_modules");
  const why = distrust(
    users,
    await search.runtime.ownership(modules),
    await search.runtime.ownership(folder),
  );
  if (why !== undefined) {
    search.noteNearMiss(`programs in ${quoted(modules)} are not run: ${why}`);
  }
  return why === undefined;
}

/**
 * Finds the binary in the platform package next to or above the npm package's real
 * folder; records a near miss if it is missing.
 *
 * @param remedy The command that installs it.
 */
async function findBinary(
  search: Search,
  packageFolder: string,
  users: ReadonlySet<number>,
  remedy: string,
): Promise<LocatedCodex | undefined> {
  const { platform, arch, resolvePackage } = search.runtime;
  const known = platformPackage(platform, arch);
  if (known === undefined) {
    search.noteNearMiss(
      `${
        quoted(packageFolder)
      } has no program for this system (${platform}-${arch})`,
    );
    return undefined;
  }
  const from = below(packageFolder, "package.json");
  const resolved = resolvePackage(known.name, from);
  if (resolved !== undefined) return await findProgram(search, resolved, known);
  for (const folder of folderAndAbove(packageFolder)) {
    const installed = below(folder, `node_modules/${known.name}`);
    if (await search.look(installed) !== "folder") continue;
    if (!await isTrusted(search, folder, users)) continue;
    const real = await search.runtime.realPath(installed);
    const found = await findProgram(search, real, known);
    if (found !== undefined) return found;
  }
  search.noteNearMiss(
    `${
      quoted(packageFolder)
    } is installed, but the package with its program, ${known.name}, is not: optional dependencies were left out, or the tree was installed on another system; run "${remedy}"`,
  );
  return undefined;
}

async function findProgram(
  search: Search,
  packageFolder: string,
  { layouts }: PlatformPackage,
): Promise<LocatedCodex | undefined> {
  for (const layout of layouts) {
    const program = below(packageFolder, layout.binary);
    if (await search.look(program) !== "file") continue;
    const pathFolder = below(packageFolder, layout.pathFolder);
    const hasPathFolder = await search.look(pathFolder) === "folder";
    return { program, pathFolders: hasPathFolder ? [pathFolder] : [] };
  }
  return undefined;
}
