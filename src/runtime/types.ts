/** What a child gets for its environment. */
export interface ChildEnvironment {
  /** Whether it begins with the host's variables. */
  readonly inherit: boolean;
  /** Variables to set. */
  readonly set: { readonly [name: string]: string };
  /** Variables of the host to leave out. */
  readonly unset: readonly string[];
}

/** What to start. */
export interface SpawnCommand {
  /** The program: a path, or a name that the system finds on PATH. */
  readonly program: string;
  /** Its arguments. */
  readonly args: readonly string[];
  /** Its environment. */
  readonly env: ChildEnvironment;
  /** The folder that it starts in, an absolute path; the host's own where it is left out. */
  readonly cwd?: string | undefined;
  /** Whether it is to live on when the host ends, and in a session of its own. */
  readonly detached?: boolean;
}

/** How a child ended. */
export interface ExitStatus {
  /** The exit code; `null` if a signal ended it. */
  readonly exitCode: number | null;
  /** The signal that ended it. */
  readonly signal: string | null;
}

/** The signals that end a child, from the most to the least polite. */
export type EndingSignal = "SIGINT" | "SIGTERM" | "SIGKILL";

// Not web streams: Node loads those in 2 ms, and has them over its own.

/** A pipe that is read, one chunk after the other. */
export interface PipeReader {
  /** The next chunk; nothing at the end. Fails if the pipe breaks. */
  read(): Promise<Uint8Array | undefined>;
  /** Closes it: what is left in it is lost, and a read that waits has nothing. */
  cancel(): Promise<void>;
}

/** A pipe that is written to, one chunk after the other. */
export interface PipeWriter {
  /** Done when the system has taken the chunk. Fails if the pipe breaks. */
  write(chunk: Uint8Array): Promise<void>;
  /** Ends it after what was written. */
  close(): Promise<void>;
  /** Closes it at once: what waits to be written fails. */
  abort(): Promise<void>;
}

/** A process that was started. */
export interface ChildProcess {
  /** Its id. */
  readonly pid: number;
  /** Where its input goes. */
  readonly stdin: PipeWriter;
  /** Where its output comes from. */
  readonly stdout: PipeReader;
  /** Where its messages come from. */
  readonly stderr: PipeReader;
  /**
   * Whether the memory of each chunk that it prints is the chunk's alone, also where
   * the chunk fills only a part of it.
   */
  readonly chunksOwnBuffer: boolean;
  /** How it ended; never fails. */
  readonly exited: Promise<ExitStatus>;
  /** Sends it a signal; does nothing if it has ended. */
  kill(signal: EndingSignal): void;
}

/** What stands at a path. */
export type FileKind = "file" | "folder" | "other";

/** Who may change a file, or what is in a folder. */
export interface Ownership {
  /** Its owner's number. */
  readonly ownerId: number;
  /** Whether every user of the machine may write to it. */
  readonly isOpenToAll: boolean;
}

/** What this package needs of the JavaScript runtime that it runs on. */
export interface Runtime {
  /** The runtime's name. */
  readonly name: "deno" | "node" | "bun";
  /** The system, in Node's words: `linux`, `darwin`, `win32` and others. */
  readonly platform: string;
  /** The processor, in Node's words: `x64`, `arm64` and others. */
  readonly arch: string;
  /** The working directory; throws {@linkcode CodexEnvironmentError} if it was removed. */
  cwd(): string;
  /** The number of the user who runs this; nothing where it cannot be told. */
  userId(): number | undefined;
  /** A variable of the environment; nothing where it is not set, or may not be read. */
  env(name: string): string | undefined;
  /** The value of `PATH`; nothing where it is not set, or cannot be told. */
  searchPath(): Promise<string | undefined>;
  /** Whether the runtime lets a program be started, or any, without asking anybody. */
  mayRun(program?: string): boolean;
  /** Starts a process; fails with one of this package's errors if it cannot. */
  spawn(command: SpawnCommand): Promise<ChildProcess>;
  /**
   * What stands at a path, links followed; nothing where there is nothing.
   * Throws {@linkcode CodexPermissionError} where the runtime forbids to look, and
   * {@linkcode CodexEnvironmentError} where the system does.
   */
  fileKind(path: string): Promise<FileKind | undefined>;
  /** Who may change what stands at a path, links followed; nothing on systems without such rights, or where it cannot be told. */
  ownership(path: string): Promise<Ownership | undefined>;
  /**
   * The folder of a package as a package manager without `node_modules` (Yarn's PnP)
   * resolves it from a file; nothing without such a one, or where it knows none.
   */
  resolvePackage(name: string, from: string): string | undefined;
  /** The path without links; as it is where that cannot be told. */
  realPath(path: string): Promise<string>;
  /**
   * Makes a folder of its own for temporary files that only this user can read.
   * Throws {@linkcode CodexPermissionError} or {@linkcode CodexEnvironmentError}
   * where it cannot.
   */
  makeTempFolder(prefix: string): Promise<string>;
  /** Writes a file that only this user can read; throws as {@linkcode Runtime.makeTempFolder} does. */
  writeFile(path: string, content: string | Uint8Array): Promise<void>;
  /** The first bytes of a file, at most `length`; fails where it may not be read. */
  readStart(path: string, length: number): Promise<Uint8Array>;
  /** The names in a folder; fails where it may not be read. */
  listFolder(path: string): Promise<string[]>;
  /** A file's text; fails where it may not be read. */
  readText(path: string): Promise<string>;
  /** Sends a signal to a process that is no child; does nothing if it is gone, or may not be signalled. */
  kill(pid: number, signal: EndingSignal): void;
  /**
   * Removes a folder with all that is in it; a missing one is no error.
   *
   * @param files What is known to be in it: where the runtime lets nothing be read
   * there, it cannot be found.
   */
  removeFolder(path: string, files: readonly string[]): Promise<void>;
}
