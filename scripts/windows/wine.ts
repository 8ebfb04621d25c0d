/**
 * Sets up Wine in a separate folder, with stand-ins for the parts of Windows that it lacks.
 *
 * @module
 */

import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { cached } from "../cache.ts";
import { nodePackage } from "../conformance/runtimes.ts";
import { packPackage } from "../npm/tools.ts";
import { type Ran, run, succeed } from "../run.ts";
import type { Machine, WindowsRuntime } from "./machine.ts";

/** The releases of Node that run under Wine 8; Node 24 and Deno need more address space. */
const NODES = { node20: "20.20.2", node22: "22.23.3" };

/** The programs that are needed, with paths of each in addition to PATH. */
const PROGRAMS = {
  wine: ["/usr/lib/wine/wine64", "wine64"],
  server: ["/usr/lib/wine/wineserver64", "wineserver64", "wineserver"],
  compiler: ["x86_64-w64-mingw32-gcc"],
};

/** The command that installs them on Debian. */
const INSTALL =
  "apt-get install --no-install-recommends wine64 wine gcc-mingw-w64-x86-64-win32";

/** Wine's settings: no messages, no .NET and no browser, and our stand-ins before its own programs. */
const SETTINGS = {
  WINEDEBUG: "-all",
  WINEDLLOVERRIDES:
    "mscoree=;mshtml=;winemenubuilder.exe=d;taskkill.exe=n;powershell.exe=n",
};

/** The stand-ins, with their places and the flags to link them. */
const STAND_INS: readonly [source: string, place: string, flags: string[]][] = [
  ["bcryptprimitives", "bcryptprimitives.dll", ["-shared", "-ladvapi32"]],
  ["taskkill", "taskkill.exe", []],
  ["powershell", "powershell.exe", ["-lshell32"]],
];

/** Wine's programs on this machine, and a compiler for Windows. */
export type WinePrograms = { readonly [name in keyof typeof PROGRAMS]: string };

/** Finds Wine and the compiler; returns what to install if one is missing. */
export async function findWine(): Promise<WinePrograms | { missing: string }> {
  const found = new Map<string, string>();
  for (const [name, places] of Object.entries(PROGRAMS)) {
    for (const place of places) {
      if (!found.has(name) && await isProgram(place)) found.set(name, place);
    }
    if (!found.has(name)) {
      return { missing: `${places.at(-1)} is not installed (${INSTALL})` };
    }
  }
  return Object.fromEntries(found) as WinePrograms;
}

async function isProgram(program: string): Promise<boolean> {
  try {
    return (await run(program, ["--version"])).code === 0;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Compiles one of the programs in `stand_ins/`. */
export async function compile(
  compiler: string,
  source: string,
  to: string,
  flags: readonly string[] = ["-lshell32"],
): Promise<void> {
  const file = fileURLToPath(new URL(`stand_ins/${source}.c`, import.meta.url));
  await succeed(compiler, ["-O1", "-s", "-o", to, file, ...flags]);
}

/** Creates a machine that runs Wine in a new folder. */
export async function startWine(
  { wine, server, compiler }: WinePrograms,
  folder: string,
): Promise<Machine> {
  const prefix = `${folder}/wine`;
  // Wine keeps its lock in the folder for temporary files.
  const env = { ...SETTINGS, WINEPREFIX: prefix, TMPDIR: prefix };
  const own = `${prefix}/drive_c/acodex`;
  let count = 0;
  const machine: Machine = {
    name: (await succeed(wine, ["--version"])).trim(),
    isWine: true,
    folder: own,
    root: "C:\\acodex",
    systemPath: "C:\\windows\\system32;C:\\windows",
    runtimes: {},
    async run(program, args, options): Promise<Ran> {
      // Files, not pipes: Node throws for a Unix pipe there, and Wine's services would inherit
      // the pipe, so that it would never end.
      const base = `${folder}/run${count++}`;
      const script = `exec "$0" "$@" > ${quote(`${base}.out`)} 2> ${
        quote(`${base}.err`)
      }`;
      const { code, signal } = await run(
        "/bin/sh",
        ["-c", script, wine, program, ...args],
        { ...options, env: { ...env, ...options.env } },
      );
      return {
        code,
        signal,
        stdout: await Deno.readTextFile(`${base}.out`),
        stderr: await Deno.readTextFile(`${base}.err`),
      };
    },
    async close(): Promise<void> {
      await run(server, ["-k"], { env });
      await run(server, ["-w"], { env });
    },
  };
  const wined = async (...args: string[]): Promise<void> => {
    const [program = "", ...rest] = args;
    const { code, stderr } = await machine.run(program, rest, { cwd: folder });
    if (code !== 0) throw new Error(`${args.join(" ")}: ${stderr}`);
  };
  try {
    // Wine's server does not start without its folder. Without a running server, each program
    // would wait for a new one, or meet the previous one as it ends. The server ends after a
    // while, even if it is not stopped.
    await Deno.mkdir(prefix);
    // The server keeps its stdout open: a pipe of this program would never end.
    const script = '"$0" -p600 > /dev/null 2>&1';
    await succeed("/bin/sh", ["-c", script, server], { env });
    await wined("wineboot", "-i");
    // By default, Wine reports Windows 7.
    await wined("winecfg", "-v", "win10");
    const system = `${prefix}/drive_c/windows/system32`;
    for (const [source, place, flags] of STAND_INS) {
      await compile(compiler, source, `${system}/${place}`, flags);
    }
    await Deno.mkdir(own);
    return { ...machine, runtimes: await installNodes(`${own}/node`) };
  } catch (error) {
    await machine.close();
    throw error;
  }
}

/** Installs the releases of Node in a folder of the machine. */
async function installNodes(
  folder: string,
): Promise<Record<string, WindowsRuntime>> {
  const runtimes: Record<string, WindowsRuntime> = {};
  for (const [name, version] of Object.entries(NODES)) {
    const { spec } = nodePackage(version, { os: "windows", arch: "x86_64" });
    const unpacked = await unpackCached(`windows-${name}`, spec);
    await Deno.mkdir(`${folder}/${name}`, { recursive: true });
    await Deno.copyFile(
      `${unpacked}/bin/node.exe`,
      `${folder}/${name}/node.exe`,
    );
    runtimes[name] = {
      program: `C:\\acodex\\node\\${name}\\node.exe`,
      args: [],
    };
  }
  return runtimes;
}

/** Unpacks an npm package for another system, unless that was done before, and returns its folder. */
export async function unpackCached(
  label: string,
  spec: string,
): Promise<string> {
  const folder = await cached(`npm/${label}`, [spec], async (draft) => {
    const path = fileURLToPath(draft);
    const { filename } = await packPackage(spec, path);
    await succeed("tar", ["-xzf", basename(filename)], { cwd: path });
    await Deno.remove(`${path}/${basename(filename)}`);
  });
  return fileURLToPath(new URL("package", folder));
}

/** Quotes a path for the shell. */
function quote(path: string): string {
  return `'${path.replaceAll("'", `'\\''`)}'`;
}
