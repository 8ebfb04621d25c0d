import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";

/**
 * Writes a program that can be started at once. It is copied into place by a process
 * of its own: while this one held it open for writing, a child that another thread
 * starts would hold it too, and the system refuses to run what is being written.
 */
export function writeProgram(path: string, text: string): void {
  const draft = `${path}.draft`;
  writeFileSync(draft, text, { mode: 0o755 });
  try {
    const { status, stderr, error } = spawnSync("cp", ["-f", draft, path], {
      encoding: "utf8",
    });
    if (status !== 0) throw error ?? new Error(stderr);
  } finally {
    rmSync(draft);
  }
}
