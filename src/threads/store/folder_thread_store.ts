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

// A version is a number, and a file of that name. A save gives its file the next number,
// which the system does once for each name: no lock is needed. The latest two stay, and
// others are removed. So a number that is free again is at least two behind: who gets
// one, and finds that, has lost.

/** How often a bundle is looked for that somebody else has replaced meanwhile. */
const MAX_READS = 100;

/** How many versions stay: the latest ones. */
const KEPT = 2;

/** The file of a version; with more to its name, one that is being written. */
const NAME = /^(\d{1,15})(?:\.bundle|-.*\.tmp)$/;

/** The files of a thread. */
interface Listing {
  /** The latest version; 0 where there is none. */
  readonly latest: number;
  /** All files, with the version that each is of. */
  readonly files: readonly {
    readonly name: string;
    readonly version: number;
  }[];
}

/**
 * Keeps bundles in a folder of this machine, which any number of processes share: a folder
 * for each thread, the latest two bundles in it, with the rights 0600 and 0700.
 *
 * A save is atomic on a local file system that has hard links: of several processes that
 * replace the same version one succeeds, and a process that is killed leaves the bundle
 * of before. On a network's file system, such as NFS, it is not: what a machine sees there
 * of a folder may be seconds old, so that a worker which was frozen may overwrite what it
 * does not see. Use a database there.
 *
 * On Deno it needs `--allow-read` and `--allow-write` for the folder.
 *
 * @example Take a thread from wherever it was left
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
   * Makes a store in a folder, which is made with the first save; the folder that it is in
   * has to be there.
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
   * Reads the latest bundle of a thread; `null` where there is none.
   *
   * @throws {CodexInputError} If the id is not a UUID.
   * @throws {CodexPermissionError} If the runtime does not let this program there.
   * @throws {CodexEnvironmentError} If the system does not.
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
   * Stores a bundle in the place of a version.
   *
   * @param expectedVersion The version to be replaced; `null` for a thread that is not
   * stored yet.
   * @returns The new version.
   * @throws {CodexThreadConflictError} If another version is stored; nothing is changed.
   * @throws {CodexInputError} If the id is not a UUID, or the bundle no bytes.
   * @throws {CodexPermissionError} If the runtime does not let this program there.
   * @throws {CodexEnvironmentError} If the system does not.
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
    // Taken now: the caller may use the bytes again.
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

  /** Writes a version; tells whether it was the next one. */
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
      // Who saves a later version removes it.
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

/** Tells whether an error says that a file is gone. */
function isMissing(error: unknown): boolean {
  return error instanceof CodexEnvironmentError &&
    error.systemCode === "ENOENT";
}
