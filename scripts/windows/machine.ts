/**
 * A Windows machine that programs of the scenarios run on: this one, or Wine's.
 *
 * @module
 */

import type { Ran, RunOptions } from "../run.ts";

/** A Windows machine. */
export interface Machine {
  /** Its display name. */
  readonly name: string;
  /** `true` for Wine, which has stand-ins for some programs of the system. */
  readonly isWine: boolean;
  /** The path of the scenarios' folder, for this program. */
  readonly folder: string;
  /** The path of the same folder, for Windows programs. */
  readonly root: string;
  /** PATH without anything of the scenarios. */
  readonly systemPath: string;
  /** The runtimes, by name. */
  readonly runtimes: { readonly [name: string]: WindowsRuntime };
  /** Runs a program of Windows to its end; its working directory is below the folder. */
  run(
    program: string,
    args: readonly string[],
    options: RunOptions & { cwd: string },
  ): Promise<Ran>;
  /** Ends the processes that are left on it. */
  close(): Promise<void>;
}

/** A runtime on it. */
export interface WindowsRuntime {
  /** Its program, as Windows names it. */
  readonly program: string;
  /** The arguments before the path of a program to run. */
  readonly args: readonly string[];
}

/** Returns the Windows path of a file below a machine's folder. */
export function windowsPath({ root }: Machine, ...names: string[]): string {
  return [root, ...names].join("\\");
}
