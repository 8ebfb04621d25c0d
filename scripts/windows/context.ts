/**
 * The context of the scenarios, which scripts/test_wine.ts prepares.
 *
 * @module
 */

import { compile, startWine, type WinePrograms } from "./wine.ts";
import type { Machine } from "./machine.ts";
import { layOut } from "./layout.ts";
import { thisMachine } from "./this_machine.ts";

/** The variable that names the file of the context. */
export const CONTEXT_VARIABLE = "ACODEX_WINDOWS_CONTEXT";

/** The context of every scenario. */
export interface WindowsContext {
  /** The folder for all files. */
  readonly folder: string;
  /** Wine's programs; `undefined` on Windows. */
  readonly wine: WinePrograms | undefined;
  /** The `node_modules` with the package and zod. */
  readonly packages: string;
  /** `true` to run the real CLI, too. */
  readonly withCodex: boolean;
}

/** Reads the context that scripts/test_wine.ts has prepared. */
export function readContext(): WindowsContext {
  const path = Deno.env.get(CONTEXT_VARIABLE);
  if (path === undefined) throw new Error("Run `deno task test:wine`");
  return JSON.parse(Deno.readTextFileSync(path));
}

/** Creates the machine of the scenarios, with all its files. */
export async function startMachine(
  { wine, folder, packages }: WindowsContext,
): Promise<Machine> {
  const machine = wine === undefined
    ? await thisMachine(folder)
    : await startWine(wine, folder);
  try {
    const fake = `${folder}/codex.exe`;
    const compiler = wine?.compiler ?? "gcc";
    await compile(compiler, "codex", fake);
    await layOut(machine.folder, packages, fake);
    // An agent could put such a program into the folder that it works in.
    await Deno.mkdir(`${machine.folder}/planted`);
    await compile(
      compiler,
      "taskkill",
      `${machine.folder}/planted/taskkill.exe`,
    );
    return machine;
  } catch (error) {
    await machine.close();
    throw error;
  }
}
