/**
 * The real CLI for Windows, on a machine of the scenarios.
 *
 * @module
 */

import { readProjectFile } from "../project.ts";
import { type Machine, windowsPath } from "./machine.ts";
import { unpackCached } from "./wine.ts";

/** Installs the CLI on a machine, unless it is installed, with a new home; returns the Windows paths of both. */
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
  // Written in advance, as under Wine the CLI cannot lock this file to write it.
  await Deno.writeTextFile(`${home}/installation_id`, crypto.randomUUID());
  const name = home.slice(home.replaceAll("\\", "/").lastIndexOf("/") + 1);
  return {
    codex: windowsPath(machine, "real", "codex.exe"),
    codexHome: windowsPath(machine, "real", name),
  };
}
