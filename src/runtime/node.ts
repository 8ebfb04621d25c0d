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
 * The part of the global `process` that is used. Importing it as a module takes Node
 * 2 ms, as that reads all properties, and opens stdin, stdout and stderr.
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
  /** The granted permissions, under `--permission`. */
  readonly permission?: { has(scope: string): boolean };
  /** Returns a built-in module without an import, so it is only loaded when a turn needs it. */
  getBuiltinModule<Name extends keyof NodeModules>(
    name: Name,
  ): NodeModules[Name];
}

/** The built-in modules that are used; Node and Bun have all of them. */
interface NodeModules {
  "node:child_process": typeof childProcess;
  "node:fs": typeof fsSync;
  "node:fs/promises": typeof fs;
  "node:http": typeof http;
  "node:module": typeof nodeModule;
  "node:os": typeof os;
  "node:path": typeof path;
}

/** Creates the runtime for Node and Bun, on the `node:` modules that both have. */
export function nodeRuntime(process: NodeProcess): Runtime {
  // Loaded on first use, as the blocked thread of `./sync` does not use it.
  const files = (): typeof fs => process.getBuiltinModule("node:fs/promises");
  return {
    name: process.versions.bun === undefined ? "node" : "bun",
    platform: process.platform,
    arch: process.arch,
    cwd: () => workingDirectory(process),
    userId: () => process.geteuid?.(),
    env: (name) => process.env[name],
    // On Windows, Node and Bun ignore the case of a variable's name.
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

/** Loads the WebSocket of the package ws, for a runtime without one (facts R38). */
function loadWs(process: NodeProcess): WebSocketClass {
  const { createRequire } = process.getBuiltinModule("node:module");
  try {
    // Not by an import, which bundlers would follow: only Node 20 needs it.
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
    // Finding the folder's files needs permission to read it.
    if (nodePermissionError(error, "", path) === undefined) throw error;
    await Promise.all(known.map((file) => unlink(file).catch(() => {})));
    await rmdir(path);
  }
}

/** Returns the working directory. Checks that it exists, as Node still returns one that was removed. */
function workingDirectory(process: NodeProcess): string {
  let folder = ".";
  try {
    folder = process.cwd();
    const { statSync } = process.getBuiltinModule("node:fs");
    statSync(folder);
    return folder;
  } catch (error) {
    if (isMissing(error)) throw workingDirectoryError(folder, error);
    // It may exist but be inaccessible, for example under Node's permissions.
    return folder;
  }
}

function resolvePackage(
  process: NodeProcess,
  name: string,
  from: string,
): string | undefined {
  // Only PnP resolves packages outside `node_modules`; if it is active, it sets this version.
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

/** The flags of Node's permissions, by name. */
const PERMISSION_FLAGS: { readonly [permission: string]: string } = {
  FileSystemRead: "--allow-fs-read",
  FileSystemWrite: "--allow-fs-write",
  ChildProcess: "--allow-child-process",
};

/** Creates the error for a denial by Node's `--permission`; returns `undefined` for any other error. */
export function nodePermissionError(
  error: unknown,
  action: string,
  path: string,
): CodexPermissionError | undefined {
  const { code, permission } = Object(error) as {
    code?: unknown;
    permission?: unknown;
  };
  // Node's code for a missing permission (facts R26).
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
      // Never a shell, which would interpret the arguments.
      shell: false,
      windowsHide: true,
    });
    // Added at once: if the child could not be started, its pipes fail as well, and an error
    // without a listener ends the host (facts R3). There may be no pipes at all.
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
      // A chunk may be part of a pool.
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

/** Waits until the child has started; rejects if it could not. */
function waitForStart(child: ChildProcessWithoutNullStreams): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once("spawn", resolve);
    // Not `once`: an error after the start must not be uncaught either (facts R3).
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

/** The address that only programs on this machine can reach. */
const LOOPBACK = "127.0.0.1";

/** Listens on a free port of 127.0.0.1. */
async function listenOnLoopback(
  process: NodeProcess,
  answer: (request: HttpRequest) => Promise<HttpReply>,
): Promise<LoopbackServer> {
  // Listening without permission would end the host with an error that cannot be caught
  // (facts R37).
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
  // No idle timeout: it could close a connection just as the CLI uses it again.
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    // A client that disconnects causes an error; without a listener it would end the host.
    request.on("error", () => {});
    response.on("error", () => {});
    answer(toHttpRequest(request)).then(({ status, headers, body }) => {
      const bytes = new TextEncoder().encode(body);
      response.writeHead(status, {
        ...headers,
        "content-length": bytes.length,
        // The unread rest of this request would come before the next one.
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

/** Reads a pipe one chunk ahead of the consumer, so a slow consumer slows down the child. */
class NodePipeReader implements PipeReader {
  readonly #pipe: Readable;
  /** The chunks that have arrived and were not yet read. */
  readonly #chunks: Uint8Array[] = [];
  /** The end of the pipe, with its error if it broke; `undefined` while it is open. */
  #end: { readonly error?: Error } | undefined;
  /** Wakes the pending read; `undefined` if there is none. */
  #wake: (() => void) | undefined;

  constructor(pipe: Readable) {
    this.#pipe = pipe;
    // Added at once: when a child has exited, Node discards the data of a pipe without a
    // listener (facts R13).
    pipe.on("data", (chunk: Uint8Array) => {
      this.#chunks.push(chunk);
      // Bun delivers several chunks before the pending read continues.
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

  /** Wakes the pending read, once; returns `false` if there is none. */
  #notify(): boolean {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
    return wake !== undefined;
  }
}

function toPipeWriter(pipe: Writable): PipeWriter {
  // If the pipe breaks, the write fails; `spawn` handles the `error` event.
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
