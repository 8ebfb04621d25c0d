/**
 * The real CLI for Windows, on a machine of the scenarios.
 *
 * @module
 */

import { readProjectFile } from "../project.ts";
import { type Machine, windowsPath } from "./machine.ts";
import { unpackCached } from "./wine.ts";

/** Puts the CLI onto a machine, unless it is there, with a fresh home; gives both as Windows names them. */
export async function realCodexFor(
  machine: Machine,
): Promise<{ codex: string; codexHome: string }> {
  const { imports } = await readProjectFile();
  const version = /\d+\.\d+\.\d+/.exec(imports["@openai/codex"] ?? "")?.[0];
  const unpacked = await unpackCached(
    "windows-codex",
    `@openai/codex@${version}-win32-x64`,
  );
  const folder = `${machine.folder}/real`;
  const program = "vendor/x86_64-pc-windows-msvc/bin/codex.exe";
  await Deno.mkdir(folder, { recursive: true });
  await Deno.copyFile(`${unpacked}/${program}`, `${folder}/codex.exe`);
  const home = await Deno.makeTempDir({ dir: folder, prefix: "home-" });
  // Under Wine it cannot lock the file that it would write this into.
  await Deno.writeTextFile(`${home}/installation_id`, crypto.randomUUID());
  const name = home.slice(home.replaceAll("\\", "/").lastIndexOf("/") + 1);
  return {
    codex: windowsPath(machine, "real", "codex.exe"),
    codexHome: windowsPath(machine, "real", name),
  };
}
