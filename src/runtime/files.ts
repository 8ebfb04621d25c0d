import type { FileKind } from "./types.ts";

/** The kind of a folder's entry, without following links. */
export type EntryKind = FileKind | "link";

/** An entry of a folder. */
export interface FolderEntry {
  /** Its name. */
  readonly name: string;
  /** Its kind. */
  readonly kind: EntryKind;
}

/** Facts about a file, without following links. */
export interface FileFacts {
  /** Its kind. */
  readonly kind: EntryKind;
  /** Its length, in bytes. */
  readonly size: number;
  /** Its inode number, as text. */
  readonly inode: string;
  /** A text that differs after the file was changed or replaced. */
  readonly stamp: string;
}

/** A lock on a file, which other processes see. */
export interface FileLock {
  /** Releases the lock. */
  release(): void;
}

/** The kind of access to a path for which a runtime may need a permission. */
export type FileAccess = "read" | "write";

/**
 * The file operations of a runtime. They fail with a {@linkcode CodexPermissionError} or a
 * {@linkcode CodexEnvironmentError}. Paths have slashes, on Windows too.
 */
export interface Files {
  /** Reads a variable of the environment; `undefined` if it is not set. */
  env(name: string): string | undefined;
  /** `true` on Windows. */
  readonly windows: boolean;
  /** Throws if the runtime would prompt before it grants access to a path. */
  requireAccess(path: string, access: FileAccess): void;
  /** Resolves the links in a path; resolves to `undefined` if it does not exist. */
  realPath(path: string): Promise<string | undefined>;
  /** Reads the facts of a path, without following links; resolves to `undefined` if it does not exist. */
  look(path: string): Promise<FileFacts | undefined>;
  /** Lists a folder; the list is empty if it does not exist. */
  list(path: string): Promise<FolderEntry[]>;
  /** Reads a file up to its size when opened; resolves to `undefined` if it does not exist. */
  read(path: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** Creates a folder that only this user can enter; does nothing if it exists. */
  makeFolder(path: string): Promise<void>;
  /** Writes a new file that only this user can read, and syncs it to the disk. */
  writeNew(path: string, content: Uint8Array): Promise<void>;
  /**
   * Creates a hard link to a file, atomically; resolves to `false` if the new path exists.
   */
  link(path: string, newPath: string): Promise<boolean>;
  /** Renames a file atomically; replaces a file at the new path. */
  rename(path: string, newPath: string): Promise<void>;
  /** Removes a file; does nothing if it does not exist. */
  remove(path: string): Promise<void>;
  /**
   * Acquires the system's lock (flock) on a file, which is created if it does not exist;
   * resolves to `undefined` if another process has the lock. Absent if the runtime cannot
   * lock files.
   */
  readonly tryLock?: (path: string) => Promise<FileLock | undefined>;
  /**
   * Lists the inodes of the files that are locked (flock); resolves to `undefined` if the
   * system does not tell.
   */
  lockedInodes(): Promise<ReadonlySet<string> | undefined>;
}
