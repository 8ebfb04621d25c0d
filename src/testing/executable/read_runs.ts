import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { FakeExecutableRun } from "./fake_executable.ts";

/** The variables that a shell, or awk in it, adds by itself. */
const ADDED = /^(?:_|PWD|OLDPWD|SHLVL|AWKPATH|AWKLIBPATH)$/;

/** Reads the runs of a fake executable from its folder: those that have begun, in order. */
export function readRuns(folder: string): FakeExecutableRun[] {
  const runs: FakeExecutableRun[] = [];
  for (let number = 1;; number += 1) {
    const start = join(folder, `run.${number}`);
    // It is there first; the folder is noted last, and in one piece.
    if (!existsSync(start)) return runs;
    const workingDirectory = read(`${start}.folder`);
    if (!workingDirectory.endsWith("\n")) continue;
    runs.push({
      number,
      argv: read(`${start}.argv`).split("\0").slice(0, -1),
      stdin: existsSync(`${start}.read`) ? read(`${start}.stdin`) : null,
      environmentNames: read(`${start}.env`).split("\n")
        .filter((name) => name !== "" && !ADDED.test(name)).sort(),
      workingDirectory: workingDirectory.slice(0, -1),
    });
  }
}

/** Reads a file; one that is not there holds nothing. */
function read(path: string): string {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}
