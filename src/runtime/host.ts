import { runtimeGlobals } from "./globals.ts";

/** The state of a permission of the runtime. */
export interface HostPermission {
  /** The flag that grants it, such as `--allow-run`. */
  readonly flag: string;
  /** `true` if it is granted. */
  readonly granted: boolean;
}

/** The features of the program and its runtime that turns do not need. */
export interface Host {
  /** The version of the runtime; empty if it is unknown. */
  readonly version: string;
  /** The arguments of the program. */
  readonly args: readonly string[];
  /**
   * Lists the permissions that turns need; empty if the runtime enforces none.
   * Never prompts.
   *
   * @param program The CLI.
   */
  permissions(program: string): HostPermission[];
  /** Sets the exit code of the program, without ending it. */
  setExitCode(code: number): void;
}

/** Node's names and flags of its permissions. */
const NODE_PERMISSIONS: readonly (readonly [scope: string, flag: string])[] = [
  ["child", "--allow-child-process"],
  ["fs.read", "--allow-fs-read=*"],
  ["fs.write", "--allow-fs-write=*"],
  ["net", "--allow-net"],
];

/** Returns the program and its runtime. */
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
    // Deno resolves a name, and throws if the working directory was removed.
    return false;
  }
}
