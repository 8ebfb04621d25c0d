import { runtimeGlobals } from "./globals.ts";

/** Something that a runtime may forbid, and whether it does. */
export interface HostPermission {
  /** The flag that grants it, such as `--allow-run`. */
  readonly flag: string;
  /** True if it is granted. */
  readonly granted: boolean;
}

/** What there is to know of the program and its runtime, beside what turns need. */
export interface Host {
  /** The version of the runtime; empty where it does not tell. */
  readonly version: string;
  /** The arguments of the program. */
  readonly args: readonly string[];
  /**
   * Lists the permissions that turns need; empty where the runtime forbids nothing. Asks
   * nobody.
   *
   * @param program The CLI.
   */
  permissions(program: string): HostPermission[];
  /** Sets the code that the program exits with, when it comes to its end. */
  setExitCode(code: number): void;
}

/** The permissions of Node, by its names. */
const NODE_PERMISSIONS: readonly (readonly [scope: string, flag: string])[] = [
  ["child", "--allow-child-process"],
  ["fs.read", "--allow-fs-read=*"],
  ["fs.write", "--allow-fs-write=*"],
  ["net", "--allow-net"],
];

/** Gives the program and its runtime. */
export function currentHost(): Host {
  const { deno, process } = runtimeGlobals();
  const versions: { readonly [name: string]: string | undefined } =
    process?.versions ?? {};
  return {
    version: versions.deno ?? versions.bun ?? versions.node ?? "",
    args: deno?.args ?? process?.argv.slice(2) ?? [],
    permissions(program): HostPermission[] {
      if (deno !== undefined) {
        const shell = "/bin/sh";
        return ([
          [{ name: "run", command: program }, `--allow-run=${program}`],
          [{ name: "run", command: shell }, `--allow-run=${shell}`],
          [{ name: "read", path: "." }, "--allow-read"],
          [{ name: "env" }, "--allow-env"],
          [{ name: "write", path: "." }, "--allow-write"],
          [{ name: "net", host: "127.0.0.1:0" }, "--allow-net=127.0.0.1"],
        ] as const).map(([descriptor, flag]) => ({
          flag,
          granted: isGranted(() =>
            deno.permissions.querySync(descriptor).state
          ),
        }));
      }
      const permission = process?.permission;
      if (permission === undefined) return [];
      const isKnown = (flag: string): boolean =>
        process?.allowedNodeEnvironmentFlags.has(
          flag.replace(/=.*/, ""),
        ) ?? false;
      return NODE_PERMISSIONS.filter(([, flag]) => isKnown(flag))
        .map(([scope, flag]) => ({ flag, granted: permission.has(scope) }));
    },
    setExitCode(code): void {
      if (process !== undefined) process.exitCode = code;
    },
  };
}

function isGranted(state: () => string): boolean {
  try {
    return state() === "granted";
  } catch {
    // A name is resolved, and for that Deno wants a working directory that is there.
    return false;
  }
}
