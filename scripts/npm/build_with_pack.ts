/**
 * Makes the npm package's declarations with `deno pack`, which needs nothing but Deno: the
 * way where JSR, and with it dnt, cannot be had.
 *
 * @module
 */

import { captureDeno } from "../run.ts";
import { succeed } from "./command.ts";
import { CODE_FOLDER } from "./package_json.ts";

/** Puts the declarations of deno.json's entries, and of what they load, into `folder`, an absolute path. */
export async function buildWithPack(folder: string): Promise<void> {
  const temporary = await Deno.makeTempDir({ prefix: "acodex-pack-" });
  try {
    const tarball = `${temporary}/package.tgz`;
    const { success, stderr } = await captureDeno(
      ["pack", "--allow-dirty", "--output", tarball],
    );
    if (!success) throw new Error(`Cannot pack the package: ${stderr.trim()}`);
    await succeed("tar", ["-xzf", "package.tgz"], { cwd: temporary });

    // It puts the modules at the top; dnt puts them in a folder.
    const code = `${folder}/${CODE_FOLDER}`;
    await Deno.mkdir(code, { recursive: true });
    for await (const { name } of Deno.readDir(`${temporary}/package`)) {
      if (name !== "src" && !/\.d\.ts$/.test(name)) continue;
      await copy(`${temporary}/package/${name}`, `${code}/${name}`);
    }
  } finally {
    await Deno.remove(temporary, { recursive: true });
  }
}

/** Copies a file, or a folder with all that is in it. */
async function copy(from: string, to: string): Promise<void> {
  if ((await Deno.stat(from)).isFile) return await Deno.copyFile(from, to);
  await Deno.mkdir(to, { recursive: true });
  for await (const { name } of Deno.readDir(from)) {
    await copy(`${from}/${name}`, `${to}/${name}`);
  }
}
