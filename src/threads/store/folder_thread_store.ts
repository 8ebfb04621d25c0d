import {
  CodexEnvironmentError,
  CodexInputError,
} from "../../errors/codex_error.ts";
import { CodexThreadConflictError } from "../../errors/thread_errors.ts";
import { checkThreadId } from "../../input/thread_id.ts";
import { currentFiles } from "../../runtime/current_files.ts";
import type { Files } from "../../runtime/files.ts";
import { quoted } from "../../util/text.ts";
import { isAbsolute } from "../home/thread_home.ts";
import type { StoredThread, ThreadStore } from "./thread_store.ts";

// A version is a number, and a file of that name. A save gives its file the next number,
// which the system does once for each name: no lock is needed. A file with a lower number
// than another one is not the latest, whoever wrote it when, and the highest is only
// removed when there is a higher one. So who finds a higher one after the fact has lost.

/** How often a bundle is looked for that somebody else has replaced meanwhile. */
const MAX_READS = 100;

/** The file of a version. */
const NAME = /^(\d{1,15})\.bundle$/;

/**
 * Keeps bundles in a folder of this machine, which any number of processes share: a folder
 * for each thread, the latest bundle in it, with the rights 0600 and 0700.
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
    const folder = this.#folderOf(id);
    for (let read = 0; read < MAX_READS; read++) {
      const latest = (await this.#versions(folder)).at(-1);
      if (latest === undefined) return null;
      const bundle = await this.#files.read(`${folder}/${latest}.bundle`);
      if (bundle !== undefined) return { bundle, version: String(latest) };
    }
    throw new CodexEnvironmentError(
      `Cannot read thread ${id}: its bundle in ${
        quoted(folder)
      } was replaced each time that it was about to be read`,
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
    if (!(bundle instanceof Uint8Array)) {
      throw new CodexInputError("bundle must be a Uint8Array", {
        path: "bundle",
      });
    }
    this.#files.requireAccess(this.folder, "read");
    this.#files.requireAccess(this.folder, "write");
    // Taken now: the caller may use the bytes again.
    const content = bundle.slice();
    const folder = this.#folderOf(id);
    const conflict = (): CodexThreadConflictError =>
      new CodexThreadConflictError(
        `Cannot save thread ${id}: ${
          expectedVersion === null
            ? "it is stored already"
            : `version ${
              quoted(String(expectedVersion).slice(0, 100))
            } is not the one that is stored`
        }; load it, and go on from there`,
        { threadId: id, expectedVersion },
      );
    const isExpected = (versions: readonly number[]): boolean =>
      expectedVersion === null
        ? versions.length === 0
        : String(versions.at(-1)) === expectedVersion;
    if (!isExpected(await this.#versions(folder))) throw conflict();
    const next = Number(expectedVersion ?? 0) + 1;
    await this.#files.makeFolder(this.folder);
    await this.#files.makeFolder(folder);
    const path = `${folder}/${next}.bundle`;
    const temporary = `${folder}/${crypto.randomUUID()}.tmp`;
    try {
      await this.#files.writeNew(temporary, content);
      if (!await this.#files.link(temporary, path)) throw conflict();
    } finally {
      await this.#files.remove(temporary);
    }
    const versions = await this.#versions(folder);
    if (versions.at(-1) !== next) {
      // The number was free again: what had it was replaced long ago.
      await this.#files.remove(path);
      throw conflict();
    }
    for (const old of versions.slice(0, -1)) {
      await this.#files.remove(`${folder}/${old}.bundle`);
    }
    return String(next);
  }

  #folderOf(id: string): string {
    return `${this.folder}/${id.toLowerCase()}`;
  }

  /** Reads the numbers of the bundles of a thread, the latest last. */
  async #versions(folder: string): Promise<number[]> {
    const versions: number[] = [];
    for (const { name, kind } of await this.#files.list(folder)) {
      const [, number] = NAME.exec(name) ?? [];
      if (number !== undefined && kind === "file") {
        versions.push(Number(number));
      }
    }
    return versions.sort((a, b) => a - b);
  }
}
