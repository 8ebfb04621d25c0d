/**
 * Sets up Wine with what it lacks of Windows, in a folder of its own.
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

/** The Nodes that run under Wine 8: 24 and Deno want more address space than it gives. */
const NODES = { node20: "20.20.2", node22: "22.23.3" };

/** The programs that it takes, and the places of each beside PATH. */
const PROGRAMS = {
  wine: ["/usr/lib/wine/wine64", "wine64"],
  server: ["/usr/lib/wine/wineserver64", "wineserver64", "wineserver"],
  compiler: ["x86_64-w64-mingw32-gcc"],
};

/** What installs them on Debian. */
const INSTALL =
  "apt-get install --no-install-recommends wine64 wine gcc-mingw-w64-x86-64-win32";

/** What Wine is told: no messages, no .NET and no browser, and our stand-ins before its own programs. */
const SETTINGS = {
  WINEDEBUG: "-all",
  WINEDLLOVERRIDES:
    "mscoree=;mshtml=;winemenubuilder.exe=d;taskkill.exe=n;powershell.exe=n",
};

/** The stand-ins, where they belong, and what they are linked with. */
const STAND_INS: readonly [source: string, place: string, flags: string[]][] = [
  ["bcryptprimitives", "bcryptprimitives.dll", ["-shared", "-ladvapi32"]],
  ["taskkill", "taskkill.exe", []],
  ["powershell", "powershell.exe", ["-lshell32"]],
];

/** Wine's programs on this machine, and a compiler for Windows. */
export type WinePrograms = { readonly [name in keyof typeof PROGRAMS]: string };

/** Finds Wine and the compiler; says what to install where one is missing. */
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

/** Makes a machine of Wine's in a folder, which is new. */
export async function startWine(
  { wine, server, compiler }: WinePrograms,
  folder: string,
): Promise<Machine> {
  const prefix = `${folder}/wine`;
  const env = { ...SETTINGS, WINEPREFIX: prefix };
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
      // Files, not pipes: Node throws on one of Unix there, and the services of Wine
      // would inherit it, so that its end never comes.
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
    // Without a folder it does not start, and each program would wait for one of its own,
    // or meet the last one's as that ends. It ends itself after a while, also where nobody
    // tells it to.
    await Deno.mkdir(prefix);
    // It keeps what it is given for stdout: a pipe of this program would never end.
    const script = '"$0" -p600 > /dev/null 2>&1';
    await succeed("/bin/sh", ["-c", script, server], { env });
    await wined("wineboot", "-i");
    // What it says by itself is Windows 7.
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

/** Puts the Nodes into a folder of the machine. */
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

/** Unpacks a package from npm that is for another system, unless it is there, and gives its folder. */
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
