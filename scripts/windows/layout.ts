/**
 * The files on the machine of the scenarios: the package in a project with the programs,
 * fake CLIs installed in every possible way, and an image.
 *
 * @module
 */

import { PNG } from "../../tests/input/images.ts";
import { listFiles } from "../project.ts";

/** The npm package of the CLI for Windows, below a `node_modules`. */
const PLATFORM_PACKAGE =
  "@openai/codex-win32-x64/vendor/x86_64-pc-windows-msvc";

/**
 * Fills the folder of a machine.
 *
 * @param packages The `node_modules` with the package and zod.
 * @param fake The fake CLI.
 */
export async function layOut(
  folder: string,
  packages: string,
  fake: string,
): Promise<void> {
  const write = async (path: string, content: string | Uint8Array = "") => {
    const full = `${folder}/${path}`;
    await Deno.mkdir(full.slice(0, full.lastIndexOf("/")), { recursive: true });
    await Deno.writeFile(
      full,
      typeof content === "string" ? new TextEncoder().encode(content) : content,
    );
  };
  const program = await Deno.readFile(fake);
  await write("fake/codex.exe", program);
  await write("a;b/codex.exe", program);
  // The layout of `npm install --global`.
  const modules = "npm/node_modules/@openai/codex";
  await write("npm/codex", "#!/bin/sh\n");
  await write("npm/codex.cmd", "@exit /b 9\r\n");
  await write("npm/codex.ps1", "exit 9\r\n");
  await write(`${modules}/package.json`, '{"name":"@openai/codex"}');
  await write(`${modules}/bin/codex.js`);
  const platform = `${modules}/node_modules/${PLATFORM_PACKAGE}`;
  await write(`${platform}/bin/codex.exe`, program);
  await write(`${platform}/codex-path/rg.exe`);
  // A script that does not belong to a package.
  await write("scripts/codex.cmd", "@exit /b 9\r\n");
  await write("im g/ünï/a b.png", PNG);
  await write("project/package.json", '{"type":"module"}');
  for (const name of ["@acodex/sdk", "zod"]) {
    const from = `${packages}/${name}`;
    for (const file of await listFiles(from)) {
      const path = file.slice(from.length);
      await write(
        `project/node_modules/${name}${path}`,
        await Deno.readFile(file),
      );
    }
  }
  const programs = new URL("programs/", import.meta.url);
  for await (const { name } of Deno.readDir(programs)) {
    await write(
      `project/${name}`,
      await Deno.readTextFile(new URL(name, programs)),
    );
  }
}
