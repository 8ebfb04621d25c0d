/**
 * A Windows machine that programs of the scenarios run on: this one, or Wine's.
 *
 * @module
 */

import type { Ran, RunOptions } from "../run.ts";

/** A Windows machine. */
export interface Machine {
  /** What it is, for people. */
  readonly name: string;
  /** True for Wine, which has stand-ins for some programs of the system. */
  readonly isWine: boolean;
  /** The folder of the scenarios, as this program names it. */
  readonly folder: string;
  /** The same, as programs of Windows name it. */
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
  /** Ends what is left on it. */
  close(): Promise<void>;
}

/** A runtime on it. */
export interface WindowsRuntime {
  /** Its program, as Windows names it. */
  readonly program: string;
  /** The arguments before a program of its own. */
  readonly args: readonly string[];
}

/** Gives the path of something below a machine's folder, as Windows names it. */
export function windowsPath({ root }: Machine, ...names: string[]): string {
  return [root, ...names].join("\\");
}
