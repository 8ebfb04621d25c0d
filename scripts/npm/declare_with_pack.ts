/**
 * Makes the npm package's declarations with `deno pack`, which needs nothing but Deno.
 *
 * @module
 */

import { succeed } from "../run.ts";

/** Puts what `deno pack` makes of deno.json's entries, and of what they load, into `folder`. */
export async function declareWithPack(folder: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  const tarball = `${folder}/package.tgz`;
  const args = ["pack", "--allow-dirty", "--output", tarball];
  await succeed(Deno.execPath(), args);
  // The modules are at the top; dnt puts them in a folder.
  const unpack = ["-xzf", "package.tgz", "--strip-components=1"];
  await succeed("tar", unpack, { cwd: folder });
}
