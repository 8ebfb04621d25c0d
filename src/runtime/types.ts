/** The environment of a child. */
export interface ChildEnvironment {
  /** True if it begins with the host's variables. */
  readonly inherit: boolean;
  /** Variables to set. */
  readonly set: { readonly [name: string]: string };
  /** Variables of the host to leave out. */
  readonly unset: readonly string[];
}

/** A program to start. */
export interface SpawnCommand {
  /** The program: a path, or a name that the system finds on PATH. */
  readonly program: string;
  /** Its arguments. */
  readonly args: readonly string[];
  /** Its environment. */
  readonly env: ChildEnvironment;
  /** The folder that it starts in, an absolute path; by default the host's own. */
  readonly cwd?: string | undefined;
  /** True if it outlives the host, in a separate session. */
  readonly detached?: boolean;
}

/** The end of a child: an exit code or a signal. */
export interface ExitStatus {
  /** The exit code; `null` if a signal ended it. */
  readonly exitCode: number | null;
  /** The signal that ended it. */
  readonly signal: string | null;
}

/** The signals that end a child, from the most to the least polite. */
export type EndingSignal = "SIGINT" | "SIGTERM" | "SIGKILL";

// Not web streams: Node loads those in 2 ms, and has them over its own.

/** A pipe to read from, one chunk after the other. */
export interface PipeReader {
  /** Reads the next chunk; gives `undefined` at the end. Fails if the pipe breaks. */
  read(): Promise<Uint8Array | undefined>;
  /** Closes it: what is left in it is lost, and a read that waits gives `undefined`. */
  cancel(): Promise<void>;
}

/** A pipe to write to, one chunk after the other. */
export interface PipeWriter {
  /** Writes a chunk; resolves when the system has taken it. Fails if the pipe breaks. */
  write(chunk: Uint8Array): Promise<void>;
  /** Closes it after what was written. */
  close(): Promise<void>;
  /** Closes it at once: what waits to be written fails. */
  abort(): Promise<void>;
}

/** A process that was started. */
export interface ChildProcess {
  /** Its id. */
  readonly pid: number;
  /** The pipe to its stdin. */
  readonly stdin: PipeWriter;
  /** The pipe from its stdout. */
  readonly stdout: PipeReader;
  /** The pipe from its stderr. */
  readonly stderr: PipeReader;
  /**
   * True if no two chunks of its output share a buffer, even where a chunk fills only a
   * part of its own.
   */
  readonly chunksOwnBuffer: boolean;
  /** Resolves when it has ended; never fails. */
  readonly exited: Promise<ExitStatus>;
  /** Sends it a signal; does nothing if it has ended. */
  kill(signal: EndingSignal): void;
}

/** The kind of file at a path. */
export type FileKind = "file" | "folder" | "other";

/** The rights to change a file, or the content of a folder. */
export interface Ownership {
  /** Its owner's number. */
  readonly ownerId: number;
  /** True if every user of the machine may write to it. */
  readonly isOpenToAll: boolean;
}

/** A request that came in by HTTP. */
export interface HttpRequest {
  /** The method, in capital letters. */
  readonly method: string;
  /** The path, with the query if there is one. */
  readonly path: string;
  /** Reads a header by its name in small letters. */
  header(name: string): string | undefined;
  /** Reads the body as UTF-8; gives `undefined` for one that is longer than `maxBytes`. */
  readBody(maxBytes: number): Promise<string | undefined>;
}

/** The answer to a request. */
export interface HttpReply {
  /** The status code. */
  readonly status: number;
  /** The headers, beside the body's length. */
  readonly headers: { readonly [name: string]: string };
  /** The body. */
  readonly body: string;
}

/** A server on the loopback interface. It never keeps the program alive. */
export interface LoopbackServer {
  /** The port that the system gave it. */
  readonly port: number;
  /** Ends it with all its connections; requests that are being answered get no answer. */
  close(): Promise<void>;
}

/** The events of a WebSocket that are listened to, each with what is read of any. */
export interface WebSocketEvent {
  /** What a message holds. */
  readonly data?: unknown;
  /** The code of a close. */
  readonly code?: number;
  /** The reason of a close. */
  readonly reason?: string;
  /** What is told of an error. */
  readonly message?: string;
  /** The error. */
  readonly error?: unknown;
}

/** The part of a WebSocket that is used: the web's own, and that of the package ws. */
export interface WebSocketLike {
  binaryType: string;
  addEventListener(
    type: "open" | "message" | "error" | "close",
    listener: (event: WebSocketEvent) => void,
  ): void;
  send(text: string): void;
  close(): void;
}

/** Makes a WebSocket that sends headers with its request. */
export type WebSocketClass = new (
  url: string,
  options: { readonly headers: { readonly [name: string]: string } },
) => WebSocketLike;

/** The features that this package needs of a JavaScript runtime. */
export interface Runtime {
  /** The runtime's name. */
  readonly name: "deno" | "node" | "bun";
  /** The system, as Node names it: `linux`, `darwin`, `win32` and others. */
  readonly platform: string;
  /** The processor, as Node names it: `x64`, `arm64` and others. */
  readonly arch: string;
  /** Gives the working directory; throws {@linkcode CodexEnvironmentError} if it was removed. */
  cwd(): string;
  /** Gives the number of the current user; `undefined` if it is unknown. */
  userId(): number | undefined;
  /** Reads a variable of the environment; `undefined` if it is not set, or may not be read. */
  env(name: string): string | undefined;
  /** Reads `PATH`; `undefined` if it is not set, or unknown. */
  searchPath(): Promise<string | undefined>;
  /** Tells whether the runtime may start a program, or all, without a prompt. */
  mayRun(program?: string): boolean;
  /** Starts a process; fails with one of this package's errors if it cannot. */
  spawn(command: SpawnCommand): Promise<ChildProcess>;
  /**
   * Reads the kind of file at a path, links followed; gives `undefined` if there is none.
   * Throws {@linkcode CodexPermissionError} if the runtime does not allow it, and
   * {@linkcode CodexEnvironmentError} if the system does not.
   */
  fileKind(path: string): Promise<FileKind | undefined>;
  /**
   * Reads who may change a file, links followed; gives `undefined` on systems without
   * such rights, or if it is unknown.
   */
  ownership(path: string): Promise<Ownership | undefined>;
  /**
   * Finds the folder of a package as a package manager without `node_modules` (Yarn's
   * PnP) resolves it from a file; gives `undefined` without such a manager, or if it
   * does not know the package.
   */
  resolvePackage(name: string, from: string): string | undefined;
  /** Resolves the links in a path; gives it as it is if that fails. */
  realPath(path: string): Promise<string>;
  /**
   * Makes a new folder for temporary files that only this user can read. Throws
   * {@linkcode CodexPermissionError} or {@linkcode CodexEnvironmentError} if it
   * cannot.
   */
  makeTempFolder(prefix: string): Promise<string>;
  /** Writes a file that only this user can read; throws as {@linkcode Runtime.makeTempFolder} does. */
  writeFile(path: string, content: string | Uint8Array): Promise<void>;
  /** Reads the first bytes of a file, at most `length`; fails if it may not be read. */
  readStart(path: string, length: number): Promise<Uint8Array>;
  /** Lists the names in a folder; fails if it may not be read. */
  listFolder(path: string): Promise<string[]>;
  /** Reads a file as text; fails if it may not be read. */
  readText(path: string): Promise<string>;
  /**
   * Listens on a free port of 127.0.0.1.
   *
   * @param answer Answers a request; never fails.
   * @throws {CodexPermissionError} If the runtime does not allow it.
   * @throws {CodexEnvironmentError} If the system does not.
   */
  listenOnLoopback(
    answer: (request: HttpRequest) => Promise<HttpReply>,
  ): Promise<LoopbackServer>;
  /** Sends a signal to a process that is not a child; does nothing if it is gone, or may not be signalled. */
  kill(pid: number, signal: EndingSignal): void;
  /**
   * Removes a folder with all that is in it; does nothing if it is missing. Where it may
   * only be in use, it tries again for a second and a half.
   *
   * @param files The files that are known to be in it: the runtime cannot find them if
   * it may not read the folder.
   */
  removeFolder(path: string, files: readonly string[]): Promise<void>;
  /**
   * Gives the WebSocket that takes headers: the runtime's own, or where it has none, that
   * of the package ws. Throws {@linkcode CodexEnvironmentError} if there is none, and
   * {@linkcode CodexPermissionError} if the runtime would ask before it connects to a host.
   */
  webSocket(host: string): Promise<WebSocketClass>;
}
