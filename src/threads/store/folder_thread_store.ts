import type { StoredThread, ThreadStore } from "./thread_store.ts";

/** Keeps bundles in a folder of this machine: what several processes on it share. */
export class FolderThreadStore implements ThreadStore {
  /** The folder, an absolute path. */
  readonly folder: string;

  /** Makes a store in a folder, which is made with the first save. */
  constructor(folder: string) {
    this.folder = folder;
  }

  /** Reads the latest bundle of a thread. */
  load(_id: string): Promise<StoredThread | null> {
    return Promise.reject(new Error("Not built yet"));
  }

  /** Stores a bundle in the place of a version. */
  save(
    _id: string,
    _bundle: Uint8Array,
    _expectedVersion: string | null,
  ): Promise<string> {
    return Promise.reject(new Error("Not built yet"));
  }
}
