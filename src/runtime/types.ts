/** The environment of a child. */
export interface ChildEnvironment {
  /** `true` to inherit the host's variables. */
  readonly inherit: boolean;
  /** Variables to set. */
  readonly set: { readonly [name: string]: string };
  /** Variables of the host that are not inherited. */
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
  /** `true` to start it in a separate session, in which it outlives the host. */
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

// Not web streams: they take Node 2 ms to load, and are built on its own streams.

/** A pipe to read from, one chunk after the other. */
export interface PipeReader {
  /** Reads the next chunk; resolves to `undefined` at the end. Rejects if the pipe breaks. */
  read(): Promise<Uint8Array | undefined>;
  /** Closes the pipe: unread data is lost, and a pending read resolves to `undefined`. */
  cancel(): Promise<void>;
}

/** A pipe to write to, one chunk after the other. */
export interface PipeWriter {
  /** Writes a chunk; resolves when the system has accepted it. Rejects if the pipe breaks. */
  write(chunk: Uint8Array): Promise<void>;
  /** Closes the pipe once all chunks are written. */
  close(): Promise<void>;
  /** Closes the pipe at once: pending writes fail. */
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
   * `true` if no two chunks of its output share a buffer, even if a chunk fills only a
   * part of its buffer.
   */
  readonly chunksOwnBuffer: boolean;
  /** Resolves when it has ended; never rejects. */
  readonly exited: Promise<ExitStatus>;
  /** Sends it a signal; does nothing if it has ended. */
  kill(signal: EndingSignal): void;
}

/** The kind of file at a path. */
export type FileKind = "file" | "folder" | "other";

/** The owner of a file or folder, and its write permission for others. */
export interface Ownership {
  /** Its owner's user id. */
  readonly ownerId: number;
  /** `true` if every user of the machine may write to it. */
  readonly isOpenToAll: boolean;
}

/** An incoming HTTP request. */
export interface HttpRequest {
  /** The method, in upper case. */
  readonly method: string;
  /** The path, with the query if there is one. */
  readonly path: string;
  /** Reads a header by its name in lower case. */
  header(name: string): string | undefined;
  /** Reads the body as UTF-8; resolves to `undefined` if it is longer than `maxBytes`. */
  readBody(maxBytes: number): Promise<string | undefined>;
}

/** The reply to an HTTP request. */
export interface HttpReply {
  /** The status code. */
  readonly status: number;
  /** The headers, except the body's length. */
  readonly headers: { readonly [name: string]: string };
  /** The body. */
  readonly body: string;
}

/** A server on the loopback interface. It never keeps the program alive. */
export interface LoopbackServer {
  /** The port that the system assigned. */
  readonly port: number;
  /** Ends the server and all its connections; pending requests get no reply. */
  close(): Promise<void>;
}

/** An event of a WebSocket, with the fields that are used of any kind. */
export interface WebSocketEvent {
  /** The data of a `message` event. */
  readonly data?: unknown;
  /** The code of a `close` event. */
  readonly code?: number;
  /** The reason of a `close` event. */
  readonly reason?: string;
  /** The message of an `error` event. */
  readonly message?: string;
  /** The error of an `error` event. */
  readonly error?: unknown;
}

/** The part of a WebSocket that is used, of the web's own and of the package ws. */
export interface WebSocketLike {
  binaryType: string;
  addEventListener(
    type: "open" | "message" | "error" | "close",
    listener: (event: WebSocketEvent) => void,
  ): void;
  send(text: string): void;
  close(): void;
}

/** A constructor of a WebSocket that sends headers with its request. */
export type WebSocketClass = new (
  url: string,
  options: { readonly headers: { readonly [name: string]: string } },
) => WebSocketLike;

/** The features that this package needs of a JavaScript runtime. */
export interface Runtime {
  /** The runtime's name. */
  readonly name: "deno" | "node" | "bun";
  /** The platform, as Node names it: `linux`, `darwin`, `win32` and others. */
  readonly platform: string;
  /** The processor, as Node names it: `x64`, `arm64` and others. */
  readonly arch: string;
  /** Returns the working directory; throws a {@linkcode CodexEnvironmentError} if it was removed. */
  cwd(): string;
  /** Returns the id of the current user; `undefined` if it is unknown. */
  userId(): number | undefined;
  /** Reads a variable of the environment; `undefined` if it is not set, or may not be read. */
  env(name: string): string | undefined;
  /** Reads `PATH`; `undefined` if it is not set, or unknown. */
  searchPath(): Promise<string | undefined>;
  /** Tells whether the runtime may start a program, or all, without a prompt. */
  mayRun(program?: string): boolean;
  /** Starts a process; rejects with one of this package's errors if it cannot. */
  spawn(command: SpawnCommand): Promise<ChildProcess>;
  /**
   * Reads the kind of file at a path, following links; resolves to `undefined` if it does not
   * exist. Rejects with a {@linkcode CodexPermissionError} if the runtime denies access, and
   * with a {@linkcode CodexEnvironmentError} if the system does.
   */
  fileKind(path: string): Promise<FileKind | undefined>;
  /**
   * Reads the owner of a file, following links; resolves to `undefined` if it is unknown, and
   * on systems without such owners.
   */
  ownership(path: string): Promise<Ownership | undefined>;
  /**
   * Finds the folder of a package as a package manager without `node_modules` (Yarn's
   * PnP) resolves it from a file; returns `undefined` without such a manager, or if it
   * does not know the package.
   */
  resolvePackage(name: string, from: string): string | undefined;
  /** Resolves the links in a path; resolves to the unchanged path if that fails. */
  realPath(path: string): Promise<string>;
  /**
   * Creates a new folder for temporary files that only this user can read. Rejects with a
   * {@linkcode CodexPermissionError} or {@linkcode CodexEnvironmentError} if it cannot.
   */
  makeTempFolder(prefix: string): Promise<string>;
  /** Writes a file that only this user can read; rejects as {@linkcode Runtime.makeTempFolder} does. */
  writeFile(path: string, content: string | Uint8Array): Promise<void>;
  /** Reads the first bytes of a file, at most `length`; rejects if it cannot be read. */
  readStart(path: string, length: number): Promise<Uint8Array>;
  /** Lists the names in a folder; rejects if it cannot be read. */
  listFolder(path: string): Promise<string[]>;
  /** Reads a file as text; rejects if it cannot be read. */
  readText(path: string): Promise<string>;
  /**
   * Listens on a free port of 127.0.0.1.
   *
   * @param answer Answers a request; never rejects.
   * @throws {CodexPermissionError} If the runtime does not allow it.
   * @throws {CodexEnvironmentError} If the system does not allow it.
   */
  listenOnLoopback(
    answer: (request: HttpRequest) => Promise<HttpReply>,
  ): Promise<LoopbackServer>;
  /** Sends a signal to a process that is not a child; does nothing if it has ended or may not be signalled. */
  kill(pid: number, signal: EndingSignal): void;
  /**
   * Removes a folder with its content; does nothing if it does not exist. If it may only be
   * in use, retries for 1.5 s.
   *
   * @param files The files that are known to be in it, since the runtime cannot find them
   * if it may not read the folder.
   */
  removeFolder(path: string, files: readonly string[]): Promise<void>;
  /**
   * Returns a WebSocket class that accepts headers: the runtime's own, or, if it has none,
   * that of the package ws. Rejects with a {@linkcode CodexEnvironmentError} if there is
   * neither, and with a {@linkcode CodexPermissionError} if the runtime would prompt before
   * it connects to `host`.
   */
  webSocket(host: string): Promise<WebSocketClass>;
}
