/**
 * Windows itself, with the runtimes that are installed on it.
 *
 * @module
 */

import { run } from "../run.ts";
import type { Machine, WindowsRuntime } from "./machine.ts";

/** Returns this machine, which runs Windows, with a new folder for the scenarios. */
export async function thisMachine(folder: string): Promise<Machine> {
  const own = `${folder}\\acodex`;
  await Deno.mkdir(own);
  const system = Deno.env.get("SystemRoot") ?? "C:\\Windows";
  const runtimes: Record<string, WindowsRuntime> = {
    deno: {
      program: Deno.execPath(),
      args: ["run", "--allow-all", "--no-check", "--node-modules-dir=manual"],
    },
  };
  for (const name of ["node", "bun"]) {
    const found = await run("where", [`${name}.exe`]);
    const [program] = found.stdout.split(/\r?\n/);
    if (found.code === 0 && program) runtimes[name] = { program, args: [] };
  }
  return {
    name: "Windows",
    isWine: false,
    folder: own,
    root: own,
    systemPath: `${system}\\System32;${system}`,
    runtimes,
    run,
    // Scenarios that leave processes behind end them themselves.
    close: () => Promise.resolve(),
  };
}
