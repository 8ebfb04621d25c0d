import type * as childProcess from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import type * as fsSync from "node:fs";
import type * as fs from "node:fs/promises";
import type * as http from "node:http";
import type { AddressInfo } from "node:net";
import type * as nodeModule from "node:module";
import type * as os from "node:os";
import type * as path from "node:path";
import type nodeProcess from "node:process";
import type { Readable, Writable } from "node:stream";
import {
  CodexEnvironmentError,
  CodexPermissionError,
} from "../errors/codex_error.ts";
import {
  hostError,
  isMissing,
  temporaryFolderError,
  workingDirectoryError,
} from "../errors/host_error.ts";
import { globalWebSocket } from "./global_web_socket.ts";
import { removeWithRetries } from "./remove_with_retries.ts";
import { spawnError } from "./spawn_error.ts";
import type {
  ChildEnvironment,
  ChildProcess,
  ExitStatus,
  FileKind,
  HttpReply,
  HttpRequest,
  LoopbackServer,
  Ownership,
  PipeReader,
  PipeWriter,
  Runtime,
  SpawnCommand,
  WebSocketClass,
} from "./types.ts";
import { readChunks } from "../util/read_chunks.ts";
import { quoted } from "../util/text.ts";

/**
 * The part of the global `process` that is used. To import it as a module takes Node
 * 2 ms: all its properties are read then, and stdin, stdout and stderr are opened.
 */
export interface NodeProcess extends
  Pick<
    typeof nodeProcess,
    | "arch"
    | "argv"
    | "cwd"
    | "env"
    | "execArgv"
    | "exitCode"
    | "geteuid"
    | "kill"
    | "platform"
    | "versions"
  > {
  /** The flags that this Node knows. */
  readonly allowedNodeEnvironmentFlags: { has(flag: string): boolean };
  /** What it may do, under `--permission`. */
  readonly permission?: { has(scope: string): boolean };
  /** Gives a built-in module without an import: it is loaded when a turn needs it. */
  getBuiltinModule<Name extends keyof NodeModules>(
    name: Name,
  ): NodeModules[Name];
}

/** The built-in modules that are used; Node and Bun have them all. */
interface NodeModules {
  "node:child_process": typeof childProcess;
  "node:fs": typeof fsSync;
  "node:fs/promises": typeof fs;
  "node:http": typeof http;
  "node:module": typeof nodeModule;
  "node:os": typeof os;
  "node:path": typeof path;
}

/** Makes the runtime for Node and Bun, on the `node:` modules that both have. */
export function nodeRuntime(process: NodeProcess): Runtime {
  // Asked for when it is used: the blocked thread of `./sync` makes no use of it.
  const files = (): typeof fs => process.getBuiltinModule("node:fs/promises");
  return {
    name: process.versions.bun === undefined ? "node" : "bun",
    platform: process.platform,
    arch: process.arch,
    cwd: () => workingDirectory(process),
    userId: () => process.geteuid?.(),
    env: (name) => process.env[name],
    // Node makes the names of Windows' variables alike, and Bun does.
    searchPath: () => Promise.resolve(process.env.PATH ?? process.env.Path),
    mayRun: () => true,
    spawn: (command) => spawn(process, command),
    fileKind: (path) => fileKind(files(), path),
    ownership: (path) => ownership(process, files(), path),
    resolvePackage: (name, from) => resolvePackage(process, name, from),
    realPath: (path) => files().realpath(path).catch(() => path),
    async makeTempFolder(prefix): Promise<string> {
      const folder = process.getBuiltinModule("node:os").tmpdir();
      const { join } = process.getBuiltinModule("node:path");
      try {
        return await files().mkdtemp(join(folder, prefix));
      } catch (error) {
        throw nodePermissionError(error, "make a temporary folder", folder) ??
          temporaryFolderError(folder, error);
      }
    },
    async writeFile(path, content): Promise<void> {
      try {
        await files().writeFile(path, content, { mode: 0o600 });
      } catch (error) {
        const action = `write ${quoted(path)}`;
        throw nodePermissionError(error, action, path) ??
          hostError(action, path, error);
      }
    },
    readStart: (path, length) => readStart(files(), path, length),
    listFolder: (path) => files().readdir(path),
    readText: (path) => files().readFile(path, "utf8"),
    listenOnLoopback: (answer) => listenOnLoopback(process, answer),
    kill(pid, signal): void {
      try {
        process.kill(pid, signal);
      } catch {
        // It has ended already.
      }
    },
    removeFolder: (path, known) => removeFolder(files(), path, known),
    async webSocket(): Promise<WebSocketClass> {
      return await Promise.resolve(globalWebSocket() ?? loadWs(process));
    },
  };
}

/** Loads the WebSocket of the package ws, where the runtime has none (facts R38). */
function loadWs(process: NodeProcess): WebSocketClass {
  const { createRequire } = process.getBuiltinModule("node:module");
  try {
    // Not by an import, which bundlers would follow: on Node 20 alone it is needed.
    return createRequire(import.meta.url)("ws").WebSocket;
  } catch (cause) {
    throw new CodexEnvironmentError(
      "Cannot connect: this Node has no WebSocket; install the package ws, or use Node 22 or newer",
      { path: "ws", systemCode: "", cause },
    );
  }
}

async function removeFolder(
  { rm, rmdir, unlink }: typeof fs,
  path: string,
  known: readonly string[],
): Promise<void> {
  try {
    await removeWithRetries(() => rm(path, { recursive: true, force: true }));
  } catch (error) {
    // To find what is there, it would have to read.
    if (nodePermissionError(error, "", path) === undefined) throw error;
    await Promise.all(known.map((file) => unlink(file).catch(() => {})));
    await rmdir(path);
  }
}

/** Gives the working directory. Node keeps naming one that was removed, so it is checked. */
function workingDirectory(process: NodeProcess): string {
  let folder = ".";
  try {
    folder = process.cwd();
    const { statSync } = process.getBuiltinModule("node:fs");
    statSync(folder);
    return folder;
  } catch (error) {
    if (isMissing(error)) throw workingDirectoryError(folder, error);
    // It may be there and closed to this program, as under Node's permissions.
    return folder;
  }
}

function resolvePackage(
  process: NodeProcess,
  name: string,
  from: string,
): string | undefined {
  // Only PnP resolves what is in no `node_modules`; it says so here.
  if (process.versions.pnp === undefined) return undefined;
  const { createRequire } = process.getBuiltinModule("node:module");
  const { dirname } = process.getBuiltinModule("node:path");
  try {
    return dirname(createRequire(from).resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
}

async function ownership(
  { platform }: NodeProcess,
  { stat }: typeof fs,
  path: string,
): Promise<Ownership | undefined> {
  if (platform === "win32") return undefined;
  try {
    const { uid, mode } = await stat(path);
    return { ownerId: uid, isOpenToAll: (mode & 0o002) !== 0 };
  } catch {
    return undefined;
  }
}

/** The flags of Node's permissions, by the permission's name. */
const PERMISSION_FLAGS: { readonly [permission: string]: string } = {
  FileSystemRead: "--allow-fs-read",
  FileSystemWrite: "--allow-fs-write",
  ChildProcess: "--allow-child-process",
};

/** Makes the error for what Node's `--permission` forbids; gives `undefined` for any other error. */
export function nodePermissionError(
  error: unknown,
  action: string,
  path: string,
): CodexPermissionError | undefined {
  const { code, permission } = Object(error) as {
    code?: unknown;
    permission?: unknown;
  };
  // What Node's permissions forbid (facts R26).
  if (code !== "ERR_ACCESS_DENIED") return undefined;
  const name = PERMISSION_FLAGS[String(permission)] ?? "--allow-fs-read";
  const flag = permission === "ChildProcess" ? name : `${name}=${path}`;
  return new CodexPermissionError(
    `Cannot ${action}: Node needs ${flag}`,
    { flag, cause: error },
  );
}

async function spawn(
  process: NodeProcess,
  command: SpawnCommand,
): Promise<ChildProcess> {
  const { program, args, env, cwd, detached = false } = command;
  const { spawn } = process.getBuiltinModule("node:child_process");
  try {
    const child = spawn(program, args, {
      env: environment(process, env),
      cwd,
      stdio: "pipe",
      detached,
      // Never a shell: what stands in an argument stays an argument.
      shell: false,
      windowsHide: true,
    });
    // At once: those of a child that could not be started fail as well, and an error
    // that nobody listens to ends the host (facts R3). There may be none at all.
    for (const pipe of [child.stdin, child.stdout, child.stderr]) {
      pipe?.on("error", () => {});
    }
    const exited = waitForExit(child);
    await waitForStart(child);
    return {
      pid: child.pid ?? 0,
      stdin: toPipeWriter(child.stdin),
      stdout: new NodePipeReader(child.stdout),
      stderr: new NodePipeReader(child.stderr),
      // A chunk may be a part of a pool.
      chunksOwnBuffer: false,
      exited,
      kill(signal): void {
        child.kill(signal);
      },
    };
  } catch (error) {
    throw nodePermissionError(error, `run ${quoted(program)}`, program) ??
      spawnError(command, error);
  }
}

/** Waits until the child has started; fails if it could not. */
function waitForStart(child: ChildProcessWithoutNullStreams): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once("spawn", resolve);
    // Stays: an error after the start must never be an uncaught one (facts R3).
    child.on("error", reject);
  });
}

function waitForExit(
  child: ChildProcessWithoutNullStreams,
): Promise<ExitStatus> {
  return new Promise((resolve) => {
    child.once("exit", (exitCode, signal) => resolve({ exitCode, signal }));
  });
}

/** Builds the child's environment; on Windows names are case-insensitive. */
function environment(
  process: NodeProcess,
  env: ChildEnvironment,
): { [name: string]: string } {
  if (!env.inherit) return { ...env.set };
  const fold = (name: string): string =>
    process.platform === "win32" ? name.toUpperCase() : name;
  const own = new Set([...Object.keys(env.set), ...env.unset].map(fold));
  const merged: { [name: string]: string } = { ...env.set };
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && !own.has(fold(name))) merged[name] = value;
  }
  return merged;
}

/** The address that programs of this machine alone can reach. */
const LOOPBACK = "127.0.0.1";

/** Listens on a free port of 127.0.0.1. */
async function listenOnLoopback(
  process: NodeProcess,
  answer: (request: HttpRequest) => Promise<HttpReply>,
): Promise<LoopbackServer> {
  // What is not allowed would end the host, past all that catches (facts R37).
  if (
    process.allowedNodeEnvironmentFlags.has("--allow-net") &&
    process.permission?.has("net") === false
  ) {
    throw new CodexPermissionError(
      `Cannot listen on ${LOOPBACK} for calls of tools: Node needs --allow-net`,
      { flag: "--allow-net" },
    );
  }
  const { createServer } = process.getBuiltinModule("node:http");
  // A connection is not closed while the CLI may be about to use it again.
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    // An error that nobody listens to ends the host: of a client that has gone.
    request.on("error", () => {});
    response.on("error", () => {});
    answer(toHttpRequest(request)).then(({ status, headers, body }) => {
      const bytes = new TextEncoder().encode(body);
      response.writeHead(status, {
        ...headers,
        "content-length": bytes.length,
        // What was not read of a request stands before the next one.
        ...request.complete ? {} : { connection: "close" },
      });
      response.end(bytes);
    });
  });
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(0, LOOPBACK, resolve);
    });
  } catch (error) {
    throw hostError(`listen on ${LOOPBACK}`, LOOPBACK, error);
  }
  server.on("error", () => {});
  server.unref();
  return {
    port: (server.address() as AddressInfo).port,
    close(): Promise<void> {
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

function toHttpRequest(request: http.IncomingMessage): HttpRequest {
  return {
    method: request.method ?? "",
    path: request.url ?? "",
    header(name): string | undefined {
      const value = request.headers[name];
      return Array.isArray(value) ? value.join(", ") : value;
    },
    readBody: (maxBytes) => readChunks(request, maxBytes),
  };
}

async function fileKind(
  { stat }: typeof fs,
  path: string,
): Promise<FileKind | undefined> {
  try {
    const stats = await stat(path);
    if (stats.isFile()) return "file";
    return stats.isDirectory() ? "folder" : "other";
  } catch (error) {
    if (isMissing(error)) return undefined;
    const action = `look at ${quoted(path)}`;
    throw nodePermissionError(error, action, path) ??
      hostError(action, path, error);
  }
}

async function readStart(
  { open }: typeof fs,
  path: string,
  length: number,
): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const buffer = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await file.read(buffer, filled, length - filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return buffer.subarray(0, filled);
  } finally {
    await file.close();
  }
}

/** Reads a pipe, one chunk ahead of the consumer: a slow consumer slows the child. */
class NodePipeReader implements PipeReader {
  readonly #pipe: Readable;
  /** The chunks that have arrived and wait for a reader. */
  readonly #chunks: Uint8Array[] = [];
  /** The end of the pipe, with its error if it broke; `undefined` while it is open. */
  #end: { readonly error?: Error } | undefined;
  /** Wakes the reader that waits; `undefined` if none does. */
  #wake: (() => void) | undefined;

  constructor(pipe: Readable) {
    this.#pipe = pipe;
    // Added at once: when a child has exited, Node throws away what is in a pipe
    // that nobody listens to (facts R13).
    pipe.on("data", (chunk: Uint8Array) => {
      this.#chunks.push(chunk);
      // Bun hands several over before who waits has run.
      if (!this.#notify()) pipe.pause();
    });
    const end = (error?: Error): void => {
      this.#end ??= { error };
      this.#notify();
    };
    pipe.on("end", () => end());
    pipe.on("close", () => end());
    pipe.on("error", end);
  }

  async read(): Promise<Uint8Array | undefined> {
    if (this.#chunks.length === 0 && this.#end === undefined) {
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
    const chunk = this.#chunks.shift();
    if (this.#chunks.length === 0 && this.#pipe.isPaused()) this.#pipe.resume();
    if (chunk === undefined && this.#end?.error) throw this.#end.error;
    return chunk;
  }

  cancel(): Promise<void> {
    this.#chunks.length = 0;
    this.#end = {};
    this.#pipe.destroy();
    this.#notify();
    return Promise.resolve();
  }

  /** Wakes the reader that waits, once; tells whether there was one. */
  #notify(): boolean {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
    return wake !== undefined;
  }
}

function toPipeWriter(pipe: Writable): PipeWriter {
  // A pipe that breaks makes the write fail; see `spawn` for the event.
  return {
    write: (chunk) => promisify((callback) => pipe.write(chunk, callback)),
    close: () => promisify((callback) => pipe.end(callback)),
    abort(): Promise<void> {
      pipe.destroy();
      return Promise.resolve();
    },
  };
}

function promisify(
  start: (callback: (error?: Error | null) => void) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => error ? reject(error) : resolve());
  });
}
