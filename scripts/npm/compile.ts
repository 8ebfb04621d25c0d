/**
 * TypeScript, as a user has it.
 *
 * @module
 */

import { type Ran, run } from "../run.ts";
import { installLocked } from "./tools.ts";

/** Checks programs in their project with TypeScript; returns its output. */
export async function compile(
  project: URL,
  programs: readonly string[],
): Promise<Ran> {
  const checkers = await installLocked("checkers");
  return await run("node", [
    `${checkers}/node_modules/typescript-7.0/bin/tsc`,
    ..."--noEmit --strict --target es2022 --module nodenext".split(" "),
    ..."--lib esnext,dom,dom.asynciterable --skipLibCheck".split(" "),
    ...programs,
  ], { cwd: project });
}
