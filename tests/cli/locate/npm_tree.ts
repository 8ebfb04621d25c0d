/**
 * Folders as npm and similar package managers lay the CLI out, for another system.
 * @module
 */

import { platformPackage } from "../../../src/cli/locate/platform_package.ts";
import { denoRuntime } from "../../../src/runtime/deno.ts";
import type { Runtime } from "../../../src/runtime/types.ts";
import { writeProgram } from "../../../src/testing/fake.ts";

/**
 * A processor other than this one, so that the CLI that this project has installed is
 * not found.
 */
export const OTHER_ARCH: string = Deno.build.arch === "aarch64"
  ? "x64"
  : "arm64";

/** The properties of a system, as a runtime reports them. */
export interface System {
  platform?: string;
  arch?: string;
  /** The environment; `null` if it may not be read. */
  env?: { readonly [name: string]: string } | null;
  /** The programs that may be run; all if omitted. */
  mayRun?: readonly string[];
}

/** Creates Deno's own runtime on a system with other properties. */
export function runtimeOn(system: System): Runtime {
  const { platform, arch = OTHER_ARCH, env = {}, mayRun } = system;
  const real = denoRuntime(Deno);
  return {
    ...real,
    platform: platform ?? real.platform,
    arch,
    cwd: () => {
      throw new Error("The working directory is nothing to go by");
    },
    env: (name) => env?.[name],
    searchPath: () => Promise.resolve(env?.PATH ?? env?.Path),
    mayRun: (program) =>
      mayRun === undefined ||
      program !== undefined && mayRun.includes(program),
  };
}

/**
 * Moves a runtime to another working directory, against which relative paths resolve.
 */
export function runningIn(cwd: string, runtime: Runtime): Runtime {
  const at = (path: string): string =>
    path.startsWith("/") ? path : `${cwd}/${path}`;
  return {
    ...runtime,
    cwd: () => cwd,
    fileKind: (path) => runtime.fileKind(at(path)),
    realPath: (path) => runtime.realPath(at(path)),
    ownership: (path) => runtime.ownership(at(path)),
    listFolder: (path) => runtime.listFolder(at(path)),
    readText: (path) => runtime.readText(at(path)),
    readStart: (path, length) => runtime.readStart(at(path), length),
  };
}

/** Turns a runtime into one on Windows whose files are all on drive C:. */
export function onDriveC(system: System): Runtime {
  const runtime = runtimeOn({ ...system, platform: "win32" });
  const inside = (path: string): string =>
    path.replace(/^C:/, "").replaceAll("\\", "/");
  return {
    ...runtime,
    fileKind: (path) => runtime.fileKind(inside(path)),
    realPath: async (path) => `C:${await runtime.realPath(inside(path))}`,
    ownership: () => Promise.resolve(undefined),
  };
}

/** A new folder for a test, with its real path. */
export class Tree implements AsyncDisposable {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  static async make(): Promise<Tree> {
    const path = await Deno.makeTempDir({ prefix: "acodex-tree-" });
    return new Tree(await Deno.realPath(path));
  }

  /** Returns a path in the tree. */
  at(path: string): string {
    return `${this.path}/${path}`;
  }

  /** Writes a program, with the folders above it. */
  async program(path: string, text = "#!/bin/sh\n"): Promise<string> {
    const file = this.at(path);
    await this.folder(path.slice(0, path.lastIndexOf("/")));
    await writeProgram(file, text);
    return file;
  }

  /** Writes a program's entry file, and returns its path. */
  entry(folder: string): Promise<string> {
    return this.program(`${folder}/main.ts`, "");
  }

  async folder(path: string): Promise<string> {
    await Deno.mkdir(this.at(path), { recursive: true });
    return this.at(path);
  }

  /** Creates a link, with the folders above it. */
  async link(path: string, target: string): Promise<void> {
    await this.folder(path.slice(0, path.lastIndexOf("/")));
    await Deno.symlink(this.at(target), this.at(path));
  }

  /** Writes the npm package into a `node_modules`. */
  npmPackage(nodeModules: string): Promise<string> {
    return this.program(
      `${nodeModules}/@openai/codex/bin/codex.js`,
      "#!/usr/bin/env node\n",
    );
  }

  /**
   * Writes the platform package into a `node_modules`, and returns its binary and its
   * folder for PATH.
   */
  async platformPackage(
    nodeModules: string,
    options: { layout?: 0 | 1; platform?: string; arch?: string } = {},
  ): Promise<{ program: string; pathFolders: string[] }> {
    const { layout = 0, arch = OTHER_ARCH } = options;
    const platform = options.platform ?? denoRuntime(Deno).platform;
    const known = platformPackage(platform, arch);
    const paths = known?.layouts[layout];
    if (known === undefined || paths === undefined) {
      throw new Error(`No layout for ${platform}-${arch}`);
    }
    const folder = `${nodeModules}/${known.name}`;
    return {
      program: await this.program(`${folder}/${paths.binary}`),
      pathFolders: [await this.folder(`${folder}/${paths.pathFolder}`)],
    };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Deno.remove(this.path, { recursive: true });
  }
}
