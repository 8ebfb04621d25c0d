/**
 * TypeScript, as a user has it.
 *
 * @module
 */

import { type Ran, run } from "../run.ts";
import { installLocked } from "./tools.ts";

/**
 * Checks programs in their project with TypeScript; returns its output.
 *
 * @param flags Further flags of the compiler.
 */
export async function compile(
  project: URL,
  programs: readonly string[],
  flags: readonly string[] = [],
): Promise<Ran> {
  const checkers = await installLocked("checkers");
  return await run("node", [
    `${checkers}/node_modules/typescript-7.0/bin/tsc`,
    ..."--noEmit --strict --target es2022 --module nodenext".split(" "),
    ..."--lib esnext,dom,dom.asynciterable --skipLibCheck".split(" "),
    ...flags,
    ...programs,
  ], { cwd: project });
}
