import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { FakeExecutableRun } from "./fake_executable.ts";

/** The variables that a shell, or awk, adds to the environment. */
const ADDED = /^(?:_|PWD|OLDPWD|SHLVL|AWKPATH|AWKLIBPATH)$/;

/** Reads the runs of a fake executable from its folder, in the order in which they began. */
export function readRuns(folder: string): FakeExecutableRun[] {
  const runs: FakeExecutableRun[] = [];
  for (let number = 1;; number += 1) {
    const start = join(folder, `run.${number}`);
    // This file is created first; the folder is written last, and in one piece.
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

/** Reads a file; returns an empty string if it does not exist. */
function read(path: string): string {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}
