import {
  type CodexEnvironmentError,
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
  EndingSignal,
  FileKind,
  HttpReply,
  HttpRequest,
  LoopbackServer,
  Ownership,
  PipeReader,
  Runtime,
  SpawnCommand,
  WebSocketClass,
} from "./types.ts";
import { readChunks } from "../util/read_chunks.ts";
import { quoted } from "../util/text.ts";
import { thrownMessage } from "../util/thrown_message.ts";

/** The part of the `Deno` object that is used; a test compares it with the real one. */
export interface DenoLike {
  readonly args: readonly string[];
  readonly build: { readonly os: string; readonly arch: string };
  readonly env: {
    get(name: string): string | undefined;
    toObject(): { [name: string]: string };
  };
  readonly permissions: {
    querySync(
      descriptor:
        | { name: "env"; variable?: string }
        | { name: "read" | "write"; path: string }
        | { name: "run"; command?: string }
        | { name: "net"; host: string }
        | { name: "sys"; kind: "uid" },
    ): { readonly state: string };
  };
  readonly Command: new (
    program: string,
    options: DenoCommandOptions,
  ) => { spawn(): DenoChildProcess };
  /** The program's first module; `undefined` on a worker. */
  readonly mainModule?: string;
  uid(): number | null;
  readonly stdin: { isTerminal(): boolean };
  readonly stderr: { isTerminal(): boolean };
  cwd(): string;
  stat(path: string): Promise<{
    readonly isFile: boolean;
    readonly isDirectory: boolean;
    readonly uid: number | null;
    readonly mode: number | null;
  }>;
  realPath(path: string): Promise<string>;
  readDir(path: string): AsyncIterable<{ readonly name: string }>;
  readTextFile(path: string): Promise<string>;
  kill(pid: number, signal: EndingSignal): void;
  makeTempDir(options: { prefix: string }): Promise<string>;
  writeFile(
    path: string,
    content: Uint8Array,
    options: { mode: number },
  ): Promise<void>;
  open(path: string, options?: DenoOpenOptions): Promise<DenoFile>;
  remove(path: string, options: { recursive: boolean }): Promise<void>;
  serve(
    options: {
      hostname: string;
      port: number;
      signal: AbortSignal;
      onListen(): void;
    },
    handler: (request: Request) => Promise<Response>,
  ): DenoHttpServer;
}

interface DenoOpenOptions {
  read: true;
  write: true;
  create: true;
  mode: number;
}

interface DenoFile {
  read(buffer: Uint8Array): Promise<number | null>;
  tryLock(exclusive: boolean): Promise<boolean>;
  unlockSync(): void;
  close(): void;
}

interface DenoHttpServer {
  readonly addr: { readonly port: number };
  readonly finished: Promise<void>;
  ref(): void;
  unref(): void;
}

interface DenoCommandOptions {
  args: string[];
  stdin: "piped";
  stdout: "piped";
  stderr: "piped";
  clearEnv: boolean;
  env: { [name: string]: string };
  cwd: string | undefined;
  detached: boolean;
}

interface DenoChildProcess {
  readonly pid: number;
  readonly stdin: WritableStream<Uint8Array>;
  readonly stdout: ReadableStream<Uint8Array>;
  readonly stderr: ReadableStream<Uint8Array>;
  readonly status: Promise<
    { readonly code: number; readonly signal: string | null }
  >;
  kill(signal: EndingSignal): void;
}

/** The address that only programs on this machine can reach. */
const LOOPBACK = "127.0.0.1";

const PLATFORMS: { readonly [os: string]: string } = { windows: "win32" };
const ARCHITECTURES: { readonly [arch: string]: string } = {
  x86_64: "x64",
  aarch64: "arm64",
};

/**
 * Creates the runtime for Deno, on `Deno.Command`: its `node:child_process` loses a second
 * kill and needs `--allow-env` (facts R1).
 */
export function denoRuntime(deno: DenoLike): Runtime {
  const { os, arch } = deno.build;
  const env = (name: string): string | undefined =>
    mayReadEnv(deno, name) ? deno.env.get(name) : undefined;
  return {
    name: "deno",
    platform: PLATFORMS[os] ?? os,
    arch: ARCHITECTURES[arch] ?? arch,
    cwd(): string {
      try {
        return deno.cwd();
      } catch (error) {
        throw workingDirectoryError(".", error);
      }
    },
    userId: () => userId(deno),
    env,
    searchPath: () => searchPath(deno, env),
    mayRun: (program) => mayRun(deno, program),
    spawn: async (command) => await spawn(deno, command),
    fileKind: (path) => fileKind(deno, path),
    ownership: (path) => ownership(deno, path),
    // Deno does not support Yarn's PnP.
    resolvePackage: () => undefined,
    realPath: async (path) =>
      mayRead(deno, path) ? await deno.realPath(path).catch(() => path) : path,
    makeTempFolder: (prefix) => makeTempFolder(deno, env, prefix),
    writeFile: async (path, content) =>
      await deno.writeFile(
        path,
        typeof content === "string"
          ? new TextEncoder().encode(content)
          : content,
        { mode: 0o600 },
      ).catch((error) => {
        const action = `write ${quoted(path)}`;
        throw permissionError(error, action, "--allow-write") ??
          hostError(action, path, error);
      }),
    readStart: (path, length) => readStart(deno, path, length),
    async listFolder(path): Promise<string[]> {
      requireRead(deno, path);
      const names: string[] = [];
      for await (const { name } of deno.readDir(path)) names.push(name);
      return names;
    },
    async readText(path): Promise<string> {
      requireRead(deno, path);
      return await deno.readTextFile(path);
    },
    listenOnLoopback: async (answer) => await listenOnLoopback(deno, answer),
    kill(pid, signal): void {
      // This needs --allow-run for all programs (facts R16).
      if (!mayRun(deno)) return;
      try {
        deno.kill(pid, signal);
      } catch {
        // It has ended already.
      }
    },
    async removeFolder(path): Promise<void> {
      if (!mayWrite(deno, path)) return;
      await removeWithRetries(() =>
        deno.remove(path, { recursive: true }).catch((error) => {
          if (!hasName(error, "NotFound")) throw error;
        })
      );
    },
    async webSocket(host): Promise<WebSocketClass> {
      await requireNet(deno, host);
      return globalWebSocket() as WebSocketClass;
    },
  };
}

/**
 * Reads PATH. If Deno may run every program but not read PATH, gets it from the system's
 * shell: to run a bare name could start a program in the working directory.
 */
async function searchPath(
  deno: DenoLike,
  env: (name: string) => string | undefined,
): Promise<string | undefined> {
  const isWindows = deno.build.os === "windows";
  const path = env("PATH") ?? (isWindows ? env("Path") : undefined);
  if (path !== undefined || mayReadEnv(deno, "PATH")) return path;
  if (isWindows || !mayRun(deno)) return undefined;
  try {
    const { stdin, stdout, stderr, exited } = spawn(deno, {
      program: "/bin/sh",
      args: ["-c", 'printf %s "$PATH"'],
      env: { inherit: true, set: {}, unset: [] },
      cwd: "/",
    });
    await Promise.all([stdin.close(), stderr.cancel()]);
    const chunk = await stdout.read();
    await Promise.all([stdout.cancel(), exited]);
    return new TextDecoder().decode(chunk);
  } catch {
    return undefined;
  }
}

/** Rejects if Deno would prompt for access to the network (facts R31). */
function requireNet(deno: DenoLike, host: string): Promise<void> {
  const { state } = deno.permissions.querySync({ name: "net", host });
  if (state === "granted" || !mayAsk(deno)) return Promise.resolve();
  const flag = `--allow-net=${host}`;
  return Promise.reject(
    new CodexPermissionError(
      `Cannot connect to ${quoted(host)}: Deno needs ${flag}`,
      { flag },
    ),
  );
}

function userId(deno: DenoLike): number | undefined {
  const { state } = deno.permissions.querySync({ name: "sys", kind: "uid" });
  return state === "granted" ? deno.uid() ?? undefined : undefined;
}

async function ownership(
  deno: DenoLike,
  path: string,
): Promise<Ownership | undefined> {
  try {
    if (!mayRead(deno, path)) return undefined;
    const { uid, mode } = await deno.stat(path);
    if (uid === null || mode === null) return undefined;
    return { ownerId: uid, isOpenToAll: (mode & 0o002) !== 0 };
  } catch {
    return undefined;
  }
}

function spawn(deno: DenoLike, command: SpawnCommand): ChildProcess {
  const child = start(deno, command);
  return {
    pid: child.pid,
    stdin: child.stdin.getWriter(),
    stdout: toPipeReader(child.stdout),
    stderr: toPipeReader(child.stderr),
    // Each chunk has a new buffer (facts R18).
    chunksOwnBuffer: true,
    exited: child.status.then(({ code, signal }) => ({
      exitCode: signal === null ? code : null,
      signal,
    })),
    kill(signal): void {
      try {
        child.kill(signal);
      } catch {
        // It has ended already.
      }
    },
  };
}

function toPipeReader(stream: ReadableStream<Uint8Array>): PipeReader {
  const reader = stream.getReader();
  return {
    read: async () => (await reader.read()).value,
    cancel: () => reader.cancel(),
  };
}

function start(deno: DenoLike, command: SpawnCommand): DenoChildProcess {
  const { program, args, env, cwd, detached = false } = command;
  const variables = environment(deno, env);
  // Without a terminal, Deno does not prompt, and its error says which permission is missing.
  if (mayAsk(deno) && !mayRun(deno, program)) {
    const flag = `--allow-run=${program}`;
    throw new CodexPermissionError(
      `Cannot run ${quoted(program)}: Deno needs ${flag}`,
      { flag },
    );
  }
  try {
    return new deno.Command(program, {
      args: [...args],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
      cwd,
      detached,
      ...variables,
    }).spawn();
  } catch (error) {
    throw loaderVariableError(deno, command, error) ??
      permissionError(
        error,
        `run ${quoted(program)}`,
        `--allow-run=${program}`,
      ) ??
      missingFolderError(deno, command, error) ?? spawnError(command, error);
  }
}

/**
 * Builds the child's environment. If no variable is left out, Deno passes on the host's
 * environment, which does not need permission to read it.
 *
 * Under a scoped `--allow-run`, Deno refuses a child that would inherit `LD_*`
 * variables (facts R2), so they are left out if the environment may be read.
 */
function environment(
  deno: DenoLike,
  env: ChildEnvironment,
): { clearEnv: boolean; env: { [name: string]: string } } {
  const leaveOut = env.inherit && mayReadEnv(deno) &&
    (env.unset.length > 0 || !mayRun(deno));
  if (!leaveOut && env.unset.length === 0) {
    return { clearEnv: !env.inherit, env: { ...env.set } };
  }
  if (!leaveOut) {
    throw new CodexPermissionError(
      `Cannot leave ${
        env.unset.map(quoted).join(", ")
      } out of the environment of the CLI: Deno may not read the environment`,
      { flag: "--allow-env" },
    );
  }
  // On Windows names are case-insensitive.
  const normal = (name: string): string =>
    deno.build.os === "windows" ? name.toUpperCase() : name;
  const unset = new Set(env.unset.map(normal));
  const set = new Set(Object.keys(env.set).map(normal));
  const inherited = Object.entries(deno.env.toObject()).filter(([name]) =>
    !unset.has(normal(name)) && !set.has(normal(name)) &&
    (mayRun(deno) || !isLoaderVariable(name))
  );
  return {
    clearEnv: true,
    env: { ...Object.fromEntries(inherited), ...env.set },
  };
}

/** Creates the error for a child that Deno refuses because it would get an `LD_*` variable. */
function loaderVariableError(
  deno: DenoLike,
  { program, env }: SpawnCommand,
  error: unknown,
): CodexPermissionError | undefined {
  if (!hasName(error, "NotCapable") || !mayRun(deno, program)) return undefined;
  const own = Object.keys(env.set).some(isLoaderVariable);
  const flag = own ? "--allow-run" : "--allow-env";
  const why = own
    ? "Deno needs --allow-run for all programs to pass on the LD_* variables of env"
    : "Deno needs --allow-env to leave the host's LD_* variables out";
  return new CodexPermissionError(
    `Cannot run ${quoted(program)}: ${why} (${thrownMessage(error)})`,
    { flag, cause: error },
  );
}

function isLoaderVariable(name: string): boolean {
  return name.startsWith("LD_") || name.startsWith("DYLD_");
}

/** Creates the error for a child without a `cwd`, if the host's working directory was removed. */
function missingFolderError(
  deno: DenoLike,
  { cwd }: SpawnCommand,
  error: unknown,
): CodexEnvironmentError | undefined {
  if (cwd !== undefined) return undefined;
  try {
    deno.cwd();
    return undefined;
  } catch {
    return workingDirectoryError(".", error);
  }
}

/** Tells whether a program may be run; without `command`, whether all may. */
function mayRun(deno: DenoLike, command?: string): boolean {
  try {
    return deno.permissions.querySync({ name: "run", command }).state ===
      "granted";
  } catch {
    // Deno resolves a name, and throws if the working directory was removed.
    return false;
  }
}

/** Tells whether a variable, or all, may be read; checked first, so that Deno never prompts. */
function mayReadEnv(deno: DenoLike, variable?: string): boolean {
  return deno.permissions.querySync({ name: "env", variable }).state ===
    "granted";
}

/** Tells whether Deno would prompt for a missing permission, which blocks everything. */
function mayAsk({ stdin, stderr }: DenoLike): boolean {
  // It only prompts at a terminal; no timer runs meanwhile (facts R31).
  return stdin.isTerminal() && stderr.isTerminal();
}

/** Throws if Deno may not read a path. */
function requireRead(deno: DenoLike, path: string): void {
  if (mayRead(deno, path)) return;
  throw new CodexPermissionError(
    `Cannot look at ${quoted(path)}: Deno needs --allow-read=${path}`,
    { flag: `--allow-read=${path}` },
  );
}

/** Tells whether a path may be written; checked first, likewise. */
function mayWrite(deno: DenoLike, path: string): boolean {
  return deno.permissions.querySync({ name: "write", path }).state ===
    "granted";
}

/**
 * Creates a folder for temporary files. Its location is unknown without
 * `--allow-env=TMPDIR`; at a terminal, Deno would then prompt, which blocks everything.
 */
async function makeTempFolder(
  deno: DenoLike,
  env: (name: string) => string | undefined,
  prefix: string,
): Promise<string> {
  const isKnown = mayReadEnv(deno, "TMPDIR");
  const folder = env("TMPDIR") ?? env("TEMP") ?? "/tmp";
  if (!mayWrite(deno, folder) && (isKnown || mayAsk(deno))) {
    const hint = isKnown ? "" : ", and --allow-env=TMPDIR where that is set";
    throw new CodexPermissionError(
      `Cannot make a temporary folder: Deno needs --allow-write=${folder}${hint}`,
      { flag: "--allow-write" },
    );
  }
  try {
    return await deno.makeTempDir({ prefix });
  } catch (error) {
    throw permissionError(error, "make a temporary folder", "--allow-write") ??
      temporaryFolderError(folder, error);
  }
}

/** Tells whether a path may be read; checked first, likewise. */
function mayRead(deno: DenoLike, path: string): boolean {
  return deno.permissions.querySync({ name: "read", path }).state === "granted";
}

/** Listens on a free port of 127.0.0.1. */
function listenOnLoopback(
  deno: DenoLike,
  answer: (request: HttpRequest) => Promise<HttpReply>,
): LoopbackServer {
  const { state } = deno.permissions.querySync({
    name: "net",
    host: `${LOOPBACK}:0`,
  });
  // Checked first, so that Deno never prompts.
  if (state !== "granted") {
    const flag = `--allow-net=${LOOPBACK}`;
    throw new CodexPermissionError(
      `Cannot listen on ${LOOPBACK} for calls of tools: Deno needs ${flag}`,
      { flag },
    );
  }
  const stop = new AbortController();
  try {
    const server = deno.serve({
      hostname: LOOPBACK,
      port: 0,
      signal: stop.signal,
      onListen(): void {},
    }, async (request) => {
      const { status, headers, body } = await answer(toHttpRequest(request));
      return new Response(body === "" ? null : body, { status, headers });
    });
    server.unref();
    return {
      port: server.addr.port,
      async close(): Promise<void> {
        // Otherwise Deno may exit before this has finished.
        server.ref();
        stop.abort();
        await server.finished;
      },
    };
  } catch (error) {
    throw hostError(`listen on ${LOOPBACK}`, LOOPBACK, error);
  }
}

function toHttpRequest(request: Request): HttpRequest {
  const { pathname, search } = new URL(request.url);
  return {
    method: request.method,
    path: pathname + search,
    header: (name) => request.headers.get(name) ?? undefined,
    async readBody(maxBytes): Promise<string | undefined> {
      const { body } = request;
      return body === null ? "" : await readChunks(body, maxBytes);
    },
  };
}

async function fileKind(
  deno: DenoLike,
  path: string,
): Promise<FileKind | undefined> {
  requireRead(deno, path);
  try {
    const { isFile, isDirectory } = await deno.stat(path);
    if (isFile) return "file";
    return isDirectory ? "folder" : "other";
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw hostError(`look at ${quoted(path)}`, path, error);
  }
}

async function readStart(
  deno: DenoLike,
  path: string,
  length: number,
): Promise<Uint8Array> {
  requireRead(deno, path);
  const file = await deno.open(path);
  try {
    const buffer = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      const count = await file.read(buffer.subarray(filled));
      if (!count) break;
      filled += count;
    }
    return buffer.subarray(0, filled);
  } finally {
    file.close();
  }
}

/** Creates the error for a permission that Deno denied; returns `undefined` for any other error. */
function permissionError(
  error: unknown,
  action: string,
  flag: string,
): CodexPermissionError | undefined {
  if (!hasName(error, "NotCapable")) return undefined;
  return new CodexPermissionError(
    `Cannot ${action}: Deno needs ${flag} (${thrownMessage(error)})`,
    { flag, cause: error },
  );
}

function hasName(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}
