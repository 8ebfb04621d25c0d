import {
  CodexEnvironmentError,
  CodexInputError,
} from "../../errors/codex_error.ts";
import { CodexThreadConflictError } from "../../errors/thread_errors.ts";
import { checkThreadId } from "../../input/thread_id.ts";
import { currentFiles } from "../../runtime/current_files.ts";
import type { Files } from "../../runtime/files.ts";
import { quoted } from "../../util/text.ts";
import { isBytes } from "../bundle/is_bytes.ts";
import { isAbsolute } from "../home/thread_home.ts";
import type { StoredThread, ThreadStore } from "./thread_store.ts";

// A version is a number, and a file with that name. A save links its file to the next number.
// The system allows each name once, so no lock is needed. The latest two versions are kept,
// older ones are removed. A number that is free again is therefore at least two behind: a
// save that got one checks this and has lost.

/** The number of attempts to read a bundle that other processes keep replacing. */
const MAX_READS = 100;

/** The number of versions that are kept. */
const KEPT = 2;

/** Matches the file of a version, and its temporary files. */
const NAME = /^(\d{1,15})(?:\.bundle|-.*\.tmp)$/;

/** The files of a thread. */
interface Listing {
  /** The latest version; 0 if there is none. */
  readonly latest: number;
  /** All files, with the version of each. */
  readonly files: readonly {
    readonly name: string;
    readonly version: number;
  }[];
}

/**
 * Keeps bundles in a folder of this machine, which any number of processes may share: one
 * folder (mode 0700) for each thread, with its latest two bundles (mode 0600).
 *
 * On a local file system with hard links, a save is atomic: if several processes replace the
 * same version, one succeeds, and a process that is killed leaves the previous bundle. On a
 * network file system, such as NFS, it is not: a machine may see a folder as it was seconds
 * ago, so a worker that was frozen may overwrite a newer bundle. Use a database there.
 *
 * On Deno it needs `--allow-read` and `--allow-write` for the folder.
 *
 * @example Continue a thread from its latest version
 * ```ts
 * import { FolderThreadStore, importThread } from "@acodex/sdk/threads";
 *
 * const store = new FolderThreadStore("/var/lib/threads");
 *
 * async function take(id: string): Promise<string | null> {
 *   const stored = await store.load(id);
 *   if (stored === null) return null;
 *   await importThread(stored.bundle, { expectId: id });
 *   return stored.version; // what the next save replaces
 * }
 * ```
 */
export class FolderThreadStore implements ThreadStore {
  /** The folder, an absolute path. */
  readonly folder: string;
  readonly #files: Files;

  /**
   * Creates a store in a folder. The first save creates the folder; its parent must exist.
   *
   * @throws {CodexInputError} For a path that is not absolute.
   */
  constructor(folder: string) {
    this.#files = currentFiles();
    if (
      typeof folder !== "string" || folder.includes("\0") ||
      !isAbsolute(folder, this.#files.windows)
    ) {
      throw new CodexInputError("folder must be an absolute path", {
        path: "folder",
      });
    }
    this.folder = folder;
  }

  /**
   * Reads the latest bundle of a thread; resolves to `null` if there is none.
   *
   * @throws {CodexInputError} If the id is not a UUID.
   * @throws {CodexPermissionError} If the runtime denies access to the folder.
   * @throws {CodexEnvironmentError} If the system denies access to it.
   */
  async load(id: string): Promise<StoredThread | null> {
    checkThreadId(id, "load");
    this.#files.requireAccess(this.folder, "read");
    const folder = this.#findFolder(id);
    for (let read = 0; read < MAX_READS; read++) {
      const { latest } = await this.#list(folder);
      if (latest === 0) return null;
      const bundle = await this.#files.read(`${folder}/${latest}.bundle`);
      if (bundle !== undefined) return { bundle, version: String(latest) };
    }
    throw new CodexEnvironmentError(
      `Cannot read thread ${id}: its bundle in ${
        quoted(folder)
      } was replaced each time before it could be read`,
      { path: folder, systemCode: "" },
    );
  }

  /**
   * Stores a bundle in place of a version.
   *
   * @param expectedVersion The version to replace; `null` for a thread that is not stored yet.
   * @returns The new version.
   * @throws {CodexThreadConflictError} If another version is stored; nothing is changed.
   * @throws {CodexInputError} If the id is not a UUID, or the bundle is not a `Uint8Array`.
   * @throws {CodexPermissionError} If the runtime denies access to the folder.
   * @throws {CodexEnvironmentError} If the system denies access to it.
   */
  async save(
    id: string,
    bundle: Uint8Array,
    expectedVersion: string | null,
  ): Promise<string> {
    checkThreadId(id, "save");
    if (!isBytes(bundle)) {
      throw new CodexInputError("bundle must be a Uint8Array", {
        path: "bundle",
      });
    }
    this.#files.requireAccess(this.folder, "read");
    this.#files.requireAccess(this.folder, "write");
    // Copied now, as the caller may reuse the bytes.
    const content = new Uint8Array(bundle);
    const folder = this.#findFolder(id);
    const conflict = (): CodexThreadConflictError =>
      new CodexThreadConflictError(
        `Cannot save thread ${id}: ${
          expectedVersion === null
            ? "it is already stored"
            : `version ${
              quoted(String(expectedVersion).slice(0, 100))
            } is not the one that is stored`
        }; load it, and continue from there`,
        { threadId: id, expectedVersion },
      );
    const { latest } = await this.#list(folder);
    const stored = latest === 0 ? null : String(latest);
    if (stored !== expectedVersion) throw conflict();
    await this.#files.makeFolder(this.folder);
    await this.#files.makeFolder(folder);
    const version = latest + 1;
    if (!await this.#write(folder, version, content)) throw conflict();
    return String(version);
  }

  /** Writes a version; returns `false` if another save was faster. */
  async #write(
    folder: string,
    version: number,
    content: Uint8Array,
  ): Promise<boolean> {
    const path = `${folder}/${version}.bundle`;
    const temporary = `${folder}/${version}-${crypto.randomUUID()}.tmp`;
    try {
      await this.#files.writeNew(temporary, content);
      if (!await this.#files.link(temporary, path)) return false;
    } catch (error) {
      // The save of a later version has removed the temporary file.
      if (isMissing(error)) return false;
      throw error;
    } finally {
      await this.#files.remove(temporary);
    }
    const { latest, files } = await this.#list(folder);
    const isBehind = latest - version >= KEPT;
    const oldest = isBehind ? version + 1 : latest - KEPT + 1;
    for (const file of files) {
      if (file.version >= oldest) continue;
      await this.#files.remove(`${folder}/${file.name}`);
    }
    return !isBehind;
  }

  #findFolder(id: string): string {
    return `${this.folder}/${id.toLowerCase()}`;
  }

  async #list(folder: string): Promise<Listing> {
    const files: { name: string; version: number }[] = [];
    let latest = 0;
    for (const { name, kind } of await this.#files.list(folder)) {
      const [, number] = NAME.exec(name) ?? [];
      if (number === undefined || kind !== "file") continue;
      const version = Number(number);
      files.push({ name, version });
      if (name === `${version}.bundle`) latest = Math.max(latest, version);
    }
    return { latest, files };
  }
}

/** Tells whether an error means that a file does not exist. */
function isMissing(error: unknown): boolean {
  return error instanceof CodexEnvironmentError &&
    error.systemCode === "ENOENT";
}
