import type { BigIntStats, Dirent } from "node:fs";
import type * as fs from "node:fs/promises";
import { CodexPermissionError } from "../errors/codex_error.ts";
import { hostError, isMissing, readSystemCode } from "../errors/host_error.ts";
import { quoted } from "../util/text.ts";
import type { DenoLike } from "./deno.ts";
import type {
  EntryKind,
  FileAccess,
  FileFacts,
  FileLock,
  Files,
  FolderEntry,
} from "./files.ts";
import { nodePermissionError, type NodeProcess } from "./node.ts";

/** The mode of a file that only this user may read. */
const PRIVATE_FILE = 0o600;

/** The mode of a folder that only this user may enter. */
const PRIVATE_FOLDER = 0o700;

/** The file that lists the locks of all processes that this one can see. */
const LOCKS = "/proc/locks";

/**
 * Creates the file operations for Node, Bun and Deno, on the `node:` module that all three
 * have.
 *
 * @param deno Deno's global, on Deno: used for locks and permissions.
 */
export function nodeFiles(process: NodeProcess, deno?: DenoLike): Files {
  const windows = process.platform === "win32";
  const files = (): typeof fs => process.getBuiltinModule("node:fs/promises");
  const attempt = async <T>(
    action: string,
    path: string,
    access: FileAccess,
    work: (module: typeof fs) => Promise<T>,
  ): Promise<T> => {
    try {
      return await work(files());
    } catch (error) {
      throw accessError(error, `${action} ${quoted(path)}`, path, access) ??
        hostError(`${action} ${quoted(path)}`, path, error);
    }
  };
  return {
    windows,
    env(name): string | undefined {
      if (deno !== undefined) requireEnv(deno, name);
      return process.env[name];
    },
    requireAccess(path, access): void {
      if (deno !== undefined) requireGrant(deno, path, access);
    },
    realPath: (path) =>
      attempt(
        "look at",
        path,
        "read",
        ({ realpath }) => unlessMissing(realpath(path)),
      ),
    look: (path) =>
      attempt("look at", path, "read", async ({ lstat }) => {
        const stats = await unlessMissing(lstat(path, { bigint: true }));
        return stats && toFacts(stats);
      }),
    list: (path) =>
      attempt("list", path, "read", async ({ readdir }) => {
        const entries = readdir(path, { withFileTypes: true });
        return (await unlessMissing(entries) ?? []).map(toEntry);
      }),
    read: (path) =>
      attempt(
        "read",
        path,
        "read",
        async ({ open }) => await unlessMissing(readWhole(open, path)),
      ),
    makeFolder: (path) =>
      attempt("make", path, "write", async ({ mkdir }) => {
        try {
          await mkdir(path, { mode: PRIVATE_FOLDER });
        } catch (error) {
          if (readSystemCode(error) !== "EEXIST") throw error;
        }
      }),
    writeNew: (path, content) =>
      attempt("write", path, "write", async ({ open, rm }) => {
        const file = await open(path, "wx", PRIVATE_FILE);
        try {
          await file.writeFile(content);
          await file.sync();
        } catch (error) {
          // Otherwise an incomplete file would remain, for example on a full disk.
          await file.close();
          await rm(path, { force: true });
          throw error;
        }
        await file.close();
      }),
    link: (path, newPath) =>
      attempt("write", newPath, "write", async ({ link }) => {
        try {
          await link(path, newPath);
          return true;
        } catch (error) {
          if (readSystemCode(error) === "EEXIST") return false;
          throw error;
        }
      }),
    rename: (path, newPath) =>
      attempt("write", newPath, "write", ({ rename }) => rename(path, newPath)),
    remove: (path) =>
      attempt("remove", path, "write", ({ rm }) => rm(path, { force: true })),
    ...(deno === undefined ? {} : {
      tryLock: (path) =>
        attempt("lock", path, "write", async () => await tryLock(deno, path)),
    }),
    async lockedInodes(): Promise<ReadonlySet<string> | undefined> {
      // Deno needs all permissions for this file.
      if (deno !== undefined || process.platform !== "linux") return undefined;
      const text = await files().readFile(LOCKS, "utf8").catch(() => undefined);
      return text === undefined ? undefined : flockedInodes(text);
    },
  };
}

/** Parses the inodes of files that are locked as a whole (flock) from `/proc/locks`. */
export function flockedInodes(text: string): Set<string> {
  return new Set(
    [...text.matchAll(/ FLOCK .* [0-9a-f]+:[0-9a-f]+:(\d+) /g)]
      .map(([, inode = ""]) => inode),
  );
}

async function tryLock(
  deno: DenoLike,
  path: string,
): Promise<FileLock | undefined> {
  const file = await deno.open(path, {
    read: true,
    write: true,
    create: true,
    mode: PRIVATE_FILE,
  });
  let isLocked = false;
  try {
    isLocked = await file.tryLock(true);
  } finally {
    if (!isLocked) file.close();
  }
  if (!isLocked) return undefined;
  return {
    release(): void {
      // Not only closed: a process that is just being started still has the file open.
      file.unlockSync();
      file.close();
    },
  };
}

async function readWhole(
  open: typeof fs.open,
  path: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    const bytes = new Uint8Array(size);
    let filled = 0;
    while (filled < size) {
      const { bytesRead } = await file.read(
        bytes,
        filled,
        size - filled,
        filled,
      );
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  } finally {
    await file.close();
  }
}

async function unlessMissing<T>(result: Promise<T>): Promise<T | undefined> {
  try {
    return await result;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function toFacts(stats: BigIntStats): FileFacts {
  const { size, ino, mtimeNs } = stats;
  return {
    kind: readKind(stats),
    size: Number(size),
    inode: String(ino),
    stamp: `${ino} ${size} ${mtimeNs}`,
  };
}

function toEntry(entry: Dirent): FolderEntry {
  return { name: entry.name, kind: readKind(entry) };
}

function readKind(
  entry: Pick<Dirent, "isSymbolicLink" | "isFile" | "isDirectory">,
): EntryKind {
  if (entry.isSymbolicLink()) return "link";
  if (entry.isFile()) return "file";
  return entry.isDirectory() ? "folder" : "other";
}

/** Creates the error for a denial by Deno's or Node's permissions; returns `undefined` for any other error. */
function accessError(
  error: unknown,
  action: string,
  path: string,
  access: FileAccess,
): CodexPermissionError | undefined {
  if (error instanceof Error && error.name === "NotCapable") {
    return denied(`--allow-${access}=${path}`, action, error);
  }
  return nodePermissionError(error, action, path);
}

function denied(
  flag: string,
  action: string,
  cause?: unknown,
): CodexPermissionError {
  return new CodexPermissionError(`Cannot ${action}: Deno needs ${flag}`, {
    flag,
    cause,
  });
}

/** Throws if access to a path is not granted; checked first, so that Deno never prompts. */
function requireGrant(
  deno: DenoLike,
  path: string,
  access: FileAccess,
): void {
  const { state } = deno.permissions.querySync({ name: access, path });
  if (state === "granted") return;
  const action = access === "read" ? "look at" : "write to";
  throw denied(`--allow-${access}=${path}`, `${action} ${quoted(path)}`);
}

/** Throws if a variable may not be read, likewise. */
function requireEnv(deno: DenoLike, name: string): void {
  const { state } = deno.permissions.querySync({
    name: "env",
    variable: name,
  });
  if (state === "granted") return;
  throw denied(`--allow-env=${name}`, `read the variable ${name}`);
}
