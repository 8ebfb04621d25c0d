import type { FileKind } from "./types.ts";

/** The kind of an entry of a folder, links not followed. */
export type EntryKind = FileKind | "link";

/** An entry of a folder. */
export interface FolderEntry {
  /** Its name. */
  readonly name: string;
  /** Its kind. */
  readonly kind: EntryKind;
}

/** What the system says of a file, links not followed. */
export interface FileFacts {
  /** Its kind. */
  readonly kind: EntryKind;
  /** Its length, in bytes. */
  readonly size: number;
  /** The number that the system has for it, as text. */
  readonly inode: string;
  /** Another text when it was changed, or another file has taken its place. */
  readonly stamp: string;
}

/** A lock on a file, which other processes see. */
export interface FileLock {
  /** Lets it go. */
  release(): void;
}

/** The right to a path that a runtime may want to be granted. */
export type FileAccess = "read" | "write";

/**
 * The features that work on files needs of a runtime. What fails is a
 * {@linkcode CodexPermissionError} or a {@linkcode CodexEnvironmentError}. Paths have
 * slashes, on Windows too.
 */
export interface Files {
  /** Reads a variable of the environment; `undefined` if it is not set. */
  env(name: string): string | undefined;
  /** True on Windows. */
  readonly windows: boolean;
  /** Fails where the runtime would ask before it lets this program at a path. */
  requireAccess(path: string, access: FileAccess): void;
  /** Resolves the links in a path; gives `undefined` if nothing is there. */
  realPath(path: string): Promise<string | undefined>;
  /** Reads what is at a path, links not followed; gives `undefined` if nothing is. */
  look(path: string): Promise<FileFacts | undefined>;
  /** Lists a folder; empty if it is missing. */
  list(path: string): Promise<FolderEntry[]>;
  /** Reads a file, as long as it is when it is opened; gives `undefined` if nothing is there. */
  read(path: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** Makes a folder that only this user can enter; does nothing if it is there. */
  makeFolder(path: string): Promise<void>;
  /** Writes a new file that only this user can read, through to the disk. */
  writeNew(path: string, content: Uint8Array): Promise<void>;
  /**
   * Gives a file a second name, in one step; tells whether the name was free.
   */
  link(path: string, newPath: string): Promise<boolean>;
  /** Moves a file in one step to where another one may be. */
  rename(path: string, newPath: string): Promise<void>;
  /** Removes a file; does nothing if it is missing. */
  remove(path: string): Promise<void>;
  /**
   * Takes the system's lock (flock) on a file, which is made if it is missing; gives
   * `undefined` if another process has it. Missing where the runtime cannot.
   */
  readonly tryLock?: (path: string) => Promise<FileLock | undefined>;
  /**
   * Reads which files the system has a lock (flock) on, by their inodes; gives
   * `undefined` where it does not say.
   */
  lockedInodes(): Promise<ReadonlySet<string> | undefined>;
}
