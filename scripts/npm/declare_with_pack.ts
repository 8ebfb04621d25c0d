/**
 * Writes the npm package's declarations with `deno pack`, which only needs Deno.
 *
 * @module
 */

import { succeed } from "../run.ts";

/** Unpacks the output of `deno pack` for the entries of deno.json, and the modules they load, into `folder`. */
export async function declareWithPack(folder: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  const tarball = `${folder}/package.tgz`;
  const args = ["pack", "--allow-dirty", "--output", tarball];
  await succeed(Deno.execPath(), args);
  // The modules are at the top level, whereas dnt puts them into a folder.
  const unpack = ["-xzf", "package.tgz", "--strip-components=1"];
  await succeed("tar", unpack, { cwd: folder });
}
