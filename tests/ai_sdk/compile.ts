import { installLocked } from "../../scripts/npm/tools.ts";
import { succeed } from "../../scripts/run.ts";

/** Has TypeScript check programs in the project that holds them. */
export async function compile(
  project: URL,
  programs: readonly string[],
): Promise<void> {
  const checkers = await installLocked("checkers");
  await succeed("node", [
    `${checkers}/node_modules/typescript-7.0/bin/tsc`,
    ..."--noEmit --strict --target es2022 --module nodenext".split(" "),
    ..."--lib esnext,dom,dom.asynciterable --skipLibCheck".split(" "),
    ...programs,
  ], { cwd: project });
}
