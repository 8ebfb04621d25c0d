import type * as childProcess from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import type * as fs from "node:fs/promises";
import type * as os from "node:os";
import type * as path from "node:path";
import type nodeProcess from "node:process";
import type { Readable, Writable } from "node:stream";
import { spawnError } from "./spawn_error.ts";
import type {
  ChildEnvironment,
  ChildProcess,
  ExitStatus,
  FileKind,
  PipeReader,
  PipeWriter,
  Runtime,
  SpawnCommand,
} from "./types.ts";

/**
 * What is used of the global `process`. To import it as a module takes Node 2 ms:
 * all its properties are read then, and stdin, stdout and stderr are opened.
 */
export interface NodeProcess extends
  Pick<
    typeof nodeProcess,
    "arch" | "cwd" | "env" | "kill" | "platform" | "versions"
  > {
  /** Gives a module of Node's own, without an import: it is loaded when a turn needs it. */
  getBuiltinModule<Name extends keyof NodeModules>(
    name: Name,
  ): NodeModules[Name];
}

/** The modules that are used, of those that Node and Bun both have. */
interface NodeModules {
  "node:child_process": typeof childProcess;
  "node:fs/promises": typeof fs;
  "node:os": typeof os;
  "node:path": typeof path;
}

/** Node and Bun, through the `node:` modules that both have. */
export function nodeRuntime(process: NodeProcess): Runtime {
  const fs = process.getBuiltinModule("node:fs/promises");
  return {
    name: process.versions.bun === undefined ? "node" : "bun",
    platform: process.platform,
    arch: process.arch,
    cwd: () => process.cwd(),
    env: (name) => process.env[name],
    mayRun: () => true,
    spawn: (command) => spawn(process, command),
    fileKind: (path) => fileKind(fs, path),
    realPath: (path) => fs.realpath(path).catch(() => path),
    makeTempFolder(prefix): Promise<string> {
      const { tmpdir } = process.getBuiltinModule("node:os");
      const { join } = process.getBuiltinModule("node:path");
      return fs.mkdtemp(join(tmpdir(), prefix));
    },
    writeFile: (path, content) => fs.writeFile(path, content, { mode: 0o600 }),
    readStart: (path, length) => readStart(fs, path, length),
    listFolder: (path) => fs.readdir(path),
    readText: (path) => fs.readFile(path, "utf8"),
    kill(pid, signal): void {
      try {
        process.kill(pid, signal);
      } catch {
        // It has ended already.
      }
    },
    removeFolder: (path) => fs.rm(path, { recursive: true, force: true }),
  };
}

async function spawn(
  process: NodeProcess,
  command: SpawnCommand,
): Promise<ChildProcess> {
  const { program, args, env, detached = false } = command;
  const { spawn } = process.getBuiltinModule("node:child_process");
  try {
    const child = spawn(program, args, {
      env: environment(process, env),
      stdio: "pipe",
      detached,
      // Never a shell: what stands in an argument stays an argument.
      shell: false,
      windowsHide: true,
    });
    const exited = exitOf(child);
    await startOf(child);
    return {
      pid: child.pid ?? 0,
      stdin: writerTo(child.stdin),
      stdout: new NodePipeReader(child.stdout),
      stderr: new NodePipeReader(child.stderr),
      // A chunk may be a part of a pool.
      ownsChunks: false,
      exited,
      kill(signal): void {
        child.kill(signal);
      },
    };
  } catch (error) {
    throw spawnError(program, error);
  }
}

/** Waits until the system has said whether the child could be started. */
function startOf(child: ChildProcessWithoutNullStreams): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once("spawn", resolve);
    // Stays: an error after the start must never be an uncaught one (facts R3).
    child.on("error", reject);
  });
}

function exitOf(child: ChildProcessWithoutNullStreams): Promise<ExitStatus> {
  return new Promise((resolve) => {
    child.once("exit", (exitCode, signal) => resolve({ exitCode, signal }));
  });
}

/** The child's environment; on Windows names are the same in any case. */
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

async function fileKind(
  { stat }: typeof fs,
  path: string,
): Promise<FileKind | undefined> {
  try {
    const stats = await stat(path);
    if (stats.isFile()) return "file";
    return stats.isDirectory() ? "folder" : "other";
  } catch {
    return undefined;
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

/** A pipe that is read, a chunk ahead of its reader: a slow one slows the child. */
class NodePipeReader implements PipeReader {
  readonly #pipe: Readable;
  /** What has come and nobody has read. */
  readonly #chunks: Uint8Array[] = [];
  /** Whether there will be more, and how it ended. */
  #end: { readonly error?: Error } | undefined;
  /** Tells who waits that something has come; nothing where nobody does. */
  #wake: (() => void) | undefined;

  constructor(pipe: Readable) {
    this.#pipe = pipe;
    // Added at once: when a child has exited, Node throws away what is in a pipe
    // that nobody listens to.
    pipe.on("data", (chunk: Uint8Array) => {
      this.#chunks.push(chunk);
      // Bun hands several over before who waits has run.
      if (!this.#tellWaiting()) pipe.pause();
    });
    const end = (error?: Error): void => {
      this.#end ??= { error };
      this.#tellWaiting();
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
    this.#tellWaiting();
    return Promise.resolve();
  }

  /** Tells who waits, once; and whether anybody did. */
  #tellWaiting(): boolean {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
    return wake !== undefined;
  }
}

function writerTo(pipe: Writable): PipeWriter {
  // A pipe that breaks must never be an uncaught error; the write fails as well (facts R3).
  pipe.on("error", () => {});
  return {
    write: (chunk) => done((callback) => pipe.write(chunk, callback)),
    close: () => done((callback) => pipe.end(callback)),
    abort(): Promise<void> {
      pipe.destroy();
      return Promise.resolve();
    },
  };
}

function done(
  start: (callback: (error?: Error | null) => void) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => error ? reject(error) : resolve());
  });
}
